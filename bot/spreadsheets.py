"""Tables as CSV files that spreadsheets open as they are meant: in UTF-8, with no cell that is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""By it spreadsheets know UTF-8."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a text begins with that a spreadsheet may take for a formula."""


def csv_of(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """A file of rows. Numbers stay numbers, None is an empty cell, and texts can never be formulas."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return (MARK + text.getvalue()).encode()


def _cell(value: str | float | None) -> str | float | None:
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULAS) else value
