"""Makes payloads that are almost right: a part is left out, doubled, swapped, nested or filled with something odd."""

import json
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote_plus

MOST_BYTES = 64 * 1024
"""The longest payload; doors refuse longer ones before they parse them."""
# fmt: off
ODD_TEXTS = (
    "", " ", "\0", "\x0b", "\x7f", "\u2028", "\ufeff", "\ufffe", "\ud800", "e\u0301", "\u202e", "\r\n", "a\nb",
    "话费", "話費", "１２", "0", "-1", "007", "1e9", "NaN", "9" * 19, "9" * 400, "a" * 129, "话" * 5_000, "😀" * 300,
    "]]>", "<![CDATA[", "<a>", "&amp;", "&#0;", "&#xD800;", "%00", "%", "+", "true", "null", "{}", "../../x",
    "text", "event", "say:", "choice:", "choice:|", "qrscene_", "qrscene_o:1", "/start", "/start o_1", "whsec_",
    "1970-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00", "2026-11-24T01:00:00+25:00",
)
ODD_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63 - 1, 2**63, 10**30, 253_402_300_799, 0.5, -0.0, 1e308,
    [], {}, [[]], [None], {"": None}, *ODD_TEXTS,
)
ODD_BYTES = (
    b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"<", b">", b"&", b'"', b"\\",
    b"\\u0000", b"\\ud800",
)
# fmt: on
CHILD = re.compile(rb"<([A-Za-z_]\w{0,40})>(<!\[CDATA\[[^\]]*\]\]>|[^<]*)</\1>")
LOOKED_AT = 4_096
"""Bytes in whose children a document is changed."""

Rewrite = Callable[[bytes, bytes, Random], bytes]
"""Changes a payload, with a second one to borrow from."""


class Form(StrEnum):
    """How payloads are built."""

    XML = "xml"
    JSON = "json"
    QUERY = "query"
    TEXT = "text"


def mutated(data: bytes, others: Sequence[bytes], form: Form, random: Random) -> bytes:
    """A payload that is almost ``data``: changed one to four times, as its form allows or in its bare bytes."""
    for _ in range(random.choice((1, 1, 2, 4))):
        rewrite = FORMS[form] if random.random() < 0.8 else bytewise
        data = rewrite(data, random.choice(others), random)
    return data[:MOST_BYTES]


def bytewise(data: bytes, other: bytes, random: Random) -> bytes:
    """Change some bytes, whatever they mean."""
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((0, 1, 1, 4, 32, 1_000)))
    match random.randrange(7):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start] + random.choice(ODD_BYTES) + data[end:]
        case 2:
            return data[:start] + data[start:end] * random.choice((2, 3, 50)) + data[end:]
        case 3:
            return data[:start] + random.randbytes(end - start) + data[end:]
        case 4:
            return data[:start]
        case 5:
            at = random.randrange(len(other) + 1)
            return data[:start] + other[at : at + 64] + data[end:]
        case _:
            return data[:start] + _odd(random).encode("utf-8", "surrogatepass") + data[end:]


def childwise(data: bytes, other: bytes, random: Random) -> bytes:
    """Change a child of an XML document."""
    found, lent = (list(CHILD.finditer(one, 0, LOOKED_AT)) for one in (data, other))
    if not found:
        return bytewise(data, other, random)
    child = random.choice(found)
    name, value = child[1], child[2]
    borrowed = random.choice(lent) if lent else child
    odd = _odd(random).encode("utf-8", "surrogatepass")
    new = random.choice((
        b"",
        child[0] * 2,
        child[0] + borrowed[0],
        b"<%b>%b</%b>" % (name, borrowed[2], name),
        b"<%b>%b</%b>" % (borrowed[1], value, borrowed[1]),
        b"<%b><![CDATA[%b]]></%b>" % (name, odd, name),
        b"<%b>%b</%b>" % (name, odd, name),
        b"<%b>%b</%b>" % (name, child[0] * random.choice((1, 3, 700)), name),
        b"<%b>" % name * random.choice((2, 9, 3_000)) + value,
        b"<%b a='1'>%b</%b>" % (name, value, name),
        b"<!--x-->" + child[0],
        b"<?x y?>" + child[0],
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + child[0],
    ))  # fmt: skip
    return data[: child.start()] + new + data[child.end() :]


def nodewise(data: bytes, other: bytes, random: Random) -> bytes:
    """Change a node of a JSON document."""
    try:
        tree, lent = json.loads(data), json.loads(other)
    except (ValueError, RecursionError):
        return bytewise(data, other, random)
    places = _places(tree)
    if not places:
        return bytewise(data, other, random)
    holder, key = random.choice(places)
    lender, page = random.choice(_places(lent) or [({"": None}, "")])
    match random.randrange(7):
        case 0:
            del holder[key]
        case 1:
            holder[key] = lender[page]
        case 2:
            holder[key] = _nested(holder[key], random)
        case 3 if isinstance(holder, dict):
            holder[_odd(random)] = holder.pop(key)
        case 4 if isinstance(holder[key], str):
            holder[key] = holder[key] + _odd(random)
        case _:
            holder[key] = random.choice(ODD_VALUES)
    try:
        return json.dumps(tree, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    except RecursionError:
        return data


def pairwise(data: bytes, other: bytes, random: Random) -> bytes:
    """Change a pair of a form or a query."""
    pairs = [list(pair) for pair in parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)]
    lent = parse_qsl(other.decode("utf-8", "replace"), keep_blank_values=True)
    if not pairs:
        return bytewise(data, other, random)
    at = random.randrange(len(pairs))
    match random.randrange(5):
        case 0:
            del pairs[at]
        case 1:
            pairs.append(list(random.choice(pairs)))
        case 2 if lent:
            pairs[at][1] = random.choice(lent)[1]
        case 3:
            pairs[at][random.randrange(2)] += _odd(random)
        case _:
            pairs[at][1] = _odd(random)
    quoted = ((quote_plus(part.encode("utf-8", "surrogatepass")) for part in pair) for pair in pairs)
    return "&".join("=".join(pair) for pair in quoted).encode()


def wordwise(data: bytes, other: bytes, random: Random) -> bytes:
    """Put something odd into a text."""
    if random.random() < 0.3:
        return bytewise(data, other, random)
    text = data.decode("utf-8", "replace")
    at = random.randrange(len(text) + 1)
    return (text[:at] + _odd(random) + text[at:]).encode("utf-8", "surrogatepass")


FORMS: dict[Form, Rewrite] = {
    Form.XML: childwise,
    Form.JSON: nodewise,
    Form.QUERY: pairwise,
    Form.TEXT: wordwise,
}


def _odd(random: Random) -> str:
    return random.choice(ODD_TEXTS)


def _nested(value: object, random: Random) -> object:
    for _ in range(random.choice((1, 2, 40, 400))):
        value = [value] if random.random() < 0.5 else {"data": value}
    return value


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every holder and key of a tree, as far as it is not very deep."""
    found, waiting = [], [(tree, 0)]
    while waiting:
        holder, depth = waiting.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            if depth < 40:
                waiting.append((holder[key], depth + 1))
    return found
