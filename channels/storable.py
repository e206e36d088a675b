"""Makes texts of platforms fit for storing."""


def storable(text: str) -> str:
    """The text without what no database stores and no platform takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
