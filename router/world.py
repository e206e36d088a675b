"""A frozen snapshot of what a decision may look at besides the contact and the event."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from zoneinfo import ZoneInfo

from router.clauses.clause import Clause
from router.editions import Edition, Editions
from router.forms.form import Form
from router.forms.progress import Progress
from router.questionnaire.questionnaire import Questionnaires
from router.routing import Routing
from router.standard import Standard, Subject
from router.tickets.rules import TicketRules


@dataclass(frozen=True, slots=True)
class Article:
    """A published entry of the knowledge base."""

    id: str
    question: str
    answer: str
    category: str = ""
    form: str = ""
    """The guided business that it leads to; empty for none."""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who serves a queue, as last counted; positions are counted exactly when a turn is saved."""

    on_duty: int = 0
    waiting: int = 0
    longest: int = 200
    """The most that may wait."""
    minutes_each: float = 6.0
    """How many minutes of an agent one conversation takes: of several at once, each takes its share.

    As measured by what was served last; this number where too little has been served.
    """

    def wait(self, position: int) -> int | None:
        """The estimated wait in whole minutes of whoever stands at this position; None when nobody is on duty."""
        if not self.on_duty:
            return None
        return max(1, ceil(position * self.minutes_each / self.on_duty))

    @property
    def full(self) -> bool:
        """Whether nobody else may join."""
        return self.waiting >= self.longest


@dataclass(frozen=True, slots=True)
class Phrases:
    """Ways of saying a few things that need no knowledge base, normalised."""

    human: frozenset[str] = frozenset()
    cancel: frozenset[str] = frozenset()
    thanks: frozenset[str] = frozenset()
    greetings: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    bind: frozenset[str] = frozenset()
    unbind: frozenset[str] = frozenset()
    resume: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    angry: frozenset[str] = frozenset()
    """Said within a message, not as the whole of it."""
    whole: frozenset[str] = field(init=False, repr=False, compare=False)
    """Everything that means something as the whole of a message."""

    def __post_init__(self) -> None:
        lists = [getattr(self, one.name) for one in fields(self) if one.name not in ("angry", "whole")]
        object.__setattr__(self, "whole", frozenset[str]().union(*lists))


class Binding(StrEnum):
    """How a telephone number can be proved here."""

    OFF = "off"
    SMS = "sms"
    """By a code in a short message."""
    DEMO = "demo"
    """By a code that is told at once, for nothing is sent."""


@dataclass(frozen=True, slots=True)
class Manners:
    """Numbers of the dialogue that an operator may change."""

    operator: str = "汇通移动"
    flood_limit: int = 20
    """The most messages that a contact may write in one window."""
    flood_window: timedelta = timedelta(seconds=10)
    thanks_window: timedelta = timedelta(minutes=10)
    """How long after a close thanks open nothing."""
    comment_window: timedelta = timedelta(minutes=10)
    """How long after a score a text is taken as its comment."""
    place_interval: timedelta = timedelta(seconds=60)
    """How often a waiting customer who writes is told the place again."""
    misses: int = 2
    """Questions in a row that the bot may miss before a person is called."""
    late_priority: int = 10
    """Points (60 s each) that a breach moves a conversation forward."""
    binding: Binding = Binding.OFF
    demo_code: str = "246810"
    """The code of the demo; it proves nothing."""


@dataclass(frozen=True, slots=True)
class World:
    """What decisions look at."""

    standard: Standard
    manners: Manners = Manners()
    phrases: Phrases = Phrases()
    knowledge: Mapping[str, Article] = field(default_factory=lambda: MappingProxyType({}))
    hot: tuple[str, ...] = ()
    """Ids of the entries that are asked most."""
    staffing: Mapping[str, Staffing] = field(default_factory=lambda: MappingProxyType({}))
    routing: Routing = field(default_factory=Routing)
    forms: Mapping[str, Form] = field(default_factory=lambda: MappingProxyType({}))
    """Guided business, by id, as it begins now."""
    form_editions: Mapping[tuple[str, int], Form] = field(default_factory=lambda: MappingProxyType({}))
    """The same by id and version, as it may be under way."""
    form_phrases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The form that a whole message begins."""
    editions: Editions = field(default_factory=Editions)
    """Every edition of every pack; where there are none, ``standard`` alone measures."""
    tickets: TicketRules = field(default_factory=TicketRules)
    questionnaires: Questionnaires = field(default_factory=Questionnaires)
    """Every version of what surveys ask; where there is none, they ask for stars alone."""

    @property
    def zone(self) -> ZoneInfo:
        """The operator's time zone, in which the service hours are written."""
        return self.standard.calendar.zone

    def measuring(self, subject: Subject, now: datetime) -> Edition:
        """The edition of the standard that measures a record (``now`` aware UTC)."""
        return self.editions.measuring(subject, now) or Edition(0, self.standard)

    def clause(self, clause_id: str, edition: int) -> Clause:
        """A clause as an edition has it.

        Raises:
            KeyError: neither that edition nor the standard in force has it.
        """
        found = self.editions.number(edition)
        return (found and found.standard.find(clause_id)) or self.standard.clause(clause_id)

    def form_of(self, progress: Progress | None) -> Form | None:
        """The form under way in the version in which it began; where that is no longer known, in its latest."""
        if progress is None:
            return None
        return self.form_editions.get((progress.form, progress.version)) or self.forms.get(progress.form)

    def staff(self, queue: str) -> Staffing:
        """Who serves a queue; nobody where it has not been counted."""
        return self.staffing.get(queue, Staffing())
