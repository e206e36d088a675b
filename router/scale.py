"""Scales of scores, and how a score of any of them stands on the standard's scale of 0-100."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

_SCALE = re.compile(r"(?P<low>\d{1,6}(?:\.\d{1,3})?)\s*[-–~]\s*(?P<high>\d{1,6}(?:\.\d{1,3})?)", re.ASCII)
_SCORE = re.compile(r"\d{1,6}(?:\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale, both ends included."""

    low: Decimal
    high: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scale such as ``1-5``.

        Raises:
            ValueError: it is none, or its end is not above its beginning.
        """
        found = _SCALE.fullmatch(text.strip())
        if found is None or Decimal(found["low"]) >= Decimal(found["high"]):
            raise ValueError(f"{text!r} is no scale such as 1-5")
        return cls(Decimal(found["low"]), Decimal(found["high"]))

    def normalised(self, text: str) -> int:
        """A score on the scale of 0-100: the lowest is 0, the highest 100; halves are rounded up.

        Raises:
            ValueError: it is no number, or not on the scale.
        """
        if _SCORE.fullmatch(text.strip()) is None:
            raise ValueError(f"{text!r} is no score")
        score = Decimal(text.strip())
        if not self.low <= score <= self.high:
            raise ValueError(f"{text} is not within {self.low}-{self.high}")
        share = 100 * (score - self.low) / (self.high - self.low)
        return int(share.quantize(Decimal(1), ROUND_HALF_UP))
