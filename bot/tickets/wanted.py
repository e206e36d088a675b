"""What a list of tickets is asked for: filters, an order, and where the page begins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode

from bot.db import Row
from bot.tickets.sought import Sought
from router.tickets.ticket import Grade, State, TicketKind

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(TicketKind),
    "state": tuple(State),
    "grade": tuple(Grade),
    "who": ("owner", "handler", "nobody"),
    "due": ("late", "soon"),
}
"""What a filter can be; ``department`` is any, and ``words`` are a number or words."""
LONGEST = 60
LAST = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for the time of what has none, as ``list.sql`` orders it."""


class Order(StrEnum):
    """How lists are ordered: by the column of the row that comes first, then by number."""

    DUE = "next_due"
    """What is open: the next limit first."""
    ARCHIVED = "archived"
    """The archive: the latest first."""
    CREATED = "created"
    """What words are looked for in everywhere: the latest first, by number alone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for."""

    filters: Mapping[str, str]
    after: str = ""
    """The last line of the page before, as ``time_id``."""

    @property
    def query(self) -> str:
        """The filters as an address has them."""
        return urlencode(self.filters)

    @property
    def in_archive(self) -> bool:
        """Whether what has ended is asked for."""
        return self.filters.get("state") in (State.ARCHIVED, State.MERGED)

    @property
    def sought(self) -> Sought | None:
        """The words or the number that is looked for."""
        return Sought(self.filters["words"]) if "words" in self.filters else None

    @property
    def everywhere(self) -> bool:
        """Whether it is looked for in what is open and in the archive alike."""
        return "words" in self.filters and "state" not in self.filters

    @property
    def order(self) -> Order:
        """How the list is ordered."""
        if self.everywhere:
            return Order.CREATED
        return Order.ARCHIVED if self.in_archive else Order.DUE

    @property
    def place(self) -> tuple[datetime, int] | None:
        """Time (aware) and number of the last line of the page before; None where it is the first."""
        at, _, number = self.after.partition("_")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return None
        try:
            return datetime.fromisoformat(at).astimezone(UTC), int(number)
        except ValueError:
            return None


def wanted_of(asked: Mapping[str, str], departments: Mapping[str, object]) -> Wanted:
    """What a request asks for; what it asks wrongly counts as not asked."""
    filters = {name: asked[name] for name, values in CHOICES.items() if asked.get(name) in values}
    if asked.get("department") in departments:
        filters["department"] = asked["department"]
    if words := asked.get("words", "").strip().replace("\x00", "")[:LONGEST]:
        filters["words"] = words
    return Wanted(filters, asked.get("after", ""))


def cursor_of(row: Row, wanted: Wanted) -> str:
    """Where the next page begins."""
    return cursor(row[wanted.order], row["id"])


def cursor(at: datetime | None, number: int) -> str:
    """A line of a list as ``time_id``; what no limit runs for comes last."""
    return f"{(at or LAST).isoformat()}_{number}"
