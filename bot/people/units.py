"""Units: headquarters → province → city → team, the tree that people belong to (clause ``org.levels``)."""

from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from bot.audit.audit import By, Deed, note
from bot.db import Pool
from bot.sql import load

SQL = load(__file__, "units.sql")
HEADQUARTERS = 1
"""The unit above all others; whoever has been given none belongs to it."""


class Level(StrEnum):
    """What a unit is, from the top down."""

    HEADQUARTERS = "headquarters"
    PROVINCE = "province"
    CITY = "city"
    TEAM = "team"


LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the organisation."""

    id: int
    parent: int | None
    level: Level
    name: str
    path: str
    """Ids from below the headquarters down to its own, between slashes."""
    people: int
    """Accounts in use that belong to it itself."""

    @property
    def depth(self) -> int:
        """How many units are above it."""
        return self.path.count("/") - 1


class Unfit(Exception):
    """A unit cannot be added; the message says why."""


async def all_units(pool: Pool) -> list[Unit]:
    """The tree, each unit after the one above it."""
    rows = await pool.fetch(SQL["all"])
    return [
        Unit(row["id"], row["parent"], Level(row["level"]), row["name"], row["path"], row["people"]) for row in rows
    ]


async def add_unit(pool: Pool, parent: int, level: Level, name: str, by: By) -> int:
    """Add a unit below another, of a lower level than that; returns its id.

    Raises:
        Unfit: there is no such parent, the level is not below it, or it has one of that name.
    """
    try:
        async with pool.acquire() as connection, connection.transaction():
            above = await connection.fetchrow(SQL["one"], parent)
            if above is None:
                raise Unfit(f"there is no unit {parent}")
            if LEVELS.index(level) <= LEVELS.index(Level(above["level"])):
                raise Unfit(f"a {level} does not stand below a {above['level']}")
            added: int = await connection.fetchval(SQL["add"], parent, level.value, name)
            await note(connection, by, Deed.UNIT_ADDED, f"unit:{added}", detail=f"{level.value} below unit:{parent}")
            return added
    except asyncpg.UniqueViolationError as error:
        raise Unfit(f"unit {parent} has one called {name}") from error
