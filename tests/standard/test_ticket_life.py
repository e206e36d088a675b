"""The life of tickets under any acts and hours: nothing is left lying, nothing goes back, nothing slips out."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from router.tickets import acts
from router.tickets.acts import Draft, TicketAct
from router.tickets.decision import By
from router.tickets.ticket import Grade, Inspection, State, Ticket
from tests.case import COMPLAINT, FAULT, GRAVE, MAJOR, SUGGESTION, WANG, Case
from tests.standard.slow_ledger import tickets_deadlines

pytestmark = pytest.mark.pure

MARKS = (
    "transferred", "reported", "solved", "told", "visited", "drawn", "inspected", "reopened", "archived", "graded",
    "verified", "replied", "emergency", "planned", "regulator", "extended_at",
)  # fmt: skip
DRAFTS = st.sampled_from([FAULT, SUGGESTION, COMPLAINT, GRAVE, MAJOR])
ACTS = st.sampled_from(
    [
        acts.Moved("billing", "账务的事"),
        acts.Moved("network", "网络的事"),
        acts.Taken(),
        acts.Owned(8, "李雷"),
        acts.Reported("有进展", called=True),
        acts.Reported("有进展"),
        acts.Solved("好了"),
        acts.Solved("好了", called=True),
        acts.Told("打过电话"),
        acts.Visited(settled=True, text="好了"),
        acts.Visited(settled=False, text="没好"),
        acts.Drawn(),
        acts.Inspected(passed=True, text="好"),
        acts.Inspected(passed=False, text="不好"),
        acts.Archived(),
        acts.Reopened("又坏了"),
        acts.Noted("记一笔"),
        acts.Graded(Grade.MAJOR, "群体"),
        acts.Graded(Grade.ORDINARY, "已安抚"),
        acts.Verified("属实"),
        acts.Replied("在办", called=True),
        acts.Responded(9, "陈静"),
        acts.Planned("王芳", "先退费"),
        acts.Informed("118"),
    ]
)
LOOKS = st.sampled_from([acts.Drawn(), acts.Reopened("又坏了"), acts.Inspected(passed=True, text="好")])
NEXT: dict[State, TicketAct] = {
    State.NEW: acts.Moved("service", "归客服"),
    State.ROUTED: acts.Taken(),
    State.IN_HAND: acts.Solved("好了", called=True),
    State.SOLVED: acts.Told("打过电话"),
    State.TOLD: acts.Visited(settled=True, text="好了"),
    State.VISITED: acts.Archived(),
}
"""What usually comes next."""
PICK = st.integers(0, 3)


class TicketLife(RuleBasedStateMachine):
    """One customer with up to four tickets, an agent, a clock."""

    @initialize(written=st.booleans(), draft=DRAFTS, by_form=st.booleans())
    def begin(self, *, written: bool, draft: Draft, by_form: bool) -> None:
        self.case = Case(written=written)
        self.before: dict[int, Ticket] = {}
        self.gates: dict[int, bool] = {}
        self._open(draft, by_form=by_form)

    @precondition(lambda self: len(self.case.tickets) < 4)
    @rule(draft=DRAFTS, by_form=st.booleans(), repeats=st.integers(0, 1))
    def opens(self, draft: Draft, *, by_form: bool, repeats: int) -> None:
        self._open(draft, by_form=by_form, repeats=repeats)

    @rule(act=ACTS, pick=PICK, stale=st.sampled_from([0, 0, 0, 1]))
    def does(self, act: TicketAct, pick: int, stale: int) -> None:
        number = self._number(pick)
        self.case.do(act, number, version=self.case.tickets[number].version - stale)

    @rule(pick=PICK, steps=st.integers(1, 6))
    def goes_on(self, pick: int, steps: int) -> None:
        number = self._number(pick)
        for _ in range(steps):
            if (act := NEXT.get(self.case.tickets[number].state)) is not None:
                self._remember()
                self.case.do(act, number)

    @rule(pick=PICK, act=LOOKS)
    def is_looked_at_again(self, pick: int, act: TicketAct) -> None:
        self.case.do(act, self._number(pick))

    @rule(pick=PICK, hours=st.integers(24, 900))
    def extends(self, pick: int, hours: int) -> None:
        number = self._number(pick)
        self.case.do(acts.Extended(self.case.now + timedelta(hours=hours), "缺配件", called=True), number)

    @precondition(lambda self: len(self.case.tickets) > 1)
    @rule(pick=PICK, other=PICK)
    def merges(self, pick: int, other: int) -> None:
        number, into = self._number(pick), self._number(other)
        if number != into:
            self.case.merge(number, into)

    @rule(hours=st.sampled_from([0.2, 1, 3, 25, 49, 100]))
    def waits(self, hours: float) -> None:
        self._remember()
        self.case.later(hours=hours)

    @invariant()
    def every_ticket_is_archived_or_is_somebody_s_and_has_a_limit(self) -> None:
        for number, ticket in self._tickets():
            somebody = ticket.owner is not None or ticket.department
            assert ticket.ended or (somebody and self.case.running(number)), ticket

    @invariant()
    def the_ledger_is_what_a_slow_model_derives(self) -> None:
        for number, ticket in self._tickets():
            assert self.case.running(number) == tickets_deadlines(ticket), ticket

    @invariant()
    def a_limit_that_has_passed_is_on_record_and_none_is_so_early(self) -> None:
        for number, _ in self._tickets():
            for line in self.case.all_lines(number):
                assert not line.running or (line.breached is not None) == (line.due <= self.case.now), line
                assert line.breached is None or line.breached >= line.due or line.met is not None

    @invariant()
    def marks_never_go_back(self) -> None:
        for number, ticket in self._tickets():
            for mark in MARKS:
                earlier = getattr(self.before.get(number), mark, None)
                assert earlier is None or getattr(ticket, mark) >= earlier, mark
            assert ticket.version >= getattr(self.before.get(number), "version", 0)

    @invariant()
    def what_is_archived_has_passed_its_gates_and_never_changes(self) -> None:
        for number, ticket in self._tickets():
            before = self.before.get(number)
            if before is not None and before.ended:
                assert ticket == before
            elif ticket.ended and ticket.into is None:
                assert before is not None
                assert before.state is State.VISITED
                assert ticket.inspection is not Inspection.DRAWN
                assert ticket.grade is not Grade.MAJOR or ticket.regulator is not None
            elif ticket.into is not None:
                assert not self.case.tickets[ticket.into].ended or ticket.into < number

    @invariant()
    def grades_are_of_complaints_alone(self) -> None:
        assert all((one.matter.value == "complaint") == (one.grade is not None) for _, one in self._tickets())

    def _open(self, draft: Draft, *, by_form: bool, repeats: int = 0) -> None:
        self._remember()
        self.case.open(draft, By() if by_form else WANG, repeats=repeats)

    def _number(self, pick: int) -> int:
        """One of the tickets; what they were before is remembered."""
        self._remember()
        return pick % len(self.case.tickets) + 1

    def _remember(self) -> None:
        self.before = dict(self.case.tickets)

    def _tickets(self) -> list[tuple[int, Ticket]]:
        return list(self.case.tickets.items()) if hasattr(self, "case") else []


TestTicketLife = TicketLife.TestCase
TestTicketLife.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
