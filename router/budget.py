"""How many messages a platform still lets us push to a contact (WeChat's rules for customer-service messages)."""

from datetime import datetime, timedelta

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


def spent(contact: Contact, now: datetime, *, survey: bool) -> tuple[Contact, bool]:
    """Take one message out of the budget.

    Returns:
        The contact afterwards, and whether the message may be pushed.
    """
    if contact.channel not in GRANTS:
        return contact, True
    held = contact.budget
    open_window = held.expires is not None and held.expires > now
    least = 1 if survey else 1 + KEPT_FOR_SURVEY.get(contact.channel, 0)
    if not open_window or held.left < least:
        return contact, False
    return replace(contact, budget=replace(held, left=held.left - 1)), True
