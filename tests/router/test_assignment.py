"""Assignment by the rule, whatever the crowd: held against a plain reading of the rule that looks at everyone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from router.assignment import Needs, Pair, Seat, Waiting, assign

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
SKILLS = st.frozensets(st.sampled_from(("broadband", "english", "vip")))
AGENTS = st.integers(1, 6)


def seat(agent: int, *skills: str, room: int = 5, idle: int = 0, **rooms: int) -> Seat:
    """An agent who has been idle for so many minutes."""
    return Seat(agent, frozenset(skills), room, NOON - timedelta(minutes=idle), rooms)


def chat(conversation: int, *required: str, prefers: str = "", knows: int | None = None, declined: int = 0) -> Waiting:
    """A chat on the web."""
    needs = Needs("web", frozenset(required), frozenset(prefers.split()))
    return Waiting(conversation, needs, knows, frozenset({declined}))


def test_the_longest_idle_comes_first_and_then_they_take_turns() -> None:
    pairs = assign([chat(1), chat(2), chat(3)], [seat(1, idle=5), seat(2, idle=9)])
    assert pairs == [Pair(1, 2), Pair(2, 1), Pair(3, 2)]


def test_a_chat_that_nobody_can_take_holds_back_nobody() -> None:
    assert assign([chat(1, "broadband"), chat(2)], [seat(1)]) == [Pair(2, 1)]


def test_a_preferred_skill_comes_before_idleness_and_is_not_required() -> None:
    assert assign([chat(1, prefers="vip")], [seat(1, idle=60), seat(2, "vip")]) == [Pair(1, 2)]
    assert assign([chat(1, prefers="vip")], [seat(1)]) == [Pair(1, 1)]


def test_who_knows_the_customer_comes_before_everybody_else_but_only_with_room_and_skill() -> None:
    crowd = [seat(1, "vip", idle=60), seat(2)]
    assert assign([chat(1, prefers="vip", knows=2)], crowd) == [Pair(1, 2)]
    assert assign([chat(1, "vip", knows=2)], crowd) == [Pair(1, 1)]
    assert assign([chat(1, knows=2), chat(2, knows=2)], [seat(1), seat(2, room=1)]) == [Pair(1, 2), Pair(2, 1)]


def test_a_chat_is_not_offered_to_who_has_just_declined_it() -> None:
    assert assign([chat(1, declined=1), chat(2)], [seat(1, idle=60)]) == [Pair(2, 1)]


def test_a_channel_may_have_a_limit_of_its_own() -> None:
    pairs = assign([chat(1), chat(2), chat(3)], [seat(1, web=1), seat(2, web=1, idle=1)])
    assert pairs == [Pair(1, 2), Pair(2, 1)]


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Waiting], list[Seat]]:
    """Some chats and some people."""
    needs = st.builds(Needs, st.sampled_from(("web", "wechat")), SKILLS, SKILLS)
    chats = st.builds(Waiting, st.just(0), needs, st.none() | AGENTS, st.frozensets(AGENTS, max_size=2))
    waiting = [
        Waiting(number, one.needs, one.knows, one.not_for) for number, one in enumerate(draw(st.lists(chats)), 1)
    ]
    moments = st.integers(0, 3).map(lambda minutes: NOON - timedelta(minutes=minutes))
    rooms = st.dictionaries(st.sampled_from(("web", "wechat")), st.integers(0, 2))
    seats = st.lists(
        st.builds(Seat, AGENTS, SKILLS, st.integers(0, 3), moments, rooms), unique_by=lambda one: one.agent
    )
    return waiting, draw(seats)


@given(crowds())
def test_the_lines_say_the_same_as_a_look_at_everyone(crowd: tuple[list[Waiting], list[Seat]]) -> None:
    waiting, seats = crowd
    assert assign(waiting, seats) == _plainly(waiting, seats)


def _plainly(waiting: Sequence[Waiting], seats: Sequence[Seat]) -> list[Pair]:
    """The rule as it is written down."""
    order = [one.agent for one in sorted(seats, key=lambda one: (one.idle_since, one.agent))]
    people = {one.agent: one for one in seats}
    room = {one.agent: one.room for one in seats}
    rooms = {(one.agent, channel): count for one in seats for channel, count in one.rooms.items()}
    pairs = []
    for one in waiting:
        able = [
            agent
            for agent in order
            if room[agent] > 0
            and rooms.get((agent, one.needs.channel), 1) > 0
            and one.needs.required <= people[agent].skills
            and agent not in one.not_for
        ]
        if not able:
            continue
        lacking = {agent: len(one.needs.preferred - people[agent].skills) for agent in able}
        best = one.knows if one.knows in able else min(able, key=lambda agent: lacking[agent])
        assert best is not None
        pairs.append(Pair(one.conversation, best))
        room[best] -= 1
        if (best, one.needs.channel) in rooms:
            rooms[best, one.needs.channel] -= 1
        order.remove(best)
        order.append(best)
    return pairs
