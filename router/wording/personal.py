"""Personal data in a text: mobile numbers, identity cards by their check digit, bank cards by Luhn's sum."""

import re
from dataclasses import dataclass
from enum import StrEnum

from router.forms.form import veiled

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full width to half width, a character for a character."""
_PHONE = re.compile(r"(?<![\d*])(?:(?:\+|00)?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?![\d*])")
_IDENTITY = re.compile(r"(?<![\dA-Za-z*])[1-9]\d{5}[\s-]?(?:18|19|20)\d{6}[\s-]?\d{3}[\dXx](?![\dA-Za-z*])")
_CARD = re.compile(r"(?<![\d*])[3-6]\d{3}(?:[\s-]?\d{4}){2,3}(?:[\s-]?\d{1,4})?(?![\d*])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_GAPS = re.compile(r"[\s-]")


class Personal(StrEnum):
    """What kind of personal data."""

    IDENTITY = "identity"
    CARD = "card"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where personal data stands in a text: characters from ``start`` up to ``end``."""

    kind: Personal
    start: int
    end: int


def spots(text: str) -> tuple[Spot, ...]:
    """All personal data of a text, in order; none of them overlap, and what is masked already does not count."""
    plain = text.translate(WIDE)
    found: list[Spot] = []
    for kind, pattern in ((Personal.IDENTITY, _IDENTITY), (Personal.CARD, _CARD), (Personal.PHONE, _PHONE)):
        for match in pattern.finditer(plain):
            digits = _GAPS.sub("", match[0])
            if _holds(kind, digits) and not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(Spot(kind, match.start(), match.end()))
    return tuple(sorted(found, key=lambda one: one.start))


def veil(text: str) -> str:
    """The text with its personal data masked, as in ``138****8000``."""
    for spot in reversed(spots(text)):
        text = f"{text[: spot.start]}{veiled(text[spot.start : spot.end])}{text[spot.end :]}"
    return text


def _holds(kind: Personal, digits: str) -> bool:
    match kind:
        case Personal.IDENTITY:
            return is_identity(digits)
        case Personal.CARD:
            return is_card(digits)
        case Personal.PHONE:
            return True


def is_identity(number: str) -> bool:
    """Whether it is the number of a resident identity card: 17 digits and the check character of GB 11643."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number[17].upper() == _CHECKS[total % 11]


def is_card(number: str) -> bool:
    """Whether it is the number of a bank card: 13 to 19 digits whose sum by Luhn ends in 0 (ISO/IEC 7812-1)."""
    if not 13 <= len(number) <= 19 or not number.isdigit():
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
