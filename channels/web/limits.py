"""How much one contact and one address on the network may ask of a door, before it is told to slow down.

Each process keeps its own marks. That is a choice: these limits guard the process's own time, and a shared count would
cost every message a call to Redis and fail with it. With several processes behind a balancer a client gets that many
times as much, which changes nothing in what they are for. How fast one contact is answered is the router's business.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic
from typing import NamedTuple

MOST_KNOWN = 50_000
"""Marks that are kept; those used longest ago are forgotten first."""
ROUNDING = 1e-6
"""Seconds that sums of fractions may be off."""


class Limit(NamedTuple):
    """So many at once after a rest, and so many a second from then on."""

    burst: int
    per_second: float


SESSIONS = Limit(120, 2.0)
"""Sessions opened from one address; a carrier's customers share one, but open a session once in months."""
STRANGERS = Limit(60, 1.0)
"""Unknown tokens shown from one address."""
TRAFFIC = Limit(1_200, 60.0)
"""Messages and uploads from one address."""
MESSAGES = Limit(60, 2.0)
"""Messages of one contact."""
UPLOADS = Limit(20, 0.25)
"""Files of one contact."""
HINTS = Limit(60, 5.0)
"""Receipts and typing of one contact; over a socket, its pace counts."""
READS = Limit(120, 10.0)
"""Questions of one contact for messages and their like."""


class TooMany(Exception):
    """A client asks too much.

    Args:
        after: seconds until the next request is taken.
    """

    def __init__(self, after: float) -> None:
        super().__init__("too_many_requests")
        self.after = after


class Limits:
    """The marks of one door: each runs ahead of the clock by what has been asked.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._marks: OrderedDict[tuple[Limit, Hashable], float] = OrderedDict()

    def take(self, limit: Limit, who: Hashable) -> None:
        """Count one request. Raises: TooMany, and then it is not counted."""
        now, key, every = self._clock(), (limit, who), 1 / limit.per_second
        mark = max(self._marks.get(key, 0.0), now)
        if (early := mark - now - (limit.burst - 1) * every) > ROUNDING:
            raise TooMany(early)
        self._marks[key] = mark + every
        self._marks.move_to_end(key)
        if len(self._marks) > MOST_KNOWN:
            self._marks.popitem(last=False)
