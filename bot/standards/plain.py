"""A clause in plain words, for people who never read TOML; the words are in ``templates/words``."""

from collections.abc import Mapping
from datetime import timedelta

from bot.words import fill, words
from router.clauses.clause import Clause
from router.clauses.ladder import DESK, Rung
from router.clauses.subjects import SubjectKind

UNITS = (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1)))


def title(clause: Clause, language: str) -> str:
    """What a clause is called; its id where nobody has named it."""
    return clause.title.get(language) or words(language).get(f"standard.clause.{clause.id}", clause.id)


def kind_title(name: str, kind: SubjectKind, language: str) -> str:
    """What a kind of record is called."""
    return kind.title.get(language) or words(language).get(f"standard.kind.{name}", name)


def mark(kind: SubjectKind, subject: str, name: str, language: str) -> str:
    """What a mark is called."""
    own = kind.mark_titles.get(name, {}).get(language)
    return own or words(language).get(f"standard.mark.{subject}.{name}", name)


def span(clause: Clause, kind: SubjectKind, language: str) -> str:
    """From which marks to which: ``from the hand-off to a person's answer``."""
    since = [mark(kind, clause.subject, name, language) for name in clause.since]
    until = mark(kind, clause.subject, clause.until, language)
    return _said("span", language, since=words(language)["standard.or"].join(since), until=until)


def limit(clause: Clause, language: str) -> str:
    """The limit: ``within 2 hours of service``, ``by 08:00``, ``within 5 working days``."""
    if clause.closing:
        return _said("closing", language)
    if clause.clock is not None:
        return _said("by.next_day" if clause.next_day else "by", language, clock=f"{clause.clock:%H:%M}")
    if clause.days:
        return _said(f"days.{clause.calendar}", language, count=clause.days)
    within = _said(f"within.{clause.calendar}", language, duration=duration(clause.within or timedelta(), language))
    every = clause.every and _said("every", language, duration=duration(clause.every, language))
    return within + (every or "") + (_said(f"into.{clause.into}", language) if clause.into else "")


def duration(length: timedelta, language: str) -> str:
    """A duration in its largest whole unit: ``30 minutes``, ``3 days``; days from two on, for 24 hours are hours."""
    for unit, size in UNITS:
        if not length % size and (unit != "days" or length > size * 2):
            return _said(f"{unit}.one" if length == size else unit, language, count=length // size)
    return _said("seconds", language, count=int(length.total_seconds()))


def warnings(clause: Clause, language: str) -> str:
    """When people are warned; empty where nobody is."""
    if not clause.warn:
        return ""
    before = words(language)["standard.and"].join(duration(one, language) for one in clause.warn)
    return _said("warned", language, before=before)


def ladder(clause: Clause, language: str) -> str:
    """Who is alerted, in turn; empty where nobody is."""
    return words(language)["standard.then"].join(_rung(rung, language) for rung in clause.alert)


def _rung(rung: Rung, language: str) -> str:
    said: Mapping[str, str] = words(language)
    text = said.get(f"standard.who.{rung.who}", rung.who)
    if rung.on is not None:
        text += _on(rung.on, language)
    return text + "".join(said.get(f"standard.how.{how}", how) for how in rung.how if how != DESK)


def _on(before: timedelta, language: str) -> str:
    """When a rung is called, as the time before the due time."""
    if not before:
        return words(language)["standard.on.due"]
    key = "on" if before > timedelta() else "on.after"
    return _said(key, language, before=duration(abs(before), language))


def _said(key: str, language: str, **fields: str | int) -> str:
    return fill(words(language)[f"standard.{key}"], fields.items(), language)
