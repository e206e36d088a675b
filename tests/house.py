"""The whole house as a transcript: one contact's chats, questions, surveys, call-backs and tickets, and one clock.

Every event goes through ``decide``; what the writer keeps in rows is kept here in dictionaries, by the same rules.
"""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from router import events, survey
from router.callbacks import Callback, Step
from router.contact import SPOKEN
from router.conversation import Conversation
from router.effects import (
    DeferSurvey,
    Effect,
    GiveQuestion,
    KeepCallback,
    KeepTicket,
    MarkSurveyAsked,
    QuestionKind,
    RecordQuestion,
    RecordScore,
    Refuse,
    ReleaseSurvey,
    RequestSurvey,
    ScheduleSurvey,
    SettleQuestion,
    WantAnswer,
)
from router.ledger import Line
from router.questions import Question
from router.standard import Subject
from router.survey import Asking, normalised
from router.tickets.acts import Draft, Merged
from router.tickets.alarms import fired
from router.tickets.decide import decide_ticket, merged, unproven
from router.tickets.decision import By, Circumstances, TicketDecision
from router.tickets.opening import imported, opened
from router.tickets.ticket import Ticket, TicketKind
from tests.dialog import Dialog

PROMISES = frozenset({"question.saved", "leave.saved", "queue.overnight"})
"""Words that promise an answer by a certain time."""


@dataclass
class Poll:
    """A survey as its row keeps it."""

    conversation: int
    ended: datetime
    asked: datetime | None = None
    skipped: datetime | None = None
    requested: bool = False
    deferred: bool = False
    stars: int | None = None

    @property
    def pending(self) -> bool:
        """Whether it has been neither asked nor passed over."""
        return self.asked is None and self.skipped is None


@dataclass
class Asked:
    """A question as its row keeps it."""

    kind: QuestionKind
    asked: datetime
    conversation: int | None
    owner: int | None = None
    answered: datetime | None = None


@dataclass
class House(Dialog):
    """A contact, whoever serves it, and everything that is kept about it."""

    conversations: dict[int, Conversation] = field(default_factory=dict)
    questions: dict[int, Asked] = field(default_factory=dict)
    polls: dict[int, Poll] = field(default_factory=dict)
    callbacks: dict[int, Callback] = field(default_factory=dict)
    """By the survey that was answered low."""
    tickets: dict[int, Ticket] = field(default_factory=dict)
    refused: str = ""
    unkept: list[str] = field(default_factory=list)
    """Promises to the customer for which nothing was written down."""
    _latest: int = 0
    """The conversation that was kept last."""

    @property
    def at(self) -> Circumstances:
        """What a decision about a ticket may look at."""
        return Circumstances(self.now, self.world.tickets, "zh", self.contact.channel not in SPOKEN)

    def lines_of(self, kind: str, number: int) -> list[Line]:
        """The running lines of one record."""
        return [one for one in self.lines.values() if (one.subject, one.subject_id) == (kind, number) and one.running]

    def jobs(self) -> None:
        """The job that sends surveys does what it was asked for."""
        for number, poll in list(self.polls.items()):
            if poll.requested and poll.pending and not poll.deferred:
                self._happen(events.SurveyDue(number, "王芳"))

    def _happen(self, event: events.Event) -> None:
        self.refused = ""
        super()._happen(event)
        for effect in self.effects:
            self._carry(effect)
        said = PROMISES & set(self.said)
        if said and not any(one.asked == self.now for one in self.questions.values()):
            self.unkept.extend(said)
        if not isinstance(event, events.Fired):
            self._overdue()

    def _overdue(self) -> None:
        """What was due when it was derived fires at once."""
        effects = self.effects
        self._pass(self.now)
        self.effects = (*effects, *self.effects)

    def _derive(self, held: Subject, number: int) -> None:
        if isinstance(held, Conversation):
            self.conversations[number], self._latest = held, number
        super()._derive(held, number)

    def _carry(self, effect: Effect) -> None:
        match effect:
            case Refuse(reason):
                self.refused = reason
            case KeepTicket(event):
                self._ticket_event(event)
            case KeepCallback(act):
                self._callback(act)
            case RecordQuestion() | WantAnswer() | SettleQuestion() | GiveQuestion():
                self._question(effect)
            case RecordScore(number, stars):
                self._scored_low(number, stars)
            case _:
                self._survey(effect)

    # Questions ------------------------------------------------------------------------------------------------------

    def _question(self, effect: RecordQuestion | WantAnswer | SettleQuestion | GiveQuestion) -> None:
        match effect:
            case RecordQuestion(kind, owner=owner):
                self._written_down(kind, owner)
            case WantAnswer(kind):
                gaps = [n for n, one in self.questions.items() if self._is_gap(one)]
                if gaps:
                    self.questions[gaps[-1]].kind, self.questions[gaps[-1]].asked = kind, self.now
                    self._ask(gaps[-1])
                else:
                    self._written_down(kind, None)
            case SettleQuestion(number):
                if (found := self.questions.get(number)) is not None and found.answered is None:
                    found.answered = self.now
                    self._ask(number)
            case GiveQuestion(number, owner, before):
                found = self.questions[number]
                if found.answered is None and found.owner == before:
                    found.owner = owner

    def _written_down(self, kind: QuestionKind, owner: int | None) -> None:
        held = self.contact.conversation
        here = held.id if held else None
        same = [one for one in self.questions.values() if (one.kind, one.conversation) == (QuestionKind.PLAN, here)]
        if kind is QuestionKind.PLAN and any(one.answered is None for one in same):
            return
        number = next(self._ids)
        self.questions[number] = Asked(kind, self.now, here, owner)
        self._ask(number)

    def _is_gap(self, one: Asked) -> bool:
        here = self.contact.conversation and self.contact.conversation.id
        return one.kind is QuestionKind.GAP and one.answered is None and one.conversation == here

    def _ask(self, number: int) -> None:
        one = self.questions[number]
        if one.kind is not QuestionKind.GAP:
            self._derive(Question(number, one.kind, one.asked, one.answered), number)

    # Surveys and call-backs -----------------------------------------------------------------------------------------

    def _survey(self, effect: Effect) -> None:
        match effect:
            case ScheduleSurvey(_, ended, at_close):
                self._schedule(ended, at_close=at_close)
            case MarkSurveyAsked(number):
                poll = self.polls[number]
                poll.asked, poll.deferred = poll.asked or self.now, False
                self._poll(number)
            case RequestSurvey(number):
                self._request(number)
            case DeferSurvey(number):
                self.polls[number].deferred = self.polls[number].asked is None
            case ReleaseSurvey():
                for number, poll in self.polls.items():
                    if poll.deferred and poll.pending:
                        self._request(number)

    def _schedule(self, ended: datetime, *, at_close: bool) -> None:
        for number, poll in self.polls.items():
            if poll.conversation != self._latest and poll.pending:
                poll.skipped = self.now
                self._poll(number)
        same = [n for n, poll in self.polls.items() if poll.conversation == self._latest]
        if same and self.polls[same[0]].asked:
            return
        number = same[0] if same else next(self._ids)
        lately = at_close and self._asked_lately(number)
        self.polls[number] = Poll(self._latest, ended, skipped=ended if lately else None)
        self._poll(number)
        if at_close and not lately:
            asked = survey.ask(self.contact, events.SurveyDue(number, "王芳"), self.world, self.now)
            self.contact = replace(asked.contact, last_said=survey.ASK)
            for effect in asked.effects:
                self._carry(effect)

    def _request(self, number: int) -> None:
        poll = self.polls[number]
        if not poll.pending:
            return
        poll.deferred = False
        if self._asked_lately(number):
            poll.skipped = self.now
            self._poll(number)
        else:
            poll.requested = True

    def _asked_lately(self, number: int) -> bool:
        since = self.now - self.world.standard.surveys.apart
        return any(one.asked is not None and one.asked > since for n, one in self.polls.items() if n != number)

    def _poll(self, number: int) -> None:
        poll = self.polls[number]
        self._derive(Asking(number, poll.ended, poll.asked or poll.skipped), number)

    def _scored_low(self, number: int, stars: int) -> None:
        poll = self.polls.get(number)
        if poll is None or poll.stars is not None:
            return
        poll.stars = stars
        if normalised(stars) < self.world.standard.surveys.low:
            self._call_back(number, Callback(next(self._ids), self.now))

    def _callback(self, act: events.CallbackMoved) -> None:
        number = next(n for n, one in self.callbacks.items() if one.id == act.callback_id)
        found = self.callbacks[number]
        if act.step == Step.CALL and found.called is None:
            self._call_back(number, replace(found, called=self.now))
        elif act.step == Step.REVISIT and found.called is not None and found.revisited is None:
            self._call_back(number, replace(found, revisited=self.now))

    def _call_back(self, number: int, callback: Callback) -> None:
        self.callbacks[number] = callback
        self._derive(callback, callback.id)

    # Tickets --------------------------------------------------------------------------------------------------------

    def _ticket_event(
        self,
        event: events.TicketOpened | events.TicketImported | events.TicketActed | events.Fired | events.Undelivered,
    ) -> None:
        match event:
            case events.TicketImported(draft, origin):
                decision = imported(draft, origin, self.at, repeats=self._repeats(draft))
                self._keep_ticket(decision, len(self.tickets) + 1)
            case events.TicketOpened(agent, name, draft):
                decision = opened(draft, By(agent, name), self.at, repeats=self._repeats(draft))
                self._keep_ticket(decision, len(self.tickets) + 1)
            case events.TicketActed(ticket_id=number, version=version, act=Merged(into)):
                if self.tickets[number].version == version:
                    gone, kept = merged(self.tickets[number], self.tickets[into], self.at)
                    self._keep_ticket(gone, number)
                    if not gone.refused:
                        self._keep_ticket(kept, into)
            case events.TicketActed(agent, name, number, version, act):
                held, standard = self.tickets[number], self.world.standard
                self._keep_ticket(decide_ticket(held, act, version, By(agent, name), self.at, standard), number)
            case events.Fired(clause, _, number):
                self._keep_ticket(fired(self.tickets[number], event, self.world.clause(clause, 0), self.at), number)
            case events.Undelivered(ticket=number):
                assert number is not None
                if (held := self.tickets[number]).extended_at is not None and not held.ended:
                    self._keep_ticket(unproven(held), number)

    def _keep_ticket(self, decision: TicketDecision, number: int) -> None:
        self.refused = decision.refused
        if decision.refused:
            return
        ticket = self.tickets[number] = replace(decision.ticket, id=number)
        for subject in ticket.subjects:
            self._derive(subject, number)
        if decision.told is not None and self.at.written:
            self.contact = replace(self.contact, last_said=decision.told.key, options=())

    def _repeats(self, draft: Draft) -> int:
        since = self.now - self.world.tickets.grading.within
        return sum(
            one.matter is TicketKind.COMPLAINT
            and one.business == draft.business
            and one.created > since
            and one.into is None
            for one in self.tickets.values()
        )
