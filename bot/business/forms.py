"""Guided business: the forms that come with the house, read from the router's folder, and those that were published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import router
from bot.db import Statements
from bot.sql import load
from router.dialogue import plain
from router.forms.form import Form
from router.forms.table import parse

SQL = load(__file__, "forms.sql")
FOLDER = Path(router.__file__).parent / "forms"

_parsed = cache(parse)


@dataclass(frozen=True, slots=True)
class Editions:
    """All versions of all forms."""

    latest: Mapping[str, Form]
    """By id, the highest version, in the order of their ids: what begins now."""
    all: Mapping[tuple[str, int], Form]
    """By id and version: what is under way or on record."""

    @property
    def phrases(self) -> Mapping[str, str]:
        """The form that a whole message begins, by the message as it is compared."""
        return MappingProxyType({plain(said): form.id for form in self.latest.values() for said in form.phrases})

    def of(self, name: str, version: int) -> Form | None:
        """A form in one of its versions; in its latest where that one is no longer known."""
        return self.all.get((name, version)) or self.latest.get(name)


def _editions(forms: Iterable[Form]) -> Editions:
    known = {(form.id, form.version): form for form in forms}
    ordered = [known[key] for key in sorted(known)]
    return Editions(MappingProxyType({form.id: form for form in ordered}), MappingProxyType(known))


@cache
def shipped() -> Editions:
    """The forms that come with the house. Raises: StandardError where one does not hold."""
    files = sorted(FOLDER.glob("*.toml"))
    return _editions(_parsed(file.stem, file.read_text(encoding="utf-8")) for file in files)


async def read_editions(database: Statements) -> Editions:
    """The forms that come with the house together with those that were published; these win over the same version."""
    rows = await database.fetch(SQL["published"])
    return _editions([*shipped().all.values(), *(_parsed(row["id"], row["text"]) for row in rows)])


def shipped_forms() -> Mapping[str, Form]:
    """The same, by id."""
    return shipped().latest


def shipped_phrases() -> Mapping[str, str]:
    """The form that a whole message begins, of those that come with the house."""
    return shipped().phrases
