"""Telephone numbers: one spelling for one number, and how they may be shown."""

import re

SEPARATORS = re.compile(r"[\s().\-‐–]+")
NUMBER = re.compile(r"\+?[0-9]{3,20}")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
SHOWN_IN_FULL = 5
"""Digits of a service number such as 10086, which is nobody's own."""


def spelled(text: str) -> str:
    """A number as we write it: digits, without the code of mainland China, with ``+`` where it is of another country.

    Raises:
        ValueError: no telephone number.
    """
    number = SEPARATORS.sub("", text)
    if NUMBER.fullmatch(number) is None:
        raise ValueError("no telephone number")
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not number.startswith("+"):
        return number
    if not number.startswith("+86"):
        return number
    home = number.removeprefix("+86").removeprefix("0")
    return home if MOBILE.fullmatch(home) or len(home) <= SHOWN_IN_FULL else f"0{home}"


def masked(number: str) -> str:
    """A number as people at the desk see it: its middle is hidden, the last four digits stay."""
    digits = len(number.removeprefix("+"))
    if digits <= SHOWN_IN_FULL:
        return number
    shown = 3 if digits >= 10 else 1
    head = number[: shown + number.startswith("+")]
    return f"{head}{'*' * (len(number) - len(head) - min(4, digits - shown))}{number[-min(4, digits - shown) :]}"
