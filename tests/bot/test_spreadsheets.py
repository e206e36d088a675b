"""Tables that somebody hands in: CSV and XLSX read the same, and what is none is refused with the reason."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest
from openpyxl import Workbook

from bot import workbooks
from bot.spreadsheets import MOST_ROWS, Table, Wrong, WrongField, WrongFile

pytestmark = pytest.mark.pure

TABLE = Table(("number", "phone", "day", "at"), ("number",), most=20, called={"编号": "number"})


def row(line: int, given: Mapping[str, str]) -> tuple[int, str, str, str, str]:
    if given["phone"] == "nobody":
        raise WrongField("phone", "phone")
    return (line, *given.values())  # type: ignore[return-value]


def read(content: bytes) -> list[tuple[int, str, str, str, str] | Wrong]:
    return TABLE.read(content, row, once=("number", lambda made: made[1]))


def book(*rows: Sequence[str | float | datetime | None]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    assert made.active is not None
    for one in rows:
        made.active.append(list(one))
    made.save(out)
    return out.getvalue()


def test_a_sheet_reads_as_the_same_table_typed_as_csv() -> None:
    heads = ("编号", "phone", "day", "at")
    day, at = datetime(2027, 1, 31), datetime(2027, 1, 31, 9, 30)  # noqa: DTZ001 - as cells are
    sheet = book(
        heads,
        ("A-1", 13800138000, day, at),
        (None,),
        ("A-2", "nobody"),
        ("A-1",),
        (7.0, 1.5, None, None, "beyond"),
    )
    text = "编号,phone,day,at\nA-1, 13800138000 ,2027-01-31,2027-01-31 09:30:00\n\nA-2,nobody\nA-1,,,\n7,1.5,,,beyond\n"
    expected = [
        (2, "A-1", "13800138000", "2027-01-31", "2027-01-31 09:30:00"),
        Wrong(4, "phone", "phone"),
        Wrong(5, "number", "twice", "A-1"),
        Wrong(6, "", "beyond"),
    ]
    assert read(sheet) == expected
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert read(text.encode(encoding)) == expected
    assert Wrong(4, "phone", "phone").why == "phone: is no telephone number"
    assert Wrong(5, "number", "twice", "A-1").told("zh") == "A-1 出现了两次"


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


BOMB = packed(workbook=b"0" * (workbooks.MOST_BYTES + 1))
NONE = {
    "not a workbook": (packed(x=b"y"), "workbook"),
    "cut off": (book(("number",), ("A",))[:900], "workbook"),
    "a bomb": (BOMB, "workbook"),
    "neither encoding": (b"\xff\xff", "encoding"),
    "an open quote": (b'number\n"A', "csv"),
    "another column": (b"number,colour\n", "unknown"),
    "too little": (b"phone\n", "missing"),
    "nothing": (b"", "missing"),
    "no end": (b"number\n" + b"\n" * (MOST_ROWS + 1), "rows"),
}


@pytest.mark.parametrize(("content", "what"), NONE.values(), ids=list(NONE))
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, what: str) -> None:
    with pytest.raises(WrongFile) as caught:
        read(content)
    assert caught.value.what == what
    assert caught.value.told("zh") != str(caught.value)


def test_a_field_that_is_long_or_cannot_be_kept_is_named() -> None:
    assert read(f"number\n{'x' * 21}\n\x00\n".encode()) == [
        Wrong(2, "number", "long", "20"),
        Wrong(3, "number", "long", "20"),
    ]
