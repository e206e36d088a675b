"""What the way of a message to its customer changes: who still waits, and who does not."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from router import alarms
from router.contact import Contact
from router.conversation import Conversation, Status
from router.events import Arrived

pytestmark = pytest.mark.pure

ANSWERED = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = ANSWERED + timedelta(minutes=5)
LOST = Conversation(1, Status.ASSIGNED, ANSWERED, answered=ANSWERED, waiting_since=LATER)


@pytest.mark.parametrize(
    ("conversation", "sender", "waits"),
    [
        (LOST, "agent", False),
        (LOST, "bot", True),
        (replace(LOST, spoke=ANSWERED - timedelta(minutes=1)), "agent", False),
        (replace(LOST, spoke=LATER), "agent", True),
        (replace(LOST, answered=None), "agent", True),
    ],
    ids=["the answer", "not an answer", "asked before", "asked since", "never answered"],
)
def test_an_answer_that_arrives_late_ends_the_wait_unless_the_customer_has_written_since(
    conversation: Conversation, sender: str, waits: bool
) -> None:
    decision = alarms.arrived(Contact(1, "wechat", conversation=conversation), Arrived(sender))
    assert decision.contact.conversation is not None
    assert (decision.contact.conversation.waiting_since is not None) == waits


def test_what_arrives_when_nothing_is_open_changes_nothing() -> None:
    contact = Contact(1, "wechat")
    assert alarms.arrived(contact, Arrived("agent")).contact is contact
