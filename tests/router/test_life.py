"""The life of a contact under any sequence of events: nobody is forgotten, nothing goes back, nothing runs for ever."""

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from router import events
from router.conversation import MOVES, Conversation, Status
from router.standard import open_deadlines
from tests.dialog import Dialog, world

pytestmark = pytest.mark.pure

TEXTS = st.sampled_from(
    ["话费", "查询", "没见过", "人工", "取消排队", "谢谢", "你好", "1", "2", "还要多久", "x" * 5000, " "]
)
CHOICES = st.sampled_from(
    ["human", "leave", "none", "cancel_queue", "faq:fee", "faq:gone", "survey:1:5", "survey:skip"]
)
MINUTES = st.integers(1, 200)


class Life(RuleBasedStateMachine):
    """One contact, two agents, a clock."""

    @initialize(open_always=st.booleans(), on_duty=st.integers(0, 2), waiting=st.sampled_from([0, 10]))
    def begin(self, *, open_always: bool, on_duty: int, waiting: int) -> None:
        self.dialog = Dialog(world=world(open_always=open_always, on_duty=on_duty, waiting=waiting))
        self.last: Conversation | None = None
        self.marks: dict[str, datetime | None] = {}

    @rule(text=TEXTS)
    def says(self, text: str) -> None:
        self._do(text)

    @rule(choice=CHOICES)
    def taps(self, choice: str) -> None:
        self._do(events.Said("", choice=choice))

    @rule(kind=st.sampled_from(list(events.Kind)))
    def sends(self, kind: events.Kind) -> None:
        self._do(events.Said("", kind))

    @rule(minutes=MINUTES)
    def waits(self, minutes: int) -> None:
        self._do(timedelta(minutes=minutes))

    @rule()
    def stumbles(self) -> None:
        self._do(events.Stumbled("话费", events.Kind.TEXT))

    @precondition(lambda self: self.dialog.contact.conversation is not None)
    @rule(agent=st.sampled_from([7, 8]), by_hand=st.booleans(), stale=st.booleans())
    def is_assigned(self, agent: int, *, by_hand: bool, stale: bool) -> None:
        held = self.dialog.conversation
        self._do(events.Assigned(agent, "王芳", held.assignee, held.version - stale, agent if by_hand else None))

    @precondition(lambda self: self.dialog.contact.conversation is not None)
    @rule(
        agent=st.sampled_from([7, 8]),
        act=st.sampled_from(
            [
                "reply",
                "note",
                "back",
                "requeue",
                "close",
                "gone",
                "pass",
                "offer",
                "accept",
                "decline",
                "invite",
                "excuse",
            ]
        ),
    )
    def acts(self, agent: int, act: str) -> None:
        version = self.dialog.conversation.version
        deeds: dict[str, events.AgentAct] = {
            "reply": events.Replied(agent, "王芳", "您好", version),
            "note": events.Noted(agent, "老客户"),
            "back": events.HandedBack(agent, version),
            "requeue": events.Requeued(agent, version, "service"),
            "close": events.Closed(agent, "王芳", version, "billing"),
            "gone": events.Abandoned(agent, version),
            "pass": events.Transferred(agent, "王芳", version, 9, "李华", "老客户"),
            "offer": events.Offered(agent, self.dialog.conversation.assignee, version),
            "invite": events.Invited(agent, "王芳", version, 9, "李华", answers=True),
            "excuse": events.Excused(agent, 9, "李华"),
            "accept": events.Accepted(9 if agent == 7 else agent, "李华"),
            "decline": events.Declined(9 if agent == 7 else agent, "李华"),
        }
        self._do(deeds[act])

    @rule(unsure=st.booleans(), sender=st.sampled_from(["agent", "bot", "system"]))
    def is_undelivered(self, *, unsure: bool, sender: str) -> None:
        self._do(events.Undelivered(sender, "45015", unsure))

    @rule(survey=st.integers(1, 3))
    def is_surveyed(self, survey: int) -> None:
        self._do(events.SurveyDue(survey, "王芳"))

    def _do(self, done: str | timedelta | events.Event) -> None:
        self.last = self.dialog.contact.conversation
        self.dialog >> done

    @invariant()
    def every_open_conversation_has_something_that_will_end_or_answer_it(self) -> None:
        held = self._held()
        if held is not None:
            assert self.dialog.running(), held

    @invariant()
    def whoever_waits_for_a_person_has_a_limit(self) -> None:
        held = self._held()
        if held is not None and held.with_people and held.waiting_since is not None:
            running = self.dialog.running().keys()
            overdue = [line.clause for line in self.dialog.lines.values() if line.running and line.breached]
            assert {"enquiry.first_response", "enquiry.next_response"} & ({*running} | {*overdue}), held

    @invariant()
    def the_ledger_is_what_the_marks_say(self) -> None:
        held = self._held()
        if held is not None:
            derived = {due.clause_id: due.due for due in open_deadlines(held, self.dialog.world.standard)}
            assert self.dialog.running() == derived

    @invariant()
    def nothing_runs_for_what_has_ended(self) -> None:
        if self._held() is None and hasattr(self, "dialog"):
            assert not self.dialog.running()

    @invariant()
    def versions_and_states_only_move_as_the_table_says(self) -> None:
        held = self._held()
        if held is None or self.last is None or held.id != self.last.id:
            return
        assert held.version >= self.last.version
        if held.status is not self.last.status:
            assert _reachable(self.last.status, held.status)
        assert (held.assignee is not None) == (held.status is Status.ASSIGNED)

    def _held(self) -> Conversation | None:
        return self.dialog.contact.conversation if hasattr(self, "dialog") else None


def _reachable(start: Status, end: Status) -> bool:
    """Whether some moves lead there: time may have let several deadlines fire."""
    seen, ahead = {start}, [start]
    while ahead:
        ahead = [move for status in ahead for move in MOVES[status] if move not in seen]
        seen.update(ahead)
    return end in seen


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
