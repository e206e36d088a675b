"""The initials of Chinese words as people type them: 请稍等 is qsd.

GB 2312 lists its 3,755 common characters by their reading, so that a character's place tells its initial. Rarer ones
are listed by their form and have none here; of a character with several readings the listed one counts.
"""

from bisect import bisect_right

_FIRST = {
    0xB0A1: "a", 0xB0C5: "b", 0xB2C1: "c", 0xB4EE: "d", 0xB6EA: "e", 0xB7A2: "f", 0xB8C1: "g", 0xB9FE: "h",
    0xBBF7: "j", 0xBFA6: "k", 0xC0AC: "l", 0xC2E8: "m", 0xC4C3: "n", 0xC5B6: "o", 0xC5BE: "p", 0xC6DA: "q",
    0xC8BB: "r", 0xC8F6: "s", 0xCBFA: "t", 0xCDDA: "w", 0xCEF4: "x", 0xD1B9: "y", 0xD4D1: "z",
}  # fmt: skip
"""By the first character that is read so."""
_STARTS = sorted(_FIRST)
_END = 0xD7FA


def initials(text: str) -> str:
    """The initials of a text's characters; letters and digits stand for themselves, all else is left out."""
    return "".join(map(_initial, text.lower()))


def _initial(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    if not _STARTS[0] <= code < _END:
        return ""
    return _FIRST[_STARTS[bisect_right(_STARTS, code) - 1]]
