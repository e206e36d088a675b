"""The cases at ``/desk/cases``: records of the kinds that packs declare, opened from a chat and taken mark by mark."""

from collections.abc import Callable, Iterable, Mapping
from secrets import token_hex

from aiohttp import web

from bot.cases.cases import SQL, case_of
from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.access import Dossier, access_conversation
from bot.people.rights import Permission
from bot.words import words
from router.cases import next_marks
from router.clauses.subjects import SubjectKind
from router.editions import Editions
from router.events import CaseMarked, CaseOpened


class CasesPage:
    """Shows cases, opens them, and notes how far they have come."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts, editions: Callable[[], Editions]) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer
        self._editions = editions

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        return [
            web.get("/desk/cases", self._guard.read(self._show, Permission.SERVE), allow_head=False),
            web.post("/desk/cases", self._guard.act(self._open, Permission.SERVE)),
            web.post(r"/desk/cases/{id:\d+}/mark", self._guard.act(self._mark, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, said="case.kept" if "done" in visit.request.query else "")

    async def _page(self, visit: Visit, *, said: str = "", refused: str = "") -> web.Response:
        language, kinds = visit.look.language, self._editions().kinds
        rows = await self._pool.fetch(SQL["list"], visit.agent.scope, visit.agent.id)
        key = f"refused.{refused}" if refused else f"desk.{said}" if said else ""
        page = await self._parts.page(
            visit,
            "cases.html",
            area="cases",
            pane="page",
            cases=[self._shown(row, kinds, language) for row in rows],
            kinds=[(name, kind.title[language], _asked(kind)) for name, kind in kinds.items()],
            about=await self._about(visit, visit.request.query.get("conversation", "")),
            act=token_hex(16),
            said=words(language)[key] if key else "",
            refused=refused,
        )
        return html(page, 409 if refused else 200)

    def _shown(self, row: Row, kinds: Mapping[str, SubjectKind], language: str) -> Mapping[str, object]:
        """A case in the words of its pack; of a kind that is no longer declared, as it is stored."""
        kind, case = kinds.get(row["kind"]), case_of(row)
        known = kind.mark_titles if kind else {}
        clause = self._editions().number(row["edition"] or 0)
        found = clause.standard.find(row["clause"]) if clause and row["clause"] else None
        return {
            **row,
            "kind_title": kind.title[language] if kind else row["kind"],
            "reached": [(known[name][language] if name in known else name, at) for name, at in case.marks.items()],
            "next": [(name, known[name][language]) for name in (next_marks(kind, case.marks) if kind else ())],
            "clause_title": found.title.get(language, row["clause"]) if found else row["clause"],
        }

    async def _about(self, visit: Visit, conversation: str) -> Dossier | None:
        """The chat out of which a case is to be opened."""
        if not conversation:
            return None
        return await access_conversation(self._pool, visit.agent, number(conversation))

    async def _open(self, visit: Visit) -> web.StreamResponse:
        about = await self._about(visit, visit.form.get("conversation", ""))
        kind = visit.form.get("kind", "")
        declared = self._editions().kinds.get(kind)
        if about is None or declared is None:
            return await self._page(visit, refused="unfit")
        facts = tuple((name, visit.form[name]) for name in declared.facts if visit.form.get(name))
        act = CaseOpened(visit.agent.id, kind, storable(visit.form.get("title", "")), facts)
        return await self._done(visit, about.contact_id, f"case:{visit.form.get('act', '')}", act)

    async def _mark(self, visit: Visit) -> web.StreamResponse:
        case_id, mark = number(visit.request.match_info["id"]), visit.form.get("mark", "")
        row = await self._pool.fetchrow(SQL["may"], case_id, visit.agent.scope, visit.agent.id)
        if row is None:
            raise web.HTTPNotFound
        act = CaseMarked(visit.agent.id, case_id, row["kind"], mark)
        return await self._done(visit, row["contact_id"], f"case:{case_id}:{mark}:{visit.agent.id}", act)

    async def _done(self, visit: Visit, contact: int, source_id: str, act: CaseOpened | CaseMarked) -> web.Response:
        receipt = await self._writer.act(contact, source_id, act)
        if receipt.refused:
            return await self._page(visit, refused=receipt.refused)
        return web.Response(status=303, headers={"Location": "/desk/cases?done"})


def _asked(kind: SubjectKind) -> list[tuple[str, tuple[str, ...]]]:
    """The facts that the form asks for, with their possible values."""
    return list(kind.facts.items())
