"""What tickets go by, as data: departments, the tree of business types, grades of complaints, quiet hours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from types import MappingProxyType

from router.clauses.table import Source, Table, table
from router.fields import BUSINESS
from router.tickets.ticket import TicketKind

STEPS = ("opened", "transferred", "reported", "reopened")
"""Steps of which customers hear and that may wait for the morning; all others answer to a limit of the standard."""


@dataclass(frozen=True, slots=True)
class Named:
    """A department, a business type or a cause."""

    id: str
    names: Mapping[str, str]
    """By language."""
    department: str = ""
    """Of a business type: where it leads; empty where somebody has to say."""
    about: str = ""
    """Of a business type: the key of ``router.fields.BUSINESS`` whose words speak of it where no type's name occurs."""

    def read(self, language: str) -> str:
        """What it is called."""
        return self.names["en" if language == "en" else "zh"]

    @property
    def parent(self) -> str:
        """The business type above it; empty at the top."""
        return self.id.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Grading:
    """What makes a complaint grave."""

    repeats: int = 1
    within: timedelta = timedelta(days=30)
    people: int = 5
    loss: int = 10_000
    """Yuan."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Lists by name: demand, media, regulator; group, publicity."""


@dataclass(frozen=True, slots=True)
class FormTicket:
    """How a finished form becomes a ticket."""

    kind: TicketKind
    step: str
    """The choice that tells the business type; of a complaint it is the cause as well."""
    picks: Mapping[str, str]
    """Business types by pick."""
    text: tuple[str, ...]
    """Steps in which the customer says what happened."""


LATE = "late"
"""That a matter is late is told after quiet hours, whatever the rules say."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """When customers are left in peace, in the operator's time."""

    start: time = time(21)
    end: time = time(8)
    waits: frozenset[str] = frozenset()
    """The steps that wait for the end."""

    def until(self, step: str, now: datetime, zone: tzinfo) -> datetime | None:
        """When the step may be told (aware); None for at once."""
        return self.over(now, zone) if step in self.waits or step == LATE else None

    def over(self, now: datetime, zone: tzinfo) -> datetime | None:
        """When they end that run now (aware); None where none run."""
        local = now.astimezone(zone)
        clock = local.time()
        over_night = self.start > self.end
        inside = (clock >= self.start or clock < self.end) if over_night else self.start <= clock < self.end
        if not inside:
            return None
        tomorrow = timedelta(days=1 if over_night and clock >= self.start else 0)
        return datetime.combine(local.date() + tomorrow, self.end, zone)


@dataclass(frozen=True, slots=True)
class TicketRules:
    """All of it."""

    departments: Mapping[str, Named] = field(default_factory=lambda: MappingProxyType({}))
    business: Mapping[str, Named] = field(default_factory=lambda: MappingProxyType({}))
    causes: Mapping[str, Named] = field(default_factory=lambda: MappingProxyType({}))
    grading: Grading = Grading()
    forms: Mapping[str, FormTicket] = field(default_factory=lambda: MappingProxyType({}))
    quiet: Quiet = Quiet()
    longest: timedelta = timedelta(days=30)
    """The most that a limit may be put off."""

    def is_leaf(self, business: str) -> bool:
        """Whether tickets can be of this type: it is known, and none stands below it."""
        return business in self.business and not any(one.parent == business for one in self.business.values())

    def about(self, business: str) -> str:
        """The type that a key of ``router.fields.BUSINESS`` stands for; empty where there is none."""
        return next((one.id for one in self.business.values() if business and one.about == business), "")

    def department_of(self, business: str) -> str:
        """The department that a business type leads to; empty where somebody has to say."""
        while business:
            if (found := self.business.get(business)) is not None and found.department:
                return found.department
            business = business.rpartition(".")[0]
        return ""

    def title(self, business: str, language: str) -> str:
        """A business type with the one above it; its id where it is no longer known."""
        found = self.business.get(business)
        if found is None:
            return business
        above = self.business.get(found.parent)
        return found.read(language) if above is None else f"{above.read(language)} · {found.read(language)}"

    def department(self, department: str, language: str) -> str:
        """A department's name; its id where it is no longer known."""
        found = self.departments.get(department)
        return department if found is None else found.read(language)


def parse(text: str) -> TicketRules:
    """Read the rules from their TOML.

    Raises:
        StandardError: they do not hold; the error names the line and the table.
    """
    source = Source(text)
    whole = Table(source, "", source.tables())
    whole.only(("quiet", "extension", "department", "business", "cause", "grade", "form"))
    departments = {one.id: one for one in _named(whole, "department", ())}
    business = {one.id: one for one in _named(whole, "business", tuple(departments))}
    causes = {one.id: one for one in _named(whole, "cause", ())}
    rules = TicketRules(
        departments=MappingProxyType(departments),
        business=MappingProxyType(business),
        causes=MappingProxyType(causes),
        grading=_grading(whole.table("grade")),
        quiet=_quiet(table(source, "quiet", whole.values.get("quiet", {}))),
        longest=table(source, "extension", whole.values.get("extension", {})).duration("longest") or timedelta(days=30),
    )
    forms = {
        name: _form(table(source, f"form.{name}", value), rules) for name, value in whole.table("form").values.items()
    }
    return replace(rules, forms=MappingProxyType(forms))


def _named(whole: Table, what: str, departments: tuple[str, ...]) -> list[Named]:
    found = []
    for name, value in whole.table(what).values.items():
        one = table(whole.source, f"{what}.{name}", value)
        one.only(("zh", "en", "department", "about") if what == "business" else ("zh", "en"))
        leads = one.text("department")
        if leads:
            one.known(leads, departments, "department")
        about = one.text("about")
        if about:
            one.known(about, tuple(BUSINESS), "about")
        parent = name.rpartition(".")[0]
        if what == "business" and parent and parent not in whole.table(what).values:
            raise one.error(f'"{parent}" is missing, which stands above it')
        found.append(Named(name, MappingProxyType({"zh": one.required("zh"), "en": one.required("en")}), leads, about))
    return found


def _grading(grades: Table) -> Grading:
    escalated = table(grades.source, "grade.escalated", grades.values.get("escalated", {}))
    major = table(grades.source, "grade.major", grades.values.get("major", {}))
    escalated.only(("repeats", "within", "demand", "media", "regulator"))
    major.only(("people", "loss", "group", "publicity"))
    lists = [(escalated, name) for name in ("demand", "media", "regulator")]
    lists += [(major, name) for name in ("group", "publicity")]
    return Grading(
        repeats=_number(escalated, "repeats", 1),
        within=escalated.duration("within") or timedelta(days=30),
        people=_number(major, "people", 5),
        loss=_number(major, "loss", 10_000),
        words=MappingProxyType({name: tuple(map(folded, one.texts(name))) for one, name in lists}),
    )


def _quiet(one: Table) -> Quiet:
    one.only(("from", "until", "waits"))
    waits = frozenset(one.known(step, STEPS, "waits") for step in one.texts("waits"))
    return Quiet(_clock(one, "from", "21:00"), _clock(one, "until", "08:00"), waits)


def _form(one: Table, rules: TicketRules) -> FormTicket:
    one.only(("kind", "step", "picks", "text"))
    kind = TicketKind(one.known(one.required("kind"), [kind.value for kind in TicketKind], "kind"))
    picks = {
        pick: one.known(str(type_), tuple(rules.business), pick) for pick, type_ in one.table("picks").values.items()
    }
    for pick in picks:
        if kind is TicketKind.COMPLAINT:
            one.known(pick, tuple(rules.causes), "picks")
    return FormTicket(kind, one.required("step"), MappingProxyType(picks), one.texts("text"))


def _clock(one: Table, key: str, otherwise: str) -> time:
    text = one.text(key) or otherwise
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise one.error(f'{key}: "{text}" is no time such as 08:00', key)
    return time.fromisoformat(text)


def _number(one: Table, key: str, otherwise: int) -> int:
    value = one.values.get(key, otherwise)
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise one.error(f"{key}: a number above 0 is expected, not {value!r}", key)


def folded(text: str) -> str:
    """A text as words are looked for in it: without blanks between Chinese characters, in lower case."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text.lower())
