"""A roster from a CSV file: each row says what somebody does on a day, or is named with what is wrong in it."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.shifts.shifts import Plan, Shift

COLUMNS = ("login", "day", "shift")


class WrongFile(Exception):
    """It is no roster; the message says why."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that does not hold."""

    line: int
    why: str


def read(data: bytes, people: Mapping[str, int], shifts: Mapping[str, Shift]) -> list[Plan | Wrong]:
    """Read a file with the columns ``login``, ``day`` (2027-01-31) and ``shift``; an empty shift means off.

    Args:
        data: UTF-8, with or without a mark at its beginning.
        people: ids by log-in.
        shifts: kinds of shifts by code.

    Raises:
        WrongFile: it is no UTF-8, or lacks a column.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    except UnicodeDecodeError as error:
        raise WrongFile("it is not UTF-8") from error
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise WrongFile(f"the column {missing[0]} is missing")
    found: list[Plan | Wrong] = []
    seen: set[tuple[int, date]] = set()
    for row in reader:
        one = _row(reader.line_num, row, people, shifts)
        if isinstance(one, Plan) and (one.agent_id, one.day) in seen:
            one = Wrong(reader.line_num, "this person and day stand above already")
        if isinstance(one, Plan):
            seen.add((one.agent_id, one.day))
        found.append(one)
    return found


def _row(
    line: int, row: Mapping[str, str | None], people: Mapping[str, int], shifts: Mapping[str, Shift]
) -> Plan | Wrong:
    login, day, code = ((row.get(name) or "").strip() for name in COLUMNS)
    if login.lower() not in people:
        return Wrong(line, f"there is no log-in {login}")
    if code and code not in shifts:
        return Wrong(line, f"there is no shift {code}")
    try:
        return Plan(people[login.lower()], date.fromisoformat(day), shifts.get(code))
    except ValueError:
        return Wrong(line, f"{day} is no day such as 2027-01-31")
