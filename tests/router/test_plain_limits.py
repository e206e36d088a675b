"""Plain limits, which nearly every message asks about: the quick look says what the whole rule says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.clauses.due import deadline, stays
from router.conversation import Conversation, Status
from router.standard import Standard, parse, rules

TEXT = (Path(__file__).parents[2] / "router" / "standard.toml").read_text(encoding="utf-8")
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2_880 * 60).map(lambda seconds: FIRST + timedelta(seconds=seconds, microseconds=seconds))


@pytest.fixture(scope="module")
def standard() -> Standard:
    return parse(TEXT)


@given(spoke=st.none() | MOMENTS, closed=st.none() | MOMENTS, off=st.integers(-2, 2))
def test_a_plain_limit_stays_only_where_the_whole_rule_gives_the_same_time(
    standard: Standard, spoke: datetime | None, closed: datetime | None, off: int
) -> None:
    chat = Conversation(1, Status.BOT, FIRST, spoke=spoke, closed=closed)
    (rule,) = rules(chat, standard)
    assert rule.plain
    found = deadline(chat, rule)
    due = (found.due if found else spoke or chat.opened) + timedelta(minutes=off)
    quick = stays(chat, rule, due)
    assert not quick or (found is not None and found.due == due)
    if closed is None:
        assert quick == (found is not None and found.due == due)


def test_limits_with_hours_or_rounds_of_their_own_are_not_plain(standard: Standard) -> None:
    rules_of = [*standard.plans["conversation"].by_value.values(), standard.plans["ticket"].otherwise]
    plain = {rule.clause.id: rule.plain for found in rules_of for rule in found}
    assert plain["conversation.idle"]
    assert not plain["ticket.progress"]
