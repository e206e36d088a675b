"""How many messages a platform still lets us push to a contact (WeChat's rules for customer-service messages)."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from router.contact import Budget, Contact
from router.events import Event, Followed, Said, Tapped, Unfollowed

GRANTS: dict[str, dict[type, tuple[int, timedelta]]] = {
    "wechat": {
        Said: (5, timedelta(hours=48)),
        Tapped: (3, timedelta(minutes=1)),
        Followed: (3, timedelta(minutes=1)),
    },
    "wechat_kf": {Said: (5, timedelta(hours=48))},
}
"""Messages granted by what the customer did, per channel; what was picked from a menu counts as a tap where taps have a
grant of their own. A channel that is missing sets no limit."""

KEPT_FOR_SURVEY = {"wechat": 1}
"""So many stay for the survey 24 h later; none where it is asked with the end of a session, which costs nothing."""


def renewed(contact: Contact, event: Event, now: datetime) -> Contact:
    """The contact's budget after a customer's act; a short grant takes nothing from a longer one that still holds."""
    grants = GRANTS.get(contact.channel)
    if grants is None:
        return contact
    if isinstance(event, Unfollowed):
        return replace(contact, budget=Budget(0, None))
    picked = isinstance(event, Said) and (event.choice or event.tapped)
    grant = grants.get(Tapped if picked and Tapped in grants else type(event))
    if grant is None:
        return contact
    messages, window = grant
    held = contact.budget
    if held.expires is not None and held.expires > now + window and held.left:
        return contact
    return replace(contact, budget=Budget(messages, now + window))


def spent(contact: Contact, now: datetime, *, survey: bool, messages: int = 1) -> tuple[Contact, bool]:
    """Take what goes together out of the budget; what does not fit as a whole takes nothing.

    Args:
        contact: who is written to.
        now: aware UTC.
        survey: whether it is the question for a score, for which one message is kept.
        messages: as many as the platform will count, 1 or more.

    Returns:
        The contact afterwards, and whether it may be pushed.
    """
    if contact.channel not in GRANTS:
        return contact, True
    held = contact.budget
    open_window = held.expires is not None and held.expires > now
    least = messages if survey else messages + KEPT_FOR_SURVEY.get(contact.channel, 0)
    if not open_window or held.left < least:
        return contact, False
    return replace(contact, budget=replace(held, left=held.left - messages)), True


class Allowance(Struct, frozen=True):
    """What people may still send to a contact on a channel whose platform counts."""

    left: int
    """Messages; the one that is kept for the survey is not among them."""
    until: datetime | None
    """When the window closes (aware UTC); None where it is closed."""
    kept: int = 0
    """Messages that are kept for the survey."""


def allowance(channel: str, held: Budget, now: datetime) -> Allowance | None:
    """What a budget still allows people, None on a channel that sets no limit."""
    if channel not in GRANTS:
        return None
    if held.expires is None or held.expires <= now:
        return Allowance(0, None)
    kept = KEPT_FOR_SURVEY.get(channel, 0)
    return Allowance(max(0, held.left - kept), held.expires, kept)
