"""Hours of a day for tests on a real clock: whenever a test runs, they hold now and for hours to come."""

NOON = 12


def open_at(hour: int) -> str:
    """Service hours that have an end, and are open from ``hour`` of the day on for five hours at the least."""
    return "06:00-05:00" if hour >= NOON else "18:00-17:00"


def closed_at(hour: int) -> str:
    """Service hours of a minute, which are closed from ``hour`` of the day on for six hours at the least."""
    return "06:00-06:01" if hour >= NOON else "18:00-18:01"
