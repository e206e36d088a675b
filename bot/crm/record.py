"""What the operator's CRM knows of a customer, and who can be asked for it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from router.forms.form import veiled

MONTHS = 3
"""Whose consumption is kept."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
HIDDEN = "****"


class Month(Struct, frozen=True):
    """What a customer spent in a month."""

    month: str
    """Such as ``2026-10``."""
    spent: int
    """In fen."""


class Record(Struct, frozen=True, forbid_unknown_fields=False):
    """A customer as the operator's CRM knows them. Money is in fen."""

    number: str
    """The operator's own number of the customer."""
    name: str = ""
    region: str = ""
    level: str = ""
    package: str = ""
    balance: int | None = None
    consumption: tuple[Month, ...] = ()
    """The last three months, the latest first."""
    since: date | None = None
    """When they became a customer."""
    broadband: str = ""
    id_tail: str = ""
    """The last four characters of their identity number, as the CRM tells them; kept as a keyed hash only."""
    real_name: bool | None = None
    """Whether their identity is registered as the law asks; None where nobody says."""

    def masked(self) -> "Masked":
        """What people may see without a reason."""
        spent = tuple((month.month, HIDDEN) for month in self.consumption)
        return Masked(
            self,
            veiled(self.number),
            f"{self.name[:1]}{'*' * (len(self.name) - 1)}",
            HIDDEN if self.balance is not None else "",
            spent,
        )

    def whole(self) -> "Masked":
        """What people may see who gave a reason."""
        spent = tuple((month.month, yuan(month.spent)) for month in self.consumption)
        balance = "" if self.balance is None else yuan(self.balance)
        return Masked(self, self.number, self.name, balance, spent)


@dataclass(frozen=True, slots=True)
class Masked:
    """A record with its private parts as they are to be shown."""

    record: Record
    number: str
    name: str
    balance: str
    consumption: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A record, and how old the word is."""

    record: Record
    told: datetime
    """When the CRM said so (aware UTC)."""
    stale: bool = False
    """Whether the CRM should have been asked again and did not answer."""


class Crm(Protocol):
    """Knows customers."""

    async def find(self, customer: int) -> Found | None:
        """What is known of one of our customers; None for one that the CRM does not know."""
        ...


def yuan(fen: int) -> str:
    """An amount as people write it: 128.50."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
