"""What a clause cannot see of a conversation may change without its limits being derived again, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import fields, replace

from router.clauses.subjects import SUBJECTS
from router.conversation import Conversation, Offer, Status

pytestmark = pytest.mark.pure

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)
BEFORE = Conversation(
    1, Status.ASSIGNED, NOON, 1, "service", 0, 7, spoke=NOON, queued=NOON, assigned=NOON, waiting_since=NOON, told=NOON
)
CHANGED: dict[str, object] = {
    "id": 2,
    "status": Status.QUEUED,
    "version": 2,
    "queue": "broadband",
    "priority": 1,
    "assignee": 8,
    "reoffer": True,
    "misses": 1,
    "wrapup": "idle",
    "last_used": 3,
    "offer": Offer(8, LATER),
} | dict.fromkeys(SUBJECTS["conversation"].marks, LATER)
UNSEEN = {"version", "priority", "reoffer", "misses", "assignee", "offer"}


@pytest.mark.parametrize("name", [field.name for field in fields(Conversation)])
def test_only_what_no_clause_can_ask_for_leaves_it_measured_like_before(name: str) -> None:
    after = replace(BEFORE, **{name: CHANGED[name]})
    assert after != BEFORE
    assert after.measured_like(BEFORE) == BEFORE.measured_like(after) == (name in UNSEEN)
    seen = SUBJECTS["conversation"]
    if name in UNSEEN:
        assert [after.mark(mark) for mark in seen.marks] == [BEFORE.mark(mark) for mark in seen.marks]
        assert [after.fact(fact) for fact in seen.facts] == [BEFORE.fact(fact) for fact in seen.facts]
