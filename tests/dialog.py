"""A conversation as a transcript: what is done, ``>>``, and what it leads to.

    dialog >> "人工" << Said("queue.place")
    dialog >> timedelta(minutes=30) << Said("late")

The dialog plays the writer's part without a database: it keeps the contact, derives the ledger and lets deadlines
fire when time passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType

from msgspec.structs import replace

import router
from router import events, ledger
from router.contact import Contact
from router.conversation import Conversation, Status
from router.decide import decide
from router.effects import Effect, FileRequest, RecordScore, Say, TellPlace, Words, words
from router.forms.idle import HalfFilled
from router.ledger import Line
from router.questionnaire.questionnaire import Questionnaires
from router.questionnaire.table import parse as parse_questionnaire
from router.routing import parse as parse_routing
from router.standard import Subject, parse
from router.tickets.rules import parse as parse_tickets
from router.world import Article, Manners, Phrases, Staffing, World

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""
ALWAYS_OPEN = (
    parse((Path(router.__file__).parent / "standard.toml").read_text("utf-8"))
    .with_hours("00:00-24:00")
    .without_quiet_hours()
)
DAY_HOURS = ALWAYS_OPEN.with_hours("08:00-22:00")
ROUTING = parse_routing((Path(router.__file__).parent / "routing.toml").read_text("utf-8"))
TICKETS = parse_tickets((Path(router.__file__).parent / "tickets.toml").read_text("utf-8"))
QUESTIONNAIRE = parse_questionnaire(
    (Path(router.__file__).parent / "questionnaire" / "questionnaire.toml").read_text("utf-8")
)
KNOWLEDGE = MappingProxyType(
    {
        "fee": Article("fee", "怎么查话费", "发送查话费到10977。"),
        "data": Article("data", "怎么查流量", "打开App首页。"),
    }
)
FOUND = MappingProxyType(
    {
        "话费": events.Found(("fee",), direct=True, confidence=0.95),
        "查询": events.Found(("fee", "data"), confidence=0.6),
    }
)
"""What the knowledge base makes of a text; of any other, nothing."""
PHRASES = Phrases(
    human=frozenset({"人工"}),
    cancel=frozenset({"取消排队"}),
    thanks=frozenset({"谢谢"}),
    greetings=frozenset({"你好"}),
    place=frozenset({"还要多久"}),
)


def world(*, on_duty: int = 2, waiting: int = 0, longest: int = 10, open_always: bool = True) -> World:
    """A small world with two entries and one queue."""
    staffing = {"service": Staffing(on_duty, waiting, longest)}
    standard = ALWAYS_OPEN if open_always else DAY_HOURS
    return World(
        standard,
        Manners(),
        PHRASES,
        KNOWLEDGE,
        ("fee", "data"),
        MappingProxyType(staffing),
        ROUTING,
        tickets=TICKETS,
        questionnaires=Questionnaires(MappingProxyType({QUESTIONNAIRE.version: QUESTIONNAIRE}), QUESTIONNAIRE.version),
    )


@dataclass
class Dialog:
    """One contact talking, waiting and being served."""

    world: World = field(default_factory=world)
    now: datetime = MONDAY_MORNING
    channel: str = "web"
    contact: Contact = field(init=False)
    effects: tuple[Effect, ...] = ()
    lines: dict[int, Line] = field(default_factory=dict)
    found: Mapping[str, events.Found] = field(default_factory=lambda: FOUND)
    scores: dict[int, int] = field(default_factory=dict)
    """Stars by survey: the first score of each."""

    def __post_init__(self) -> None:
        self.contact = Contact(1, self.channel)
        self._ids = count(1)

    @property
    def conversation(self) -> Conversation:
        """The open conversation."""
        assert self.contact.conversation is not None
        return self.contact.conversation

    @property
    def said(self) -> list[str]:
        """Keys of what was said last: words by key, stored text by its own name or text."""
        return [_key(effect) for effect in self.effects if isinstance(effect, Say | TellPlace)]

    @property
    def options(self) -> tuple[str, ...]:
        """Ids of the choices that stand."""
        return self.contact.options

    def running(self) -> dict[str, datetime]:
        """Due times of what runs, by clause."""
        return {line.clause: line.due for line in self.lines.values() if line.running}

    def __rshift__(self, done: "str | timedelta | events.Event") -> "Dialog":
        """Let something happen: a customer's text, time passing, or any event."""
        match done:
            case timedelta():
                self._pass(self.now + done)
            case str():
                self._happen(events.Said(done, found=self.found.get(done, events.NOTHING_FOUND)))
            case _:
                self._happen(done)
        return self

    def __lshift__(self, expected: str | type[Effect] | None) -> "Dialog":
        """Expect a key among what was said, a kind of effect, or silence."""
        if expected is None:
            assert self.said == [], self.said
        elif isinstance(expected, str):
            assert expected in self.said, self.effects
        else:
            assert any(isinstance(effect, expected) for effect in self.effects), self.effects
        return self

    def tap(self, choice: str) -> "Dialog":
        """Tap a choice."""
        self._happen(events.Said("", choice=choice))
        return self

    def assign(self, agent: int = 7) -> "Dialog":
        """The assignment finds an agent."""
        held = self.conversation
        self._happen(events.Assigned(agent, "王芳", held.assignee, held.version))
        return self

    def reply(self, text: str = "您好", agent: int = 7) -> "Dialog":
        """The agent answers."""
        self._happen(events.Replied(agent, "王芳", text, self.conversation.version))
        return self

    def close(self, agent: int = 7) -> "Dialog":
        """The agent ends it."""
        self._happen(events.Closed(agent, "王芳", self.conversation.version, "billing"))
        return self

    def _happen(self, event: events.Event) -> None:
        self.now += timedelta(microseconds=1)
        decision = decide(self.contact, event, self.world, self.now)
        self.effects = tuple(one for effect in decision.effects for one in self._scored(effect))
        form, self.contact = self.contact.form, decision.contact
        if self.contact.form is not form:
            self._derive(HalfFilled(self.contact.form), self.contact.id)
        held = self.contact.conversation
        if held is not None:
            if not held.id:
                held = replace(held, id=next(self._ids))
            self._derive(held, held.id)
            self.contact = replace(self.contact, conversation=None if held.status is Status.CLOSED else held)
        for effect in self.effects:
            if isinstance(effect, Say):
                key = "" if effect.sender == "agent" else effect.key or _key(effect)
                options = tuple(option.id for option in effect.options)
                self.contact = replace(self.contact, last_said=key, options=options)
            elif isinstance(effect, TellPlace):
                self.contact = replace(self.contact, last_said=effect.key, options=("cancel_queue",))

    def _scored(self, effect: Effect) -> tuple[Effect, ...]:
        """A score is recorded once, and what is said depends on it; a form that is filed gets its number."""
        if isinstance(effect, FileRequest):
            return (effect, Say(words("form.done", form=effect.title, number=1)))
        if not isinstance(effect, RecordScore):
            return (effect,)
        said = effect.again if effect.survey_id in self.scores else effect.first
        self.scores.setdefault(effect.survey_id, effect.stars)
        return (effect,) if said is None else (effect, said)

    def _derive(self, held: Subject, number: int) -> None:
        whose = (held.kind, number)
        before = tuple(one for one in self.lines.values() if (one.subject, one.subject_id) == whose and one.running)
        after = ledger.bring_in_line(before, held, number, self.world.standard, self.now, lambda: next(self._ids))
        self.lines.update({line.id: line for line in after})

    def _pass(self, until: datetime) -> None:
        """Fire what comes due on the way, in order; the effects of all of it stand together."""
        seen: list[Effect] = []
        while due := [line for line in self.lines.values() if line.next_at is not None and line.next_at <= until]:
            line = min(due, key=lambda one: one.next_at or until)
            assert line.next_at is not None
            self.now = max(self.now, line.next_at)
            fired = ledger.fire(line, self.now)
            self.lines[line.id] = fired
            agent = self.contact.conversation.assignee if self.contact.conversation else None
            whose = line.clause, line.subject, line.subject_id
            self._happen(events.Fired(*whose, fired.step, line.due_step, agent, before=line.step))
            seen += self.effects
        self.now = max(self.now, until)
        self.effects = tuple(seen)


def _key(effect: Say | TellPlace) -> str:
    if isinstance(effect, TellPlace):
        return effect.key
    return effect.text.key if isinstance(effect.text, Words) else effect.key or effect.text
