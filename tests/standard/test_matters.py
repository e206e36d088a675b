"""Chats, questions, surveys, call-backs and tickets of one customer under any sequence of events, all of them together:
a matter is closed, or somebody waits and it has an owner and a limit, or nobody waits and a limit will end it.

``HUIYING_TEST_CASES=5000 pytest tests/standard/test_matters.py`` is the long form.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace as changed

import router
from router import events
from router.callbacks import Cause, Step
from router.clauses.subjects import ACTS_OF_THE_CLOCK
from router.contact import SPOKEN
from router.conversation import Conversation, Status
from router.effects import QuestionKind
from router.standard import parse
from router.tickets import acts
from router.tickets.acts import Draft, TicketAct
from router.tickets.ticket import Grade, Inspection, State, Ticket
from tests.case import COMPLAINT, FAULT, GRAVE, MAJOR, SUGGESTION
from tests.dialog import world
from tests.house import House
from tests.standard import slow_ledger
from tests.standard.test_ticket_life import ACTS, MARKS, NEXT

pytestmark = pytest.mark.pure

CASES = int(os.environ.get("HUIYING_TEST_CASES", "25"))
SHIPPED = parse((Path(router.__file__).parent / "standard.toml").read_text("utf-8"))
"""With its service hours and quiet hours."""
TEXTS = st.sampled_from(["话费", "查询", "没见过", "人工", "取消排队", "谢谢", "你好", "1", "还要多久"])
CHOICES = st.sampled_from(["human", "leave", "none", "cancel_queue", "faq:fee", "survey:skip"])
DRAFTS = st.sampled_from([FAULT, SUGGESTION, COMPLAINT, GRAVE, MAJOR])
HOURS = st.sampled_from([0.1, 0.6, 2.1, 9, 25, 49, 100, 190])
PICK = st.integers(0, 3)
MARKS_OF_CHATS = ("spoke", "returned", "queued", "assigned", "waiting_since", "answered", "reminded", "closed")


class Matters(RuleBasedStateMachine):
    """One customer, two agents, a leader, departments, a clock."""

    @initialize(
        around_the_clock=st.booleans(),
        channel=st.sampled_from(["web", "web", "wechat_kf", "hotline"]),
        on_duty=st.integers(0, 2),
        waiting=st.sampled_from([0, 10]),
    )
    def begin(self, *, around_the_clock: bool, channel: str, on_duty: int, waiting: int) -> None:
        found = world(on_duty=on_duty, waiting=waiting)
        self.house = House(found if around_the_clock else replace(found, standard=SHIPPED), channel=channel)
        self.chats: dict[int, Conversation] = {}
        self.tickets: dict[int, Ticket] = {}

    # What happens ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.house.channel not in SPOKEN)
    @rule(text=TEXTS)
    def says(self, text: str) -> None:
        self.house >> text

    @precondition(lambda self: self.house.channel not in SPOKEN)
    @rule(choice=CHOICES)
    def taps(self, choice: str) -> None:
        self.house.tap(choice)

    @rule(hours=HOURS)
    def waits(self, hours: float) -> None:
        self.house.jobs()
        self.house >> timedelta(hours=hours)

    @rule()
    def the_job_sends_surveys(self) -> None:
        self.house.jobs()

    @precondition(lambda self: self.house.contact.conversation is not None)
    @rule(agent=st.sampled_from([7, 8]), by_hand=st.booleans())
    def is_assigned(self, agent: int, *, by_hand: bool) -> None:
        held = self.house.conversation
        self.house >> events.Assigned(agent, "王芳", held.assignee, held.version, agent if by_hand else None)

    @precondition(lambda self: self.house.contact.conversation is not None)
    @rule(act=st.sampled_from(["reply", "reply", "back", "requeue", "close", "gone", "complex"]))
    def acts(self, act: str) -> None:
        held = self.house.conversation
        agent = held.assignee or 7
        deeds: dict[str, events.AgentAct] = {
            "reply": events.Replied(agent, "王芳", "您好", held.version),
            "back": events.HandedBack(agent, held.version),
            "requeue": events.Requeued(agent, held.version, "service"),
            "close": events.Closed(agent, "王芳", held.version, "billing"),
            "gone": events.Abandoned(agent, held.version),
            "complex": events.MarkedComplex(agent, held.version),
        }
        self.house >> deeds[act]

    @precondition(lambda self: self.house.channel not in SPOKEN)
    @rule(back=st.booleans())
    def is_served(self, *, back: bool) -> None:
        """The usual way of a chat, so that surveys come of it."""
        self.house >> "人工"
        held = self.house.contact.conversation
        if held is not None and held.status is Status.QUEUED:
            self.house.assign().reply()
            done = self.house.conversation
            self.house >> (events.HandedBack(7, done.version) if back else events.Closed(7, "王芳", done.version, "x"))

    @precondition(lambda self: self.house.channel not in SPOKEN)
    @rule(text=st.sampled_from(["查询", "没见过"]))
    def is_not_helped_and_leaves_word(self, text: str) -> None:
        self.house >> text
        self.house.tap("none").tap("leave")

    @precondition(lambda self: self.house.polls)
    @rule(pick=PICK, stars=st.integers(1, 5), by_page=st.booleans())
    def scores(self, pick: int, stars: int, *, by_page: bool) -> None:
        asked = [number for number, poll in self.house.polls.items() if poll.asked]
        if asked:
            number = asked[pick % len(asked)]
            said = events.Said("", choice=f"survey:{number}:{stars}")
            self.house >> (events.Filled(number, stars, "还行") if by_page else said)

    @precondition(lambda self: self.house.callbacks)
    @rule(pick=PICK, step=st.sampled_from(list(Step)))
    def calls_back(self, pick: int, step: Step) -> None:
        callback = list(self.house.callbacks.values())[pick % len(self.house.callbacks)]
        self.house >> events.CallbackMoved(9, callback.id, step, Cause.WAITING, "道歉", won_back=True)

    @precondition(lambda self: self.house.questions)
    @rule(pick=PICK, takes=st.booleans())
    def answers(self, pick: int, *, takes: bool) -> None:
        numbers = list(self.house.questions)
        number = numbers[pick % len(numbers)]
        taken = events.QuestionTaken(7, number, 8, self.house.questions[number].owner)
        self.house >> (taken if takes else events.QuestionAnswered(7, number, "问题", "答案"))

    @precondition(lambda self: len(self.house.tickets) < 4)
    @rule(draft=DRAFTS)
    def opens_a_ticket(self, draft: Draft) -> None:
        self.house >> events.TicketOpened(7, "王芳", draft)

    @precondition(lambda self: len(self.house.tickets) < 4)
    @rule(draft=DRAFTS, hours=HOURS, solved=st.booleans(), owner=st.sampled_from([7, None]))
    def brings_a_ticket_of_another_system(self, draft: Draft, hours: float, owner: int | None, *, solved: bool) -> None:
        created = self.house.now - timedelta(hours=hours)
        origin = acts.Origin("A-1", created, created + timedelta(hours=hours / 2) if solved else None, owner=owner)
        self.house >> events.TicketImported(draft, origin)

    @precondition(lambda self: self.house.tickets)
    @rule(pick=PICK, act=ACTS)
    def works_on_a_ticket(self, pick: int, act: TicketAct) -> None:
        self._ticket(pick, act)

    @precondition(lambda self: self.house.tickets)
    @rule(pick=PICK, steps=st.integers(1, 5))
    def goes_on_with_a_ticket(self, pick: int, steps: int) -> None:
        for _ in range(steps):
            number = pick % len(self.house.tickets) + 1
            if (act := NEXT.get(self.house.tickets[number].state)) is not None:
                self._ticket(pick, act)

    @precondition(lambda self: self.house.tickets)
    @rule(pick=PICK, hours=st.integers(24, 900), arrives=st.booleans())
    def extends_a_ticket(self, pick: int, hours: int, *, arrives: bool) -> None:
        until = self.house.now + timedelta(hours=hours)
        number = self._ticket(pick, acts.Extended(until, "缺配件", called=self.house.channel in SPOKEN))
        if not arrives:
            self.house >> events.Undelivered("system", "45015", unsure=False, ticket=number)

    @precondition(lambda self: len(self.house.tickets) > 1)
    @rule(pick=PICK, into=st.integers(1, 4))
    def merges_tickets(self, pick: int, into: int) -> None:
        if into in self.house.tickets and into != pick % len(self.house.tickets) + 1:
            self._ticket(pick, acts.Merged(into))

    def _ticket(self, pick: int, act: TicketAct) -> int:
        number = pick % len(self.house.tickets) + 1
        self.house >> events.TicketActed(7, "王芳", number, self.house.tickets[number].version, act)
        return number

    # What holds -----------------------------------------------------------------------------------------------------

    @invariant()
    def every_chat_is_closed_or_whoever_waits_has_a_limit_or_a_limit_will_end_it(self) -> None:
        for number, held in self.house.conversations.items():
            if held.status is Status.CLOSED:
                continue
            assert number == self.house.conversation.id, "two chats are open"
            promised = self._promised("conversation", number)
            if held.with_people and held.waiting_since is not None:
                assert promised, held
                assert held.assignee is not None or held.queue, held
            else:
                assert promised or self._ends("conversation", number), held

    @invariant()
    def every_question_that_was_promised_an_answer_has_a_limit_until_it_is_answered(self) -> None:
        for number, one in self.house.questions.items():
            waits = one.kind is not QuestionKind.GAP and one.answered is None
            assert bool(self._promised("question", number)) == waits, one
        assert not self.house.unkept

    @invariant()
    def every_survey_is_asked_or_passed_over_or_will_be(self) -> None:
        for number, poll in self.house.polls.items():
            waits_for_the_chat = poll.deferred and self.house.contact.conversation is not None
            assert not poll.pending or self._ends("survey", number) or poll.requested or waits_for_the_chat, poll
            assert not (poll.asked and poll.skipped), poll

    @invariant()
    def every_low_score_is_called_back_about_and_visited_again(self) -> None:
        for number, poll in self.house.polls.items():
            assert (number in self.house.callbacks) == (poll.stars is not None and poll.stars < 4), poll
        for one in self.house.callbacks.values():
            assert bool(self._promised("callback", one.id)) == (one.revisited is None), one

    @invariant()
    def every_ticket_is_archived_or_is_somebody_s_and_has_a_limit(self) -> None:
        for number, ticket in self.house.tickets.items():
            promised = [*self._promised("ticket", number), *self._promised("complaint", number)]
            somebody = ticket.owner is not None or ticket.department
            assert ticket.ended or (somebody and (promised or self._ends("ticket", number))), ticket

    @invariant()
    def the_ledger_is_what_slow_models_derive(self) -> None:
        for kind, number, expected in self._expected():
            assert {line.clause: line.due for line in self.house.lines_of(kind, number)} == expected, (kind, number)

    @invariant()
    def a_limit_that_has_passed_is_on_record_and_none_is_so_early(self) -> None:
        for line in self.house.lines.values():
            assert not line.running or (line.breached is not None) == (line.due <= self.house.now), line
            assert line.breached is None or line.breached >= line.due or line.met is not None, line

    @invariant()
    def marks_never_go_back_and_what_has_ended_never_changes(self) -> None:
        for number, held in self.house.conversations.items():
            last = self.chats.get(number)
            assert last is None or last.status is not Status.CLOSED or held == last
            assert last is None or _forward(last, held, MARKS_OF_CHATS), (last, held)
            self.chats[number] = held
        for number, ticket in self.house.tickets.items():
            earlier = self.tickets.get(number)
            assert earlier is None or not earlier.ended or ticket == earlier
            assert earlier is None or _forward(earlier, ticket, MARKS), (earlier, ticket)
            self.tickets[number] = ticket

    @invariant()
    def nothing_is_archived_without_its_gates(self) -> None:
        for ticket in self.house.tickets.values():
            if ticket.ended and ticket.into is None:
                assert changed(ticket, archived=None).state is State.VISITED, ticket
                assert ticket.inspection is not Inspection.DRAWN, ticket
                assert ticket.grade is not Grade.MAJOR or ticket.regulator is not None, ticket

    # Looking --------------------------------------------------------------------------------------------------------

    def _promised(self, kind: str, number: int) -> list[str]:
        """The limits of people that run for a record, each with somebody who is alerted at last."""
        clauses = [self.house.world.standard.clause(line.clause) for line in self.house.lines_of(kind, number)]
        promises = [clause for clause in clauses if clause.is_promise or clause.on_breach == "reoffer"]
        assert all(clause.alert for clause in promises), promises
        return [clause.id for clause in promises]

    def _ends(self, kind: str, number: int) -> bool:
        """Whether the clock will do something about a record by itself."""
        ahead = [line.clause for line in self.house.lines_of(kind, number) if line.next_at is not None]
        return any(self.house.world.standard.clause(clause).on_breach in ACTS_OF_THE_CLOCK for clause in ahead)

    def _expected(self) -> Iterator[tuple[str, int, dict[str, datetime]]]:
        """What should run, by kind and number of the record."""
        standard = self.house.world.standard
        for number, held in self.house.conversations.items():
            yield "conversation", number, slow_ledger.conversations_deadlines(held, standard)
        for number, one in self.house.questions.items():
            yield "question", number, slow_ledger.questions_deadlines(one, standard)
        for number, poll in self.house.polls.items():
            yield "survey", number, slow_ledger.surveys_deadlines(poll, standard)
        for callback in self.house.callbacks.values():
            marks = callback.opened, callback.called, callback.revisited
            yield "callback", callback.id, slow_ledger.callbacks_deadlines(*marks)
        for number, ticket in self.house.tickets.items():
            expected = slow_ledger.tickets_deadlines(ticket)
            for kind in ("ticket", "complaint"):
                yield kind, number, {clause: due for clause, due in expected.items() if clause.startswith(kind)}


def _forward(earlier: Conversation | Ticket, later: Conversation | Ticket, marks: tuple[str, ...]) -> bool:
    """Whether each mark stayed, moved on, or was given up."""
    pairs = [(getattr(earlier, mark), getattr(later, mark)) for mark in marks]
    return all(before is None or now is None or now >= before for before, now in pairs)


TestMatters = Matters.TestCase
TestMatters.settings = settings(max_examples=CASES, stateful_step_count=40, deadline=None)
