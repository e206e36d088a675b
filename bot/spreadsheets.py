"""Tables as CSV files: written so that spreadsheets open them as they are meant, and read as these write them."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

MARK = "\ufeff"
"""By it spreadsheets know UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet may take for a formula."""


class WrongFile(Exception):
    """The file as a whole cannot be read; the message says why."""


class WrongField(Exception):
    """A field does not hold; the message names it."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that does not hold."""

    line: int
    why: str


def csv_of(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """A file of rows. Numbers stay numbers, None is an empty cell, and texts can never be formulas."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return (MARK + text.getvalue()).encode()


def lines_of(content: bytes, columns: Sequence[str], needed: Collection[str]) -> "csv.DictReader[str]":
    """The rows of a file in UTF-8, with or without a mark, or GB 18030, as spreadsheets write it in China.

    Args:
        content: the file.
        columns: what it may have.
        needed: what it must have.

    Raises:
        WrongFile: it is in neither encoding, or its columns are others.
    """
    lines = csv.DictReader(io.StringIO(_text(content), newline=""))
    names = lines.fieldnames or []
    if unknown := [name for name in names if name not in columns]:
        raise WrongFile(f"unknown column {unknown[0]!r}; known are {', '.join(columns)}")
    if missing := [name for name in columns if name in needed and name not in names]:
        raise WrongFile(f'the column "{missing[0]}" is missing')
    return lines


def fields_of(row: Mapping[str | None, str | None], columns: Sequence[str], *, most: int) -> Mapping[str, str]:
    """The fields of a row without the blanks around them; those that are not there are empty.

    Raises:
        WrongField: one is longer than so many characters, cannot be kept, or stands beyond the columns.
    """
    if None in row:
        raise WrongField("more fields than columns")
    given = {name: (row.get(name) or "").strip() for name in columns}
    if long := [name for name, value in given.items() if len(value) > most or "\x00" in value]:
        raise WrongField(f"{long[0]}: {most} characters at most")
    return given


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFile("it is neither in UTF-8 nor in GB 18030")


def _cell(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULAS) else value
