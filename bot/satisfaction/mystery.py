"""Visits of mystery shoppers from a CSV or XLSX file (clause ``survey.mystery``), or what is wrong in its rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.audit.audit import By, Deed, note
from bot.db import Pool
from bot.satisfaction.months import Month
from bot.spreadsheets import Table, Wrong, WrongField
from bot.sql import load
from router.scale import Scale

SQL = load(__file__, "mystery.sql")
COLUMNS = ("month", "unit", "outlet", "channel", "score", "scale", "remark")
TABLE = Table(COLUMNS, COLUMNS, most=500)


@dataclass(frozen=True, slots=True)
class Shopped:
    """A visit."""

    month: Month
    unit_id: int | None
    outlet: str | None
    channel: str
    score: int
    """Of 0-100."""
    given: str
    """The score and its scale as the file says them."""
    remark: str


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name."""

    units: Mapping[str, Sequence[int]]
    """Ids by name, and by the names from below the headquarters down, between slashes."""
    outlets: Collection[str]
    channels: Collection[str]
    latest: Month
    """The month that runs; none after it can have been visited."""


def read(content: bytes, known: Known) -> list[Shopped | Wrong]:
    """Read a file with the columns of ``COLUMNS``; each row names a unit or an outlet.

    Args:
        content: the file.
        known: what rows may name.

    Raises:
        WrongFile: it is none, or lacks a column.
    """

    def row(_line: int, given: Mapping[str, str]) -> Shopped:
        try:
            return _shopped(given, known)
        except ValueError as error:
            raise WrongField("", "told", str(error)) from None

    return TABLE.read(content, row)


async def known_names(pool: Pool, channels: Collection[str], latest: Month) -> Known:
    """What rows may name now."""
    units: dict[str, list[int]] = {}
    for row in await pool.fetch(SQL["units"]):
        for name in {row["name"], row["full_name"]}:
            units.setdefault(name, []).append(row["id"])
    outlets = {row["id"] for row in await pool.fetch(SQL["outlets"])}
    return Known(units, outlets, channels, latest)


async def keep(pool: Pool, visits: Sequence[Shopped], by: By, *, source: str) -> None:
    """Keep the visits of whole months, instead of what was imported for these months before; on record."""
    months = sorted({one.month for one in visits})
    rows = [(one.month.first, one.unit_id, one.outlet, one.channel, one.score, one.given, one.remark) for one in visits]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["clear"], [month.first for month in months])
        await connection.execute(SQL["add"], *map(list, zip(*rows, strict=True)))
        detail = f"{len(visits)} rows of {source}: {', '.join(map(str, months))}"
        await note(connection, by, Deed.MYSTERY_IMPORTED, detail=detail)


def _shopped(given: Mapping[str, str], known: Known) -> Shopped:
    """Raises: ValueError where the row does not hold."""
    month = Month.parse(given["month"])
    if month > known.latest:
        raise ValueError(f"{month} has not come yet")
    if bool(given["unit"]) == bool(given["outlet"]):
        raise ValueError("either a unit or an outlet is expected")
    if given["outlet"] and given["outlet"] not in known.outlets:
        raise ValueError(f"there is no outlet {given['outlet']}")
    if given["channel"] not in known.channels:
        raise ValueError(f"there is no channel {given['channel']}")
    score = Scale.parse(given["scale"]).normalised(given["score"])
    said = f"{given['score']} ({given['scale']})"
    unit = _unit(given["unit"], known) if given["unit"] else None
    return Shopped(month, unit, given["outlet"] or None, given["channel"], score, said, given["remark"])


def _unit(name: str, known: Known) -> int:
    found = known.units.get(name, ())
    if not found:
        raise ValueError(f"there is no unit {name}")
    if len(found) > 1:
        raise ValueError(f"{name} is the name of {len(found)} units; write it as province/city/team")
    return found[0]
