"""Customers from a CSV file: each row is a record, or is named with what is wrong in it."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from bot.crm.record import MONTH, MONTHS, Month, Record
from router.binding import phone_in
from router.forms.challenge import TAIL

COLUMNS = (
    "number", "phone", "name", "region", "level", "package", "balance", "consumption", "since", "broadband",
    "real_name", "id_tail",
)  # fmt: skip
T = TypeVar("T")

MOST = 200
"""Characters of a field."""
YES, NO = frozenset({"是", "已实名", "yes", "true", "1"}), frozenset({"否", "未实名", "no", "false", "0"})


class WrongFile(Exception):
    """The file as a whole cannot be read; the message says why."""


class _WrongField(Exception):
    """A field does not hold; the message names it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds."""

    record: Record
    phone: str
    """The telephone number, or empty."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that does not."""

    line: int
    why: str


def read(content: bytes) -> list[Row | Wrong]:
    """Read a file in UTF-8, with or without a mark, or GB 18030, as spreadsheets write it in China.

    Raises:
        WrongFile: it is in neither encoding, or its columns are not those of ``COLUMNS``.
    """
    lines = csv.DictReader(io.StringIO(_text(content), newline=""))
    names = lines.fieldnames or []
    if unknown := [name for name in names if name not in COLUMNS]:
        raise WrongFile(f"unknown column {unknown[0]!r}; known are {', '.join(COLUMNS)}")
    if "number" not in names:
        raise WrongFile('the column "number" is missing')
    return list(_rows(lines))


def _rows(lines: "csv.DictReader[str]") -> Iterable[Row | Wrong]:
    seen: set[str] = set()
    for fields in lines:
        try:
            row = _row(fields)
            if row.record.number in seen:
                raise _WrongField(f"number: {row.record.number} stands twice")
        except _WrongField as error:
            yield Wrong(lines.line_num, str(error))
            continue
        seen.add(row.record.number)
        yield row


def _row(fields: Mapping[str | None, str | None]) -> Row:
    if None in fields:
        raise _WrongField("more fields than columns")
    given = {name: (fields.get(name) or "").strip() for name in COLUMNS}
    if long := [name for name, value in given.items() if len(value) > MOST or "\x00" in value]:
        raise _WrongField(f"{long[0]}: {MOST} characters at most")
    if not given["number"]:
        raise _WrongField("number: is missing")
    phone = phone_in(given["phone"])
    if given["phone"] and not phone:
        raise _WrongField("phone: is no mobile number")
    if given["id_tail"] and not TAIL.fullmatch(given["id_tail"]):
        raise _WrongField("id_tail: is not the last four characters of an identity number")
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
        raise _WrongField(f"{name}: {text!r} does not hold") from error


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


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFile("it is neither in UTF-8 nor in GB 18030")
