"""Which part of a thread a client asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Self

from channels.door import Malformed

LONGEST_WAIT = 25.0
"""Seconds of a long poll; a longer wish is cut to this."""
MOST_MESSAGES = 200
HISTORY = 50
"""Messages of one page backwards, unless the client asks for fewer or more."""
_BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Forwards from ``after``, waiting for news if need be, or backwards from ``before``."""

    after: int = 0
    before: int | None = None
    wait: float = 0.0
    """Seconds, 0 to 25."""
    limit: int = MOST_MESSAGES

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read ``after_seq`` and ``wait``, or ``before_seq``; ``limit`` goes with both.

        Raises:
            Malformed: one of them is no number of its kind.
        """
        before = _whole(query, "before_seq", _BIGGEST) if "before_seq" in query else None
        limit = _whole(query, "limit", MOST_MESSAGES if before is None else HISTORY)
        return cls(_whole(query, "after_seq", 0), before, _seconds(query), max(1, min(limit, MOST_MESSAGES)))


def _whole(query: Mapping[str, str], name: str, otherwise: int) -> int:
    written = query.get(name)
    if written is None:
        return otherwise
    if not (written.isascii() and written.isdigit() and len(written) <= 19):
        raise Malformed(f"{name}_invalid", status=422)
    return min(int(written), _BIGGEST)


def _seconds(query: Mapping[str, str]) -> float:
    try:
        wished = float(query.get("wait", "0"))
    except ValueError:
        raise Malformed("wait_invalid", status=422) from None
    if not isfinite(wished) or wished < 0:
        raise Malformed("wait_invalid", status=422)
    return min(wished, LONGEST_WAIT)
