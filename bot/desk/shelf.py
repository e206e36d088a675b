"""The wrap-up codes that agents close conversations with."""

from dataclasses import dataclass

from bot.db import Row, Statements
from bot.sql import load

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


async def read_wrapups(pool: Statements, language: str) -> tuple[Group, ...]:
    """The wrap-up codes by heading."""
    groups: dict[str, list[Choice]] = {}
    for row in await pool.fetch(SQL["wrapups"]):
        groups.setdefault(_named(row, "parent", language), []).append(
            Choice(row["code"], _named(row, "label", language))
        )
    return tuple(Group(label, tuple(choices)) for label, choices in groups.items())


async def wrapup_exists(pool: Statements, code: str) -> bool:
    """Whether a conversation can be closed with this code."""
    exists: bool = await pool.fetchval(SQL["wrapup_exists"], code)
    return exists


def _named(row: Row, column: str, language: str) -> str:
    label: str = row[f"{column}_{'en' if language == 'en' else 'zh'}"]
    return label
