"""What agents reach for: wrap-up codes and canned replies."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.db import Row, Statements
from bot.sql import load
from bot.words import fill

SQL = load(__file__, "shelf.sql")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick: its code and its name in the agent's language."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Wrap-up codes under one heading."""

    label: str
    """Empty for codes without a heading."""
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Canned:
    """A canned reply, filled in for this conversation."""

    key: str
    title: str
    text: str


async def read_wrapups(pool: Statements, language: str) -> tuple[Group, ...]:
    """The wrap-up codes by heading."""
    groups: dict[str, list[Choice]] = {}
    for row in await pool.fetch(SQL["wrapups"]):
        groups.setdefault(_named(row, "parent", language), []).append(
            Choice(row["code"], _named(row, "label", language))
        )
    return tuple(Group(label, tuple(choices)) for label, choices in groups.items())


async def read_canned(pool: Statements, fields: Sequence[tuple[str, str]]) -> tuple[Canned, ...]:
    """The canned replies with ``{name}`` fields filled from the given values; stored text is never a template."""
    rows = await pool.fetch(SQL["canned"])
    return tuple(Canned(row["key"], row["title"], fill(row["text"], fields)) for row in rows)


async def wrapup_exists(pool: Statements, code: str) -> bool:
    """Whether a conversation can be closed with this code."""
    exists: bool = await pool.fetchval(SQL["wrapup_exists"], code)
    return exists


def _named(row: Row, column: str, language: str) -> str:
    label: str = row[f"{column}_{'en' if language == 'en' else 'zh'}"]
    return label
