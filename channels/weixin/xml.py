"""Reads the small XML documents that WeChat posts, and refuses everything in XML that those never need.

Nearly all of them are a flat list of scalars without entities, comments or attributes. Those are read by one pattern,
which takes a fifth of the time; whatever does not fit to the last byte goes to the parser.
"""

import pyexpat
import re
from collections.abc import Mapping

from channels.door import Malformed

Fields = Mapping[str, str | None]
"""The children of the root by name: their text, or None where a child is no scalar (it is nested, or comes twice)."""

MOST_DEEP = 8
MOST_ELEMENTS = 2_000
CONTROLS = bytes(code for code in range(1, 32) if code not in b"\t\n\r")
"""Customers paste them, XML forbids them, nobody misses them."""
STRANGE = CONTROLS + b"\0\r"
"""Bytes that the parser would refuse or read as something else."""
_SCALAR = r"<(%s[A-Za-z_][A-Za-z0-9_]*+)>(?:<!\[CDATA\[(%s[^\]]*+(?:\](?!\]>)[^\]]*+)*+)\]\]>|(%s[^<&\]]*+))</%s>\s*+"
FLAT = re.compile(r"<xml>\s*+(?:" + _SCALAR % ("?P<name>", "?:", "?:", "(?P=name)") + r")++</xml>\s*+", re.ASCII)
SCALAR = re.compile(_SCALAR % ("", "", "", r"\1"), re.ASCII)


def read(body: bytes) -> Fields:
    """Read a document of scalars below one root.

    Entities cannot occur, because a document type is refused before its first declaration; encodings other than
    UTF-8 are refused whatever the document declares.

    Raises:
        Malformed: not well-formed, not UTF-8, with NUL or a document type, or too deep.
    """
    return _flat(body) or _parsed(body)


def legible(body: bytes) -> str | None:
    """The text of a document in which nothing stands that the parser would refuse or read as something else, else None.

    A pattern may read what this returns.
    """
    if len(body.translate(None, STRANGE)) != len(body):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\ufffe" in text or "\uffff" in text else text


def _flat(body: bytes) -> Fields | None:
    """Read a plain list of scalars; None where the document is anything else."""
    text = legible(body)
    if text is None or FLAT.fullmatch(text) is None:
        return None
    found = SCALAR.findall(text)
    fields: dict[str, str | None] = {name: quoted or bare for name, quoted, bare in found}
    return fields if len(fields) == len(found) <= MOST_ELEMENTS else None


def _parsed(body: bytes) -> Fields:
    if b"\0" in body:
        # Also a document in UTF-16, which its byte order mark would get past the parser.
        raise Malformed("xml_nul")
    fields: dict[str, str | None] = {}
    pieces: list[str] = []
    clear = pieces.clear
    depth = elements = 0
    nested = False

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth, elements, nested
        depth += 1
        elements += 1
        clear()
        if depth > 2:
            nested = True
            if depth > MOST_DEEP:
                raise Malformed("xml_too_deep")
        if elements > MOST_ELEMENTS:
            raise Malformed("xml_too_long")

    def end(name: str) -> None:
        nonlocal depth, nested
        if depth == 2:
            fields[name] = None if nested or name in fields else "".join(pieces)
            nested = False
        depth -= 1

    parser = pyexpat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body.translate(None, CONTROLS), True)
    except pyexpat.ExpatError:
        # The parser's message quotes what the sender wrote.
        raise Malformed("xml_broken") from None
    return fields


def scalar(fields: Fields, name: str) -> str:
    """The text of a child, empty where there is none.

    Raises:
        Malformed: the child is not a scalar.
    """
    value = fields.get(name, "")
    if value is None:
        raise Malformed("xml_not_a_scalar")
    return value


def _refuse(*_declared: object) -> None:
    raise Malformed("xml_doctype")
