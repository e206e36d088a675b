"""A roster from a CSV or XLSX file: each row says what somebody does on a day, or is named with what is wrong in it."""

from collections.abc import Mapping
from datetime import date

from bot.shifts.shifts import Plan, Shift
from bot.spreadsheets import Table, Wrong, WrongField

COLUMNS = ("login", "day", "shift")
TABLE = Table(COLUMNS, COLUMNS, most=200)


def read(content: bytes, people: Mapping[str, int], shifts: Mapping[str, Shift]) -> list[Plan | Wrong]:
    """Read a file with the columns ``login``, ``day`` (2027-01-31) and ``shift``; an empty shift means off.

    Args:
        content: the file.
        people: ids by log-in.
        shifts: kinds of shifts by code.

    Raises:
        WrongFile: it is none, or lacks a column.
    """

    def row(_line: int, given: Mapping[str, str]) -> Plan:
        if (login := given["login"].lower()) not in people:
            raise WrongField("login", "login", given["login"])
        if given["shift"] and given["shift"] not in shifts:
            raise WrongField("shift", "shift", given["shift"])
        return Plan(people[login], _day(given["day"]), shifts.get(given["shift"]))

    return TABLE.read(content, row, once=("day", lambda plan: (plan.agent_id, plan.day)))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongField("day", "day", text) from None
