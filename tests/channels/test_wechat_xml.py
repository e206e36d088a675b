"""The quick reading of plain documents says what the parser says, or leaves it to the parser."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.door import Malformed
from channels.weixin import xml

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "wechat"
MARKS = ["<xml>", "</xml>", "<a>", "</a>", "<b>", "</b>", "<![CDATA[", "]]>", "]]", "]", ">", "<", "&", "&amp;", "<a/>"]
ODDITIES = [
    "你好",
    "x",
    " ",
    "\n",
    "\r",
    "\t",
    "\0",
    "\x1f",
    "\ufffe",
    "\uffff",
    "\ufeff",
    "<a b='c'>",
    "<!--",
    "-->",
    "<?p?>",
    "é",
]
PIECES = st.sampled_from([*MARKS, *ODDITIES])
SCALARS = st.lists(st.tuples(st.sampled_from("abcd"), st.text(max_size=8), st.booleans()), max_size=6)


def agree(body: bytes) -> None:
    """See that the quick reading, where it reads at all, reads what the parser reads."""
    quick = xml._flat(body)
    if quick is not None:
        assert quick == xml._parsed(body)


@given(st.lists(PIECES, max_size=14).map("".join))
@example("<xml><a><![CDATA[]]]]></a></xml>")
@example("<xml><a>]]></a></xml>")
@example("<xml><a>x</a><a>y</a></xml>")
def test_scraps_of_xml_are_read_alike(text: str) -> None:
    agree(text.encode())
    agree(f"<xml>{text}</xml>".encode())


@given(SCALARS)
def test_lists_of_scalars_are_read_alike(scalars: list[tuple[str, str, bool]]) -> None:
    children = (
        f"<{name}><![CDATA[{text}]]></{name}>" if quoted else f"<{name}>{text}</{name}>"
        for name, text, quoted in scalars
    )
    agree(f"<xml>{''.join(children)}</xml>".encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=40))
def test_bytes_are_read_alike(body: bytes) -> None:
    agree(b"<xml><a>" + body + b"</a></xml>")


def test_what_wechat_posts_every_day_is_read_quickly() -> None:
    body = (
        "<xml><FromUserName><![CDATA[o1]]></FromUserName><Content><![CDATA[查[话]费]]></Content><MsgId>7</MsgId></xml>"
    )

    assert xml._flat(body.encode()) == {"FromUserName": "o1", "Content": "查[话]费", "MsgId": "7"}


def test_a_child_that_comes_twice_is_no_scalar_in_either_reading() -> None:
    assert xml.read(b"<xml><a>1</a><a>2</a></xml>") == {"a": None}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the captured payloads are not here")
def test_captured_documents_are_read_alike() -> None:
    quick = 0
    for file in SAMPLES.glob("*.xml"):
        body = file.read_bytes()
        try:
            agree(body)
            quick += xml._flat(body) is not None
        except Malformed:
            continue
    assert quick
