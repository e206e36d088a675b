"""A masked challenge: the last characters of the customer's identity document, as the operator's CRM has them.

The answer is compared by its keyed hash and stands nowhere: not in the thread, not with the request, not in a log.
"""

import re
from enum import StrEnum

from msgspec import Struct

from router.decision import Decision
from router.effects import Option, Say, words
from router.forms.form import Step
from router.forms.talk import CANCEL, HUMAN, INVALID, Talk

TAIL = re.compile(r"[0-9]{3}[0-9Xx]")
"""How a Chinese identity number ends (GB 11643: 17 digits and a check character)."""
DIGIT = re.compile(r"[0-9]")
TRIES = 3
"""Wrong answers of one customer in 24 hours."""
PROVED = "id_tail"
"""What is kept as the answer."""


class Verdict(StrEnum):
    """What an answer was found to be."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"
    """It is wrong, and no try is left; or none was left before."""
    UNKNOWN = "unknown"
    """The CRM has nothing to compare it with."""


class Compared(Struct, frozen=True):
    """An answer as it was found."""

    verdict: Verdict
    left: int = 0
    """Tries that are left after a wrong one."""


def compared(talk: Talk, step: Step, found: Compared) -> Decision:
    """What an answer leads to; who cannot be told from others here is helped by people."""
    people: tuple[Option, ...] = (HUMAN, CANCEL)
    match found.verdict:
        case Verdict.RIGHT:
            return talk.answered(step, PROVED)
        case Verdict.WRONG:
            said = words("form.challenge.wrong", left=found.left)
            return talk.say(Say(said, talk.options(step), key=INVALID))
        case Verdict.OVER:
            return talk.say(Say(words("form.challenge.over"), people, key=INVALID))
        case Verdict.UNKNOWN:
            return talk.say(Say(words("form.challenge.unknown"), people, key=INVALID))


def discreet(text: str) -> str:
    """An answer as the thread keeps it: whatever has a digit in it is masked as a whole."""
    return "*" * len(text) if DIGIT.search(text) else text
