"""Visits of mystery shoppers from a CSV file (clause ``survey.mystery``), or what is wrong in its rows."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.audit.audit import By, Deed, note
from bot.db import Pool
from bot.satisfaction.months import Month
from bot.sql import load
from router.scale import Scale

SQL = load(__file__, "mystery.sql")
COLUMNS = ("month", "unit", "outlet", "channel", "score", "scale", "remark")
MOST = 500
"""Characters of a remark."""


class WrongFile(Exception):
    """It is no such file; the message says why."""


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
class Wrong:
    """A row that does not hold."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name."""

    units: Mapping[str, Sequence[int]]
    """Ids by name, and by the names from below the headquarters down, between slashes."""
    outlets: Collection[str]
    channels: Collection[str]
    latest: Month
    """The month that runs; none after it can have been visited."""


def read(data: bytes, known: Known) -> list[Shopped | Wrong]:
    """Read a file with the columns of ``COLUMNS``; each row names a unit or an outlet.

    Args:
        data: UTF-8, with or without a mark at its beginning.
        known: what rows may name.

    Raises:
        WrongFile: it is no UTF-8 or no CSV, or lacks a column.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise WrongFile(f"the column {missing[0]} is missing")
        return [_row(reader.line_num, row, known) for row in reader]
    except UnicodeDecodeError as error:
        raise WrongFile("it is not UTF-8") from error
    except csv.Error as error:
        raise WrongFile(f"it is no CSV: {error}") from error


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


def _row(line: int, row: Mapping[str | None, str | list[str] | None], known: Known) -> Shopped | Wrong:
    try:
        return _shopped({name: str(row.get(name) or "").strip() for name in COLUMNS}, known, beyond=None in row)
    except ValueError as error:
        return Wrong(line, str(error))


def _shopped(given: Mapping[str, str], known: Known, *, beyond: bool) -> Shopped:
    """Raises: ValueError where the row does not hold."""
    if beyond:
        raise ValueError("there are more fields than columns")
    month = Month.parse(given["month"])
    if month > known.latest:
        raise ValueError(f"{month} has not come yet")
    if bool(given["unit"]) == bool(given["outlet"]):
        raise ValueError("either a unit or an outlet is expected")
    if given["outlet"] and given["outlet"] not in known.outlets:
        raise ValueError(f"there is no outlet {given['outlet']}")
    if given["channel"] not in known.channels:
        raise ValueError(f"there is no channel {given['channel']}")
    if len(given["remark"]) > MOST or "\x00" in given["remark"]:
        raise ValueError(f"the remark has more than {MOST} characters, or some that cannot be kept")
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
