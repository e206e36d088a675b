"""Tables as files: CSV is written so that spreadsheets open it as it is meant; CSV and XLSX are read row by row."""

import csv
import io
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot import workbooks
from bot.words import fill, words

MARK = "\ufeff"
"""By it spreadsheets know UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet may take for a formula."""
MOST_ROWS = 100_000
"""Of a file, empty ones among them."""

T = TypeVar("T")


class WrongFile(Exception):
    """The file as a whole cannot be read.

    Args:
        what: the word ``table.file.*`` that says why.
        value: what is named in it.
    """

    def __init__(self, what: str, value: str = "") -> None:
        super().__init__(_said("en", f"file.{what}", value))
        self.what, self.value = what, value

    def told(self, language: str) -> str:
        """Why, in words."""
        return _said(language, f"file.{self.what}", self.value)


class WrongField(Exception):
    """A field does not hold.

    Args:
        column: whose; empty where it is the row as a whole.
        what: the word ``table.wrong.*`` that says why.
        value: what is named in it.
    """

    def __init__(self, column: str, what: str, value: str = "") -> None:
        super().__init__(column, what, value)
        self.column, self.what, self.value = column, what, value


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that does not hold."""

    line: int
    """In a sheet its row."""
    column: str
    what: str
    value: str = ""

    @property
    def why(self) -> str:
        """What is wrong, as command lines say it."""
        said = self.told("en")
        return f"{self.column}: {said}" if self.column else said

    def told(self, language: str) -> str:
        """What is wrong with its column, in words."""
        return _said(language, f"wrong.{self.what}", self.value)


Row = tuple[int, Mapping[str, str]]
"""Its line, and its fields by column, without the blanks around them."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file may look like."""

    columns: Sequence[str]
    """What it may have."""
    needed: Collection[str]
    """What it must have."""
    most: int
    """Characters of a field."""
    called: Mapping[str, str] = field(default_factory=dict)
    """Columns by what else they may be called."""

    def read(
        self,
        content: bytes,
        parse: Callable[[int, Mapping[str, str]], T],
        *,
        once: tuple[str, Callable[[T], Hashable]] | None = None,
    ) -> list[T | Wrong]:
        """Read CSV in UTF-8, with or without a mark, or GB 18030, as spreadsheets write it in China; or XLSX.

        Args:
            content: the file.
            parse: makes something of a row's line and fields; raises WrongField where it does not hold.
            once: a column, and of what a row became the key that comes once.

        Raises:
            WrongFile: it is in none of these, or its columns are others.
        """
        found: list[T | Wrong] = []
        seen: set[Hashable] = set()
        rows = _numbered(content)
        names = self._names(next(rows, (0, []))[1])
        for line, cells in rows:
            try:
                fields = self._fields(names, cells)
                made = parse(line, fields)
                if once is not None and once[1](made) in seen:
                    raise WrongField(once[0], "twice", fields[once[0]])
            except WrongField as error:
                found.append(Wrong(line, error.column, error.what, error.value))
                continue
            if once is not None:
                seen.add(once[1](made))
            found.append(made)
        return found

    def _names(self, heads: Sequence[str]) -> Sequence[str]:
        names = [self.called.get(head.strip(), head.strip()) for head in heads]
        if unknown := [name for name in names if name not in self.columns]:
            raise WrongFile("unknown", f"{unknown[0]!r} ({', '.join(self.columns)})")
        if missing := [name for name in self.columns if name in self.needed and name not in names]:
            raise WrongFile("missing", missing[0])
        return names

    def _fields(self, names: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
        if len(cells) > len(names):
            raise WrongField("", "beyond")
        fields = dict.fromkeys(self.columns, "") | {
            name: cell.strip() for name, cell in zip(names, cells, strict=False)
        }
        for name, value in fields.items():
            if len(value) > self.most or "\x00" in value:
                raise WrongField(name, "long", str(self.most))
        return fields


def csv_of(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """A file of rows. Numbers stay numbers, None is an empty cell, and texts can never be formulas."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return (MARK + text.getvalue()).encode()


def _numbered(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows with the lines on which they end, without empty ones. Raises: WrongFile."""
    rows = _sheet(content) if content.startswith(workbooks.BEGINS) else _lines(content)
    for place, (line, cells) in enumerate(rows):
        if place > MOST_ROWS:
            raise WrongFile("rows", str(MOST_ROWS))
        if any(cells):
            yield line, cells


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(workbooks.rows_of(content), 1)
    except workbooks.NoWorkbook as error:
        raise WrongFile("workbook") from error


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise WrongFile("csv", str(error)) from error


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongFile("encoding")


def _said(language: str, key: str, value: str) -> str:
    return fill(words(language)[f"table.{key}"], [("value", value)], language)


def _cell(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULAS) else value
