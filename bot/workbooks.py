"""The first sheet of an Office Open XML workbook as rows of text, within limits of size."""

import io
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

BEGINS = b"PK\x03\x04"
"""By it workbooks are known."""
MOST_BYTES = 64 * 1024 * 1024
"""Of all parts of a workbook together, unpacked."""
MOST_COLUMNS = 64
"""What stands beyond is not read."""
MIDNIGHT = time()
BROKEN = (
    BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, AttributeError, SyntaxError, RuntimeError,
    OSError,
)  # fmt: skip
"""What the library may say of a broken file; it depends on where the file breaks."""


class NoWorkbook(Exception):
    """It is none that can be read, or it unpacks to more than anybody would type."""


def rows_of(content: bytes) -> Iterator[list[str]]:
    """The rows from the first on, each as long as its last cell that is not empty; formulas as what they came to.

    Raises:
        NoWorkbook: also in the middle.
    """
    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise NoWorkbook
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield _trimmed([_text(cell) for cell in row])
    except BROKEN as error:
        raise NoWorkbook from error


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text(cell: object) -> str:
    """A cell as somebody would type it: days without a clock time, whole numbers without a fraction."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case datetime():
            return str(cell.date() if cell.time() == MIDNIGHT else cell.replace(microsecond=0))
        case time():
            return cell.isoformat("minutes")
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
