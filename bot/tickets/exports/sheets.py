"""Rows as the bytes of a CSV or XLSX file in which nothing that a customer wrote is ever taken for a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from xlsxwriter import Workbook

Cell = str | int | datetime | None
"""Moments are naive, in the operator's zone."""
MARK = b"\xef\xbb\xbf"
"""By which spreadsheets know UTF-8."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With what spreadsheets take the text of a CSV cell for a formula; some take the wide forms as well."""
MINUTE = "%Y-%m-%d %H:%M"
WIDTH = 18
"""Characters of a column."""


class Sheet(Protocol):
    """A file under way."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        ...

    def content(self) -> bytes:
        """The whole file; nothing is added any more."""
        ...


class CsvSheet:
    """CSV after RFC 4180 in UTF-8 with a mark."""

    def __init__(self, heads: Sequence[str]) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(heads)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""
        self._writer.writerows([_plain(cell) for cell in row] for row in rows)

    def content(self) -> bytes:
        """The whole file."""
        return MARK + self._text.getvalue().encode()


class XlsxSheet:
    """One sheet of an Office Open XML workbook, with its heads in sight and filters on them."""

    def __init__(self, heads: Sequence[str]) -> None:
        self._bytes = io.BytesIO()
        self._book = Workbook(self._bytes, {"constant_memory": True})
        self._sheet = self._book.add_worksheet()
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._next = 1
        self._heads = len(heads)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(heads) - 1, WIDTH)
        bold = self._book.add_format({"bold": True})
        for place, head in enumerate(heads):
            self._sheet.write_string(0, place, head, bold)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows; each text is written as a text, whatever it begins with."""
        for row in rows:
            for place, cell in enumerate(row):
                self._write(place, cell)
            self._next += 1

    def content(self) -> bytes:
        """The whole file."""
        self._sheet.autofilter(0, 0, self._next - 1, self._heads - 1)
        self._book.close()
        return self._bytes.getvalue()

    def _write(self, place: int, cell: Cell) -> None:
        match cell:
            case None:
                return
            case datetime():
                self._sheet.write_datetime(self._next, place, cell, self._moment)
            case int():
                self._sheet.write_number(self._next, place, cell)
            case str():
                self._sheet.write_string(self._next, place, cell)


SHEETS: Mapping[str, type[CsvSheet] | type[XlsxSheet]] = MappingProxyType({"csv": CsvSheet, "xlsx": XlsxSheet})
TYPES: Mapping[str, str] = MappingProxyType(
    {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
)
"""MIME types by format."""


def harmless(text: str) -> str:
    """A text as a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.strftime(MINUTE)
        case str():
            return harmless(cell)
        case _:
            return cell
