"""Snags: what in a chat with the bot calls for a person who looks in, though nobody was called or could be.

    missed     two questions in a row were not understood, and no person has come in for it
    angry      the customer's words are angry, or name the regulator or the press
    closed     a person was asked for out of service hours
    full       a person was asked for, and as many waited already as the queue takes
    form       a step of guided business was answered wrongly twice in a row

A mark holds as long as the bot has had the word without a break (people who come in and hand back have looked in), and
for two hours at most: a chat that has gone on so long without another snag has got over it.
The customer is told nothing of it.
"""

import re
from enum import StrEnum
from functools import cache

from msgspec.structs import replace

from router.contact import Contact
from router.conversation import Status
from router.decision import Decision
from router.effects import MarkSnag, Say, Words
from router.events import Said
from router.forms.talk import INVALID
from router.world import World

MISSES = 2
"""Questions in a row."""


class Snag(StrEnum):
    """Why somebody should look in."""

    MISSED = "missed"
    ANGRY = "angry"
    CLOSED = "closed"
    FULL = "full"
    FORM = "form"


SAID = {"queue.closed": Snag.CLOSED, "queue.full": Snag.FULL}
"""What the bot says where it cannot call a person."""


def marked(before: Contact, event: Said, decision: Decision, world: World) -> Decision:
    """The decision about a customer's words, with a mark for each snag that it leaves the bot in."""
    held = decision.contact.conversation
    if held is None or held.status is not Status.BOT:
        return decision
    found = [MarkSnag(one.value) for one in _snags(before, event, decision, held.misses, world)]
    return replace(decision, effects=(*decision.effects, *found)) if found else decision


def _snags(before: Contact, event: Said, decision: Decision, misses: int, world: World) -> list[Snag]:
    keys = [_key(effect) for effect in decision.effects if isinstance(effect, Say)]
    found = [SAID[key] for key in keys if key in SAID]
    if misses >= MISSES:
        found.append(Snag.MISSED)
    if INVALID in keys and before.last_said == INVALID:
        found.append(Snag.FORM)
    if angry(event, world):
        found.append(Snag.ANGRY)
    return found


def angry(event: Said, world: World) -> bool:
    """Whether a customer's words are angry, or name the regulator or the press."""
    phrases = world.phrases.angry
    return bool(phrases) and _angry(phrases).search(event.text.lower()) is not None


@cache
def _angry(phrases: frozenset[str]) -> re.Pattern[str]:
    """One pattern for all phrases: looking for them one by one would cost a turn as much as deciding it."""
    return re.compile("|".join(re.escape(phrase) for phrase in sorted(phrases)))


def _key(say: Say) -> str:
    return say.key or (say.text.key if isinstance(say.text, Words) else "")
