"""What the counter's form says becomes an event of the customer who stood there."""

import re
from datetime import datetime

from channels.door import Address, Inbound, Malformed
from channels.telephone import masked, spelled
from router.events import Outcome, Visited

CHANNEL = "outlet"
TEXT_LIMIT = 2000
"""Characters of what was asked and of what was answered."""
CODE = re.compile(r"[A-Za-z0-9_:.-]{6,64}")
"""A customer code as scanners read it: anything with a letter; bare digits are a telephone number."""


def parse(
    *, outlet_id: str, outlet: str, agent: int, agent_name: str, form: dict[str, str], source_id: str, now: datetime
) -> Inbound:
    """Understand the form.

    Args:
        outlet_id: the outlet whose counter it was.
        outlet: its name.
        agent: who stood behind the counter.
        agent_name: their name.
        form: ``customer`` (a telephone number or a scanned code), ``text``, ``reason``, ``outcome`` and ``answer``.
        source_id: names this visit for ever.
        now: aware UTC.

    Raises:
        Malformed: a field is missing or unreadable; the reason names it.
    """
    contact, name = customer(form.get("customer", ""))
    text, answer = form.get("text", ""), form.get("answer", "")
    if not text or len(text) > TEXT_LIMIT:
        raise Malformed("text", status=422)
    try:
        outcome = Outcome(form.get("outcome", ""))
    except ValueError:
        raise Malformed("outcome", status=422) from None
    if len(answer) > TEXT_LIMIT:
        raise Malformed("answer", status=422)
    event = Visited(agent, agent_name, outlet, text, form.get("reason", ""), outcome, answer)
    return Inbound(Address(CHANNEL, outlet_id, contact), source_id, event, now, name)


def customer(text: str) -> tuple[str, str]:
    """The contact's address and the name that the desk shows.

    Raises:
        Malformed: neither a telephone number nor a code.
    """
    written = text.strip()
    try:
        number = spelled(written)
    except ValueError:
        if CODE.fullmatch(written) is None:
            raise Malformed("customer", status=422) from None
        return f"code:{written}", ""
    return number, masked(number)
