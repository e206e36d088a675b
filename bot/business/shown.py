"""Requests and forms under way as the desk shows them: labels and answers, private ones masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import convert, json

from bot.business.forms import Editions, read_editions
from bot.db import Row, Statements
from bot.people.agent import Agent
from bot.sql import load
from router.forms.form import Form
from router.forms.progress import Answer, Progress

SQL = load(__file__, "requests.sql")
LISTS = ("open", "done")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A form that a contact is filling in."""

    title: str
    place: int
    """Of the step that waits, from 1."""
    steps: int
    started: datetime
    answers: Sequence[tuple[str, str]]
    """Labels and masked answers."""


async def under_way(database: Statements, forms: Editions, contact: int, language: str) -> UnderWay | None:
    """The form that a contact is filling in; None where there is none that is still known."""
    stored = await database.fetchval(SQL["under_way"], contact)
    progress = None if stored is None else json.decode(stored, type=Progress)
    if progress is None:
        return None
    form = forms.of(progress.form, progress.version)
    if form is None:
        return None
    place, steps = min(len(progress.answers) + 1, len(form.steps)), len(form.steps)
    answers = form.shown(progress.answers, language, masked=True)
    return UnderWay(form.title.read(language), place, steps, progress.started, answers)


async def filed_by(database: Statements, forms: Editions, contact: int, language: str) -> list[Mapping[str, object]]:
    """What a contact has filed, the latest first."""
    return [shown(row, forms, language, masked=True) for row in await database.fetch(SQL["of_contact"], contact)]


async def access_requests(database: Statements, agent: Agent, which: str, language: str) -> list[Mapping[str, object]]:
    """The requests of a list that an agent may see: new ones and their own, for a leader those of their unit too."""
    rows, forms = await database.fetch(SQL["list"], agent.scope, agent.id, which), await read_editions(database)
    return [shown(row, forms, language, masked=True) for row in rows]


async def access_request(database: Statements, agent: Agent, number: int) -> Row | None:
    """One of them."""
    return await database.fetchrow(SQL["one"], number, agent.scope, agent.id)


def shown(row: Row, forms: Editions, language: str, *, masked: bool) -> Mapping[str, object]:
    """A request with its title and its answers in words; of a form that is no longer known, as they are stored."""
    form, answers = forms.of(row["form"], row["version"]), tuple(convert(row["answers"], list[Answer]))
    return {
        **row,
        "title": title(form, row["form"], language),
        "answers": [] if form is None else form.shown(answers, language, masked=masked),
        "private": form is not None and any(step.private for step in form.steps),
    }


def title(form: Form | None, name: str, language: str) -> str:
    """What a form is called; its id where it is no longer known."""
    return name if form is None else form.title.read(language)


def titles(forms: Editions, language: str) -> list[tuple[str, str]]:
    """Ids and titles of all forms."""
    return [(form.id, form.title.read(language)) for form in forms.latest.values()]
