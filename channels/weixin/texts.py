"""Makes texts fit: WeChat counts bytes of UTF-8, people read sentences."""

import re

from channels import texts

ELLIPSIS = "…"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that no XML document may hold."""


def size(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def shortened(text: str, limit: int) -> str:
    """The text, or its longest beginning of whole sentences and an ellipsis, within ``limit`` bytes."""
    if size(text) <= limit:
        return text
    return texts.beginning(text, limit - size(ELLIPSIS), size).rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` bytes that end with sentences where they can.

    Args:
        text: anything; nothing but white space at the joints is lost.
        limit: 4 or more.
    """
    return texts.split(text, limit, size)


def clean(text: str) -> str:
    """The text as a CDATA section can hold it."""
    if FORBIDDEN.search(text) is not None:
        text = FORBIDDEN.sub("", text)
    # Some readers take a section that is split in two for two texts: another sign is safer than a split.
    return text.replace("]]>", "]]＞") if "]]>" in text else text
