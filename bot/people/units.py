"""Units: headquarters → province → city → team, the tree that people belong to (clause ``org.levels``)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Row, Statements
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


class Misfit(StrEnum):
    """Why a unit cannot be what somebody wants."""

    NOWHERE = "nowhere"
    """There is no such unit."""
    LEVEL = "level"
    """A level does not stand below that one."""
    TWICE = "twice"
    """The unit above has one of that name."""
    INSIDE = "inside"
    """It would stand below itself."""
    ROOT = "root"
    """The headquarters stays where it is."""
    USED = "used"
    """People or units belong to it."""


class Unfit(Exception):
    """A unit cannot be what somebody wants; the message says why.

    Args:
        said: the message.
        why: the same in a word.
    """

    def __init__(self, said: str, why: Misfit) -> None:
        super().__init__(said)
        self.why = why


async def all_units(pool: Pool) -> list[Unit]:
    """The tree, each unit after the one above it."""
    rows = await pool.fetch(SQL["all"])
    return [
        Unit(row["id"], row["parent"], Level(row["level"]), row["name"], row["path"], row["people"]) for row in rows
    ]


async def people_by_unit(pool: Pool) -> Mapping[int, Sequence[Row]]:
    """Who belongs to each unit itself: ``id``, ``login``, ``name`` and ``role``; accounts in use alone."""
    found: dict[int, list[Row]] = {}
    for row in await pool.fetch(SQL["people"]):
        found.setdefault(row["unit_id"], []).append(row)
    return found


async def add_unit(pool: Pool, parent: int, level: Level, name: str, by: By) -> int:
    """Add a unit below another, of a lower level than that; returns its id.

    Raises:
        Unfit: there is no such parent, the level is not below it, or it has one of that name.
    """
    async with _changing(pool) as connection:
        _require_below(level, await _one(connection, parent))
        added: int = await connection.fetchval(SQL["add"], parent, level.value, name)
        await note(connection, by, Deed.UNIT_ADDED, f"unit:{added}", detail=f"{level.value} below unit:{parent}")
        return added


async def rename_unit(pool: Pool, unit: int, name: str, by: By) -> None:
    """Call a unit otherwise.

    Raises:
        Unfit: there is no such unit, or the one above it has one of that name.
    """
    async with _changing(pool) as connection:
        before = await _one(connection, unit)
        await connection.execute(SQL["rename"], unit, name)
        await note(connection, by, Deed.UNIT_RENAMED, f"unit:{unit}", detail=f"{before['name']} -> {name}")


async def move_unit(pool: Pool, unit: int, parent: int, by: By) -> None:
    """Put a unit with all below it under another one.

    Raises:
        Unfit: it is the headquarters, the other is below it or of no higher level, or has one of that name.
    """
    async with _changing(pool) as connection:
        moved, above = await _one(connection, unit), await _one(connection, parent)
        await _hang(connection, moved, above)
        detail = f"unit:{moved['parent']} -> unit:{parent}"
        await note(connection, by, Deed.UNIT_MOVED, f"unit:{unit}", detail=detail)


async def merge_unit(pool: Pool, unit: int, into: int, by: By) -> None:
    """Let people and units of one unit belong to another, and close it.

    Raises:
        Unfit: it is the headquarters, the other is below it, or what is below it does not fit below the other.
    """
    async with _changing(pool) as connection:
        closed, other = await _one(connection, unit), await _one(connection, into)
        _require_outside(closed, other)
        for child in await connection.fetch(SQL["below"], unit):
            await _hang(connection, child, other)
        await connection.execute(SQL["rehouse"], unit, into)
        await connection.execute(SQL["remove"], unit)
        await note(connection, by, Deed.UNIT_CLOSED, f"unit:{unit}", detail=f"{closed['name']} into unit:{into}")


async def close_unit(pool: Pool, unit: int, by: By) -> None:
    """Close a unit that nobody belongs to; accounts out of use go to the unit above.

    Raises:
        Unfit: it is the headquarters, or people or units belong to it.
    """
    async with _changing(pool) as connection:
        closed = await _one(connection, unit)
        if closed["parent"] is None:
            raise Unfit("the headquarters stays", Misfit.ROOT)
        if await connection.fetchval(SQL["busy"], unit) or await connection.fetch(SQL["below"], unit):
            raise Unfit(f"people or units belong to unit {unit}", Misfit.USED)
        await connection.execute(SQL["rehouse"], unit, closed["parent"])
        await connection.execute(SQL["remove"], unit)
        await note(connection, by, Deed.UNIT_CLOSED, f"unit:{unit}", detail=closed["name"])


@asynccontextmanager
async def _changing(pool: Pool) -> AsyncIterator[Statements]:
    """A transaction in which nobody else changes the tree. Raises: Unfit where a name would stand twice."""
    try:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(SQL["lock"])
            yield connection
    except asyncpg.UniqueViolationError as error:
        raise Unfit("the unit above has one of that name", Misfit.TWICE) from error


async def _one(database: Statements, unit: int) -> Row:
    """Raises: Unfit where there is no such unit."""
    found = await database.fetchrow(SQL["one"], unit)
    if found is None:
        raise Unfit(f"there is no unit {unit}", Misfit.NOWHERE)
    return found


async def _hang(database: Statements, unit: Row, above: Row) -> None:
    """Put a unit with all below it under another one. Raises: Unfit."""
    _require_outside(unit, above)
    _require_below(Level(unit["level"]), above)
    await database.execute(SQL["hang"], unit["id"], above["id"])
    await database.execute(SQL["repath"], unit["path"], f"{above['path']}{unit['id']}/")


def _require_outside(unit: Row, other: Row) -> None:
    if Level(unit["level"]) is Level.HEADQUARTERS:
        raise Unfit("the headquarters stays", Misfit.ROOT)
    if other["path"].startswith(unit["path"]):
        raise Unfit(f"unit {other['id']} is unit {unit['id']} or below it", Misfit.INSIDE)


def _require_below(level: Level, above: Row) -> None:
    if LEVELS.index(level) <= LEVELS.index(Level(above["level"])):
        raise Unfit(f"a {level} does not stand below a {above['level']}", Misfit.LEVEL)
