"""A month as people name it, and when it begins and ends in the operator's zone."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Self

_NAME = re.compile(r"(?P<year>2[0-9]{3})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a month such as ``2027-01``.

        Raises:
            ValueError: it is none.
        """
        found = _NAME.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no month such as 2027-01")
        return cls(int(found["year"]), int(found["month"]))

    @classmethod
    def of(cls, at: datetime, zone: tzinfo) -> Self:
        """The month of a moment in a zone."""
        local = at.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def before(self) -> "Month":
        """The month before this one."""
        return Month(self.year, self.month - 1) if self.month > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> "Month":
        """The month after this one."""
        return Month(self.year, self.month + 1) if self.month < 12 else Month(self.year + 1, 1)

    def begins(self, zone: tzinfo) -> datetime:
        """Its first moment in a zone, in UTC."""
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)
