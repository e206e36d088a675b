"""Makes texts fit: Telegram counts UTF-16 units, people read sentences."""

from channels import texts

LAST_OF_BMP = "\uffff"


def units(text: str) -> int:
    """UTF-16 units: two for each character beyond the basic plane, such as most emoji."""
    return len(text) + sum(letter > LAST_OF_BMP for letter in text)


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` units that end with sentences where they can.

    Args:
        text: anything; nothing but white space at the joints is lost.
        limit: 2 or more.
    """
    return texts.split(text, limit, units)
