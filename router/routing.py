"""Routing: which queue a matter goes to, and what it asks of people there. Data that an operator publishes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from router.clauses.table import LONGEST, Source, Table, table

FACTS = ("channel", "language", "business", "region", "level")
"""What a rule can ask for: ``business`` is the category of the last answer, ``level`` the customer's standing."""
DEFAULT = "service"
ON_BREAK = "break"
UNANSWERED = (ON_BREAK, "stay")
"""What becomes of an agent who lets an offer pass."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a queue asks of people from so long a wait on."""

    after: timedelta = timedelta(0)
    required: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue."""

    id: str
    names: Mapping[str, str]
    """By language."""
    priority: int = 0
    """What its conversations start with; each point is worth 60 s of waiting."""
    longest: int = 200
    """The most that may wait."""
    steps: tuple[Step, ...] = (Step(),)
    """What it asks of people, relaxing with time; the first from the beginning."""
    overflow: str = ""
    """The queue that takes over what has waited too long here, such as the next level's (clause ``org.levels``)."""
    overflow_after: timedelta = timedelta(0)
    accept: timedelta | None = None
    """How long an agent has to accept what is offered; None where conversations come without asking."""
    hops: int = 3
    """How many are asked before the overflow queue takes over, or the leader is alerted where there is none."""

    @property
    def required(self) -> frozenset[str]:
        """The skills without which nobody ever serves it, however long its customers wait."""
        return frozenset.intersection(*(step.required for step in self.steps))


class Stretch(NamedTuple):
    """A stretch of waiting in a queue, and what is asked of people in it."""

    queue: str
    """Empty for all that are not published."""
    since: timedelta
    below: timedelta
    step: Step


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a matter goes for which all facts hold."""

    queue: str
    when: Mapping[str, frozenset[str]]

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Whether all of its facts hold."""
        return all(facts.get(name, "") in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True)
class Routing:
    """All queues and rules."""

    queues: Mapping[str, Queue] = field(
        default_factory=lambda: MappingProxyType({DEFAULT: Queue(DEFAULT, MappingProxyType({}))})
    )
    rules: tuple[Rule, ...] = ()
    default: str = DEFAULT
    unanswered: str = ON_BREAK
    """One of ``UNANSWERED``."""

    def choose(self, facts: Mapping[str, str]) -> str:
        """The queue of the first rule that fits; empty where none does."""
        return next((rule.queue for rule in self.rules if rule.fits(facts)), "")

    def stretches(self) -> Iterator[Stretch]:
        """Each queue's steps, and what the default asks for conversations of queues that are no longer published."""
        for queue in self.queues.values():
            yield from _stretches(queue.id, queue.steps)
        yield from _stretches("", self.queues[self.default].steps)

    def queue(self, name: str) -> Queue:
        """A queue; one that is no longer published asks what the default asks."""
        return self.queues.get(name) or self.queues[self.default]


def _stretches(queue: str, steps: tuple[Step, ...]) -> Iterator[Stretch]:
    ends = (*(step.after for step in steps[1:]), LONGEST)
    for step, end in zip(steps, ends, strict=True):
        yield Stretch(queue, step.after, end, step)


def parse(text: str) -> Routing:
    """Read a routing from its TOML.

    Raises:
        StandardError: it does not hold; the error names the line and the table.
    """
    source = Source(text)
    whole = Table(source, "", source.tables())
    whole.only(("default", "unanswered", "queue", "rule"))
    queues = {name: _queue(name, one) for name, one in _tables(whole, "queue")}
    for name, queue in queues.items():
        if queue.overflow:
            _table(whole, "queue", name).known(queue.overflow, tuple(set(queues) - {name}), "overflow")
    rules = tuple(_rule(one, tuple(queues)) for _, one in _tables(whole, "rule"))
    default = whole.known(whole.required("default"), tuple(queues), "default")
    unanswered = whole.known(whole.text("unanswered") or ON_BREAK, UNANSWERED, "unanswered")
    return Routing(MappingProxyType(queues), rules, default, unanswered)


def _tables(whole: Table, kind: str) -> Iterator[tuple[str, Table]]:
    for name in whole.table(kind).values:
        yield name, _table(whole, kind, name)


def _table(whole: Table, kind: str, name: str) -> Table:
    return table(whole.source, f"{kind}.{name}", whole.table(kind).values[name])


def _queue(name: str, one: Table) -> Queue:
    one.only(
        (
            "zh",
            "en",
            "priority",
            "longest",
            "required",
            "preferred",
            "after",
            "overflow",
            "overflow_after",
            "accept",
            "hops",
        )
    )
    overflow, after = one.text("overflow"), one.duration("overflow_after")
    if bool(overflow) != (after is not None):
        raise one.error('"overflow" and "overflow_after" come together', "overflow")
    return Queue(
        id=name,
        names=MappingProxyType({language: one.required(language) for language in ("zh", "en")}),
        priority=_number(one, "priority", 0),
        longest=_number(one, "longest", 200),
        steps=_steps(one),
        overflow=overflow,
        overflow_after=after or timedelta(0),
        accept=one.duration("accept"),
        hops=max(1, _number(one, "hops", 3)),
    )


def _steps(one: Table) -> tuple[Step, ...]:
    first = Step(timedelta(0), frozenset(one.texts("required")), frozenset(one.texts("preferred")))
    later = []
    for spelled in one.table("after").values:
        step = table(one.source, f"{one.name}.after.{spelled}", one.table("after").values[spelled])
        step.only(("required", "preferred"))
        after = Table(one.source, step.name, {"after": spelled}).duration("after")
        assert after is not None
        later.append(Step(after, frozenset(step.texts("required")), frozenset(step.texts("preferred"))))
    return (first, *sorted(later, key=lambda step: step.after))


def _rule(one: Table, queues: tuple[str, ...]) -> Rule:
    one.only(("queue", "when"))
    when = one.table("when")
    when.only(FACTS)
    asked = {fact: frozenset(when.texts(fact)) for fact in when.values}
    if not asked:
        raise one.error('"when" is missing; what fits nothing else goes to "default"', "when")
    return Rule(one.known(one.required("queue"), queues, "queue"), MappingProxyType(asked))


def _number(one: Table, key: str, otherwise: int) -> int:
    value = one.values.get(key, otherwise)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise one.error(f"{key}: a number is expected, not {value!r}", key)
