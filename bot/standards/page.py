"""The service standard at ``/desk/standard``: each clause in plain words, how it stands today, what is behind it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.agent import ROOT
from bot.people.rights import Permission
from bot.standards import plain
from bot.standards.shelf import SQL
from router.clauses.clause import Clause
from router.editions import Edition

STATES = ("open", "warned", "late", "met")
NONE = dict.fromkeys(STATES, 0)
PLACES = {
    "conversation": "/desk/c/{}",
    "question": "/desk/questions#q-{}",
    "call": "/desk/hotline",
    "callback": "/desk/callbacks#callback-{}",
    "improvement": "/desk/improvements",
}
"""Where a record is worked on; those that packs declare are cases."""


class StandardPage:
    """Shows the standard to those who lead, with the figures of their own unit."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and the rows behind a figure."""
        return [
            web.get("/desk/standard", self._guard.read(self._show, Permission.LEAD), allow_head=False),
            web.get("/desk/standard/rows", self._guard.read(self._rows, Permission.LEAD), allow_head=False),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        now, language = self._parts.render.now(), visit.look.language
        rows = await self._pool.fetch(SQL["figures"], self._midnight(), visit.agent.scope or ROOT)
        figures = {row["clause"]: {state: row[state] for state in STATES} for row in rows}
        packs = [_pack(one, figures, language) for one in self._parts.editions().in_force(now)]
        page = await self._parts.page(visit, "standard.html", area="standard", pane="page", packs=packs, states=STATES)
        return html(page)

    async def _rows(self, visit: Visit) -> web.StreamResponse:
        clause, state = visit.request.query.get("clause", ""), visit.request.query.get("state", "")
        state = state if state in STATES else STATES[0]
        storable = clause.replace("\x00", "")
        rows = await self._pool.fetch(SQL["rows"], self._midnight(), visit.agent.scope or ROOT, storable, state)
        page = await self._parts.page(
            visit,
            "standard_rows.html",
            area="standard",
            pane="page",
            title=self._title(storable, visit.look.language),
            clause=clause,
            state=state,
            states=STATES,
            rows=[{**row, "place": _place(row)} for row in rows],
        )
        return html(page)

    def _title(self, clause: str, language: str) -> str:
        for one in self._parts.editions().in_force(self._parts.render.now()):
            if (found := one.standard.find(clause)) is not None:
                return plain.title(found, language)
        return clause

    def _midnight(self) -> datetime:
        """When today began in the operator's zone."""
        zone = self._parts.render.zone
        return datetime.combine(self._parts.render.now().astimezone(zone).date(), time(), zone)


def _pack(edition: Edition, figures: Mapping[str, Mapping[str, int]], language: str) -> Mapping[str, object]:
    """An edition in force as the page shows it, clauses by what they are about."""
    standard = edition.standard
    kinds: dict[str, list[Mapping[str, object]]] = {}
    for clause in standard.clauses:
        kinds.setdefault(clause.subject, []).append(_clause(clause, edition, figures.get(clause.id, NONE), language))
    return {
        "edition": edition,
        "title": standard.title.get(language, ""),
        "since": edition.effective_from if edition.number else None,
        "kinds": [(plain.kind_title(name, standard.kinds[name], language), clauses) for name, clauses in kinds.items()],
    }


def _clause(clause: Clause, edition: Edition, figures: Mapping[str, int], language: str) -> Mapping[str, object]:
    kind = edition.standard.kinds[clause.subject]
    return {
        "id": clause.id,
        "section": clause.section,
        "title": plain.title(clause, language),
        "span": plain.span(clause, kind, language),
        "limit": plain.limit(clause, language),
        "warnings": plain.warnings(clause, language),
        "ladder": plain.ladder(clause, language),
        "promise": clause.is_promise,
        "figures": figures if clause.is_promise else {**figures, "late": 0},
    }


def _place(row: Row) -> str:
    return PLACES.get(row["subject"], "/desk/cases#case-{}" if row["title"] else "").format(row["subject_id"])
