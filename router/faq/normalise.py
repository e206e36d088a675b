"""Spells a question in one way: width, script, case, punctuation, noise and courtesy no longer make a difference."""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

LONGEST = 300
"""Characters of a question that are read. Beyond it a text is a letter, and its first lines say what it is about."""

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’‘`´](?=[^\W\d_])")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_LONG_NUMBER = re.compile(r"\d{5,}")
_COURTESY = re.compile(
    "你好|您好|请问一下|请问下|请问|麻烦问下|麻烦你|麻烦您|麻烦|谢谢你|谢谢您|谢谢|多谢|哈喽|在吗|在不在"
    "|我想问一下|我想问下|我想问|想问一下|想问下|问一下|请教一下|请教下|请教|咨询一下|咨询下|告诉我|跟我说说|亲爱的"
)


def normalise(text: str) -> str:
    """The words of a question: lower case, half width, simplified; runs of Han and other words parted by one space.

    Only the first ``LONGEST`` characters are read. A text of nothing but noise becomes the empty string; a text of
    nothing but courtesy is kept. Numbers of five digits and more (telephone numbers, amounts) all read ``00000``.
    """
    folded = unicodedata.normalize("NFKC", text[: 2 * LONGEST]).lower()[:LONGEST].translate(_simplified())
    plain = _LONG_NUMBER.sub("00000", _REPEATED.sub(r"\1", _APOSTROPHES.sub("", folded)))
    words = " ".join(_WORDS.findall(plain))
    return " ".join(_COURTESY.sub(" ", words).split()) or words


def is_han(word: str) -> bool:
    """Whether a word of a normalised text is a run of Han characters."""
    return "\u3400" <= word[:1] <= "\u9fff" or word[:1] >= "\U00020000"


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character (OpenCC's t2s), so that lengths stay as they are."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    return {ord(one): other for one, other in pairs if one != other}
