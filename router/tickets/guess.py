"""What a ticket is probably about, from what the customer said (clause ``assist.ai``); people look before it counts."""

from router.tickets.rules import TicketRules, folded
from router.tickets.ticket import TicketKind

COMPLAINING = ("投诉", "complain")
SUGGESTING = ("建议", "suggest")


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
