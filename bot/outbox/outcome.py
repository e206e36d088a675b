"""What the outcome of a call means for a row of the outbox."""

from bot.outbox.held import Held
from bot.turns.turn import Delivery
from channels.door import TryAgain, Undeliverable
from router.events import Undelivered

MOST_ATTEMPTS = 100
"""With pauses of 45 seconds or more, whatever the platform asks for, an outage of more than an hour loses nothing."""
FIRST_PAUSE = 2.0
"""Seconds before the second try; each further pause is twice as long, up to the longest."""
LONGEST_PAUSE = 45.0
JITTER = 1 / 3
"""The part of a pause that chance adds at the most."""


def sent(held: Held, provider_id: str) -> Delivery:
    """The platform took it."""
    return Delivery(held.id, held.attempt, "sent", provider_id=provider_id)


def failed(held: Held, error: Exception, *, most_attempts: int, chance: float, idempotent: bool = False) -> Delivery:
    """The platform did not take it, or nobody knows.

    A message that may have arrived is never sent again without a person's word (DESIGN §5), unless the platform takes
    it once only.

    Args:
        held: the try.
        error: what the door raised; anything but the two kinds of a door counts as not known.
        most_attempts: after so many tries the row fails.
        chance: 0 to 1, spreads the tries.
        idempotent: whether the platform knows a message again.
    """
    if isinstance(error, Undeliverable):
        state = "in_doubt" if error.unsure else "failed"
        return Delivery(held.id, held.attempt, state, error=error.reason, unsure=error.unsure)
    again = error if isinstance(error, TryAgain) else TryAgain(_name(error), unsure=True)
    if again.unsure and (not idempotent or held.attempt >= most_attempts):
        return Delivery(held.id, held.attempt, "in_doubt", error=again.reason, unsure=True)
    if held.attempt >= most_attempts:
        return Delivery(held.id, held.attempt, "failed", error=again.reason)
    asked = again.after.total_seconds() + chance if again.after is not None else 0.0
    after = max(asked, pause(held.attempt, chance))
    return Delivery(held.id, held.attempt, "queued", error=again.reason, retry_after=after, unsure=again.unsure)


def undelivered(kind: str, delivery: Delivery) -> Undelivered:
    """The event that tells the dialogue, where the outcome is one that it has to know."""
    return Undelivered(kind, delivery.error, unsure=delivery.state == "in_doubt")


def pause(attempt: int, chance: float) -> float:
    """Seconds until the try after this one: 2, 4, 8 … 45, and up to a third more."""
    doubled: float = FIRST_PAUSE * 2.0 ** min(attempt - 1, 10)
    return min(LONGEST_PAUSE, doubled) * (1 + JITTER * chance)


def _name(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__
