"""What a ticket is probably about, from what the customer said (clause ``assist.ai``); people look before it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from router.fields import fields_of
from router.tickets.about import About
from router.tickets.rules import TicketRules, folded
from router.tickets.ticket import TicketKind
from router.wording.personal import veil

COMPLAINING = ("投诉", "complain")
SUGGESTING = ("建议", "suggest")
MOST_TOLD = 6
"""Messages that go into a description."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A ticket as a chat tells it."""

    kind: TicketKind
    business: str
    text: str
    """What the customer said last, personal data masked."""
    about: About


def guess(said: Sequence[str], today: date, rules: TicketRules) -> Guess:
    """Fill a ticket in from a chat.

    Args:
        said: what the customer said, in order.
        today: the day in the operator's zone.
        rules: the types that there are.
    """
    whole, fields = "\n".join(said), fields_of(said, today)
    named = guess_business(whole, rules) or rules.about(fields.business)
    about = About(fields.number, fields.place, fields.day, fields.time)
    return Guess(guess_kind(whole), named, "\n".join(map(veil, said[-MOST_TOLD:])), about)


def guess_business(text: str, rules: TicketRules) -> str:
    """The business type whose name shares most with a text; empty where none shares anything."""
    said = _pairs(text)
    scores = {leaf: _shared(said, leaf, rules) for leaf in rules.business if rules.is_leaf(leaf)}
    best = max(scores, key=lambda leaf: scores[leaf], default="")
    return best if scores.get(best, 0) else ""


def guess_kind(text: str) -> TicketKind:
    """What kind it is."""
    said = folded(text)
    if any(word in said for word in COMPLAINING):
        return TicketKind.COMPLAINT
    return TicketKind.SUGGESTION if any(word in said for word in SUGGESTING) else TicketKind.MATTER


def _shared(said: frozenset[str], leaf: str, rules: TicketRules) -> int:
    """How much a name shares with a text: its own words count for more than those of the type above it."""
    found = 0
    for language in ("zh", "en"):
        own = rules.business[leaf].read(language)
        found += 2 * len(said & _pairs(own)) + len(said & _pairs(rules.title(leaf, language)))
    return found


def _pairs(text: str) -> frozenset[str]:
    """Pairs of Chinese characters, and whole words of four letters or more."""
    said = folded(text)
    chinese = {said[n : n + 2] for n in range(len(said) - 1) if min(said[n : n + 2]) > "\u2e7f"}
    return frozenset(chinese | {word for word in said.split() if len(word) > 3 and word.isascii()})
