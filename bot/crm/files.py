"""Customers from a CSV or XLSX file: each row is a record, or is named with what is wrong in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from bot.crm.record import MONTH, MONTHS, Month, Record
from bot.spreadsheets import Table, Wrong, WrongField
from router.binding import phone_in
from router.forms.challenge import TAIL

COLUMNS = (
    "number", "phone", "name", "region", "level", "package", "balance", "consumption", "since", "broadband",
    "real_name", "id_tail",
)  # fmt: skip
TABLE = Table(COLUMNS, ("number",), most=200)
T = TypeVar("T")

YES, NO = frozenset({"是", "已实名", "yes", "true", "1"}), frozenset({"否", "未实名", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds."""

    record: Record
    phone: str
    """The telephone number, or empty."""


def read(content: bytes) -> list[Row | Wrong]:
    """Read a file with some of ``COLUMNS``.

    Raises:
        WrongFile: it is none.
    """
    return TABLE.read(content, _row, once=("number", lambda row: row.record.number))


def _row(_line: int, given: Mapping[str, str]) -> Row:
    if not given["number"]:
        raise WrongField("number", "empty")
    phone = phone_in(given["phone"])
    if given["phone"] and not phone:
        raise WrongField("phone", "mobile")
    if given["id_tail"] and not TAIL.fullmatch(given["id_tail"]):
        raise WrongField("id_tail", "id_tail")
    balance = _read("balance", given["balance"], _fen)
    record = Record(
        number=given["number"],
        name=given["name"],
        region=given["region"],
        level=given["level"],
        package=given["package"],
        balance=balance,
        consumption=_read("consumption", given["consumption"], _months) or (),
        since=_read("since", given["since"], date.fromisoformat),
        broadband=given["broadband"],
        id_tail=given["id_tail"],
        real_name=_read("real_name", given["real_name"], _flag),
    )
    return Row(record, phone)


def _read(name: str, text: str, parse: Callable[[str], T]) -> T | None:
    if not text:
        return None
    try:
        return parse(text)
    except (ValueError, InvalidOperation) as error:
        raise WrongField(name, "misread", text) from error


def _fen(text: str) -> int:
    fen = Decimal(text) * 100
    if not fen.is_finite() or fen != int(fen) or abs(fen) > 10**12:
        raise ValueError(text)
    return int(fen)


def _months(text: str) -> tuple[Month, ...]:
    """``2026-10:128.50;2026-09:99`` as months, the latest first."""
    months = []
    for one in text.split(";"):
        month, _, spent = one.strip().partition(":")
        if not MONTH.fullmatch(month):
            raise ValueError(one)
        months.append(Month(month, _fen(spent)))
    return tuple(sorted(months, key=lambda month: month.month, reverse=True)[:MONTHS])


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise ValueError(text)
    return text.lower() in YES
