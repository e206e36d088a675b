"""Weeks of complaints: when those of a topic come that grow, and what the weeks before looked like."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.data import Trouble
from bot.demo.office.data import Topic
from router.tickets.surges import WEEKS
from router.tickets.ticket import TicketKind

BACK = WEEKS + 1
"""Weeks of which the system before tells: those of a baseline, and one that may have begun amid a week."""
USUAL = (2, 3, 3, 4, 4)
"""Complaints of a topic in a week."""
GROWN = 12
"""So many more come in a week in which a topic grows."""
OPEN = (time(9), timedelta(hours=10))
"""When complaints come on a day, and for how long."""

Case = tuple[datetime, Trouble]
"""Something that a customer complains about, and when (aware)."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks before and in the demo's time, of which complaints come at which moments.

    Args:
        zone: the operator's, in which weeks begin on Monday.
        chance: when on a day.
    """

    zone: ZoneInfo
    chance: Random

    def before(self, moment: datetime) -> datetime:
        """The Monday with which the last whole week before a moment begins."""
        day = moment.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday() + 7)
        return datetime.combine(monday, time(), self.zone)

    def grown(self, topic: Topic, monday: datetime) -> list[Case]:
        """What comes more in a week in which a topic grows."""
        return [(self._in(monday), self.chance.choice(topic.troubles)) for _ in range(GROWN)]

    def usual(self, troubles: Sequence[Trouble], start: datetime) -> Iterator[Case]:
        """What came in the weeks before a start: some complaints of each topic, and one matter of each other kind."""
        first = self.before(start) - timedelta(weeks=BACK - 1)
        for week in range(BACK + 1):
            for trouble in troubles:
                often = self.chance.choice(USUAL) if trouble.kind is TicketKind.COMPLAINT else 1
                for _ in range(often):
                    yield self._in(first + timedelta(weeks=week)), trouble

    def _in(self, monday: datetime) -> datetime:
        begin, long = OPEN
        day = monday.date() + timedelta(days=self.chance.randrange(7))
        return datetime.combine(day, begin, self.zone) + self.chance.random() * long
