"""The list of questions that wait for an answer, and of those that the bot did not know."""

from collections.abc import Iterable, Mapping
from secrets import token_hex

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.checks import Checks, Held
from bot.desk.deeds import ACT_ID, storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import QUESTIONS, TEXT_LIMIT, Parts
from bot.desk.workbench import html, number
from bot.disclosures.disclosures import number_in
from bot.people.rights import Permission
from bot.words import words
from channels.telephone import masked
from router.contact import SPOKEN
from router.effects import QuestionKind
from router.events import QuestionAnswered, QuestionTaken

WAITED_FOR = (QuestionKind.FOLLOW_UP.value, QuestionKind.OVERNIGHT.value, QuestionKind.PLAN.value)
"""Kinds that somebody waits for."""
LISTS: Mapping[str, tuple[str, ...]] = {
    "waiting": WAITED_FOR,
    "mine": WAITED_FOR,
    "gaps": (QuestionKind.GAP.value,),
}


class Questions:
    """Shows the questions and takes their answers.

    Every agent may take and answer a question that is nobody's; one that is somebody's is theirs and their leaders'.
    """

    def __init__(self, guard: Guard, parts: Parts, checks: Checks, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._parts = parts
        self._checks = checks
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list and its forms."""
        return [
            web.get("/desk/questions", self._guard.read(self._show, Permission.ANSWER), allow_head=False),
            web.get("/desk/questions/list", self._guard.read(self._list, Permission.ANSWER), allow_head=False),
            web.post(r"/desk/questions/{id:\d+}/own", self._guard.act(self._own, Permission.ANSWER)),
            web.post(r"/desk/questions/{id:\d+}/propose", self._guard.act(self._propose, Permission.ANSWER)),
            web.post(r"/desk/questions/{id:\d+}/answer", self._guard.act(self._answer, Permission.ANSWER)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        done = visit.request.query.get("done")
        key = {"telephone": "called", "kept": "kept"}.get(done or "", "sent")
        return await self._page(visit, said="" if done is None else words(visit.look.language)[f"desk.question.{key}"])

    async def _page(
        self,
        visit: Visit,
        *,
        said: str = "",
        refused: str = "",
        drafts: Mapping[int, str] | None = None,
        held: Mapping[int, Held] | None = None,
    ) -> web.Response:
        page = await self._parts.page(
            visit,
            "questions.html",
            area="questions",
            pane="page",
            said=said,
            refused=refused,
            **await self._listed(visit, drafts or {}, held or {}),
        )
        return html(page, 409 if refused else 200)

    async def _list(self, visit: Visit) -> web.StreamResponse:
        values = {**await self._listed(visit, {}, {}), "csrf": visit.session.csrf}
        return html(self._parts.render("question_list.html", visit.look, **values))

    async def _listed(self, visit: Visit, drafts: Mapping[int, str], held: Mapping[int, Held]) -> dict[str, object]:
        """The questions of a list; telephone numbers go no further than their masks."""
        which, agent = _list_of(visit), visit.agent
        owner = agent.id if which == "mine" else None
        rows = await self._pool.fetch(QUESTIONS["list"], list(LISTS[which]), list(SPOKEN), owner)
        return {
            "which": which,
            "questions": [_masked(row) for row in rows],
            "drafts": drafts,
            "held": held,
            "spoken": SPOKEN,
            "viewer": agent.id,
            "leads": agent.leads,
            "act": token_hex(16),
            "colleagues": await self._pool.fetch(QUESTIONS["colleagues"]),
        }

    async def _own(self, visit: Visit) -> web.StreamResponse:
        """Take a question, or hand it over."""
        question, agent = await self._question(visit), visit.agent
        seen = number(visit.form.get("before") or "0") or None
        to = next(
            (row for row in await self._pool.fetch(QUESTIONS["colleagues"]) if str(row["id"]) == visit.form.get("to")),
            None,
        )
        if to is None or not ACT_ID.fullmatch(visit.form.get("act", "")):
            return await self._refuse(visit, "unfit")
        if seen not in (None, agent.id) and not agent.leads:
            return await self._refuse(visit, "owned")
        act = QuestionTaken(agent.id, question["id"], to["id"], seen)
        source_id = f"question:{question['id']}:{visit.form['act']}:{to['id']}"
        receipt = await self._writer.act(question["contact_id"], source_id, act)
        return await (self._refuse(visit, receipt.refused) if receipt.refused else self._done(visit, "kept"))

    async def _propose(self, visit: Visit) -> web.StreamResponse:
        """Offer an answered question to the knowledge base."""
        question = await self._question(visit)
        if await self._pool.fetchval(QUESTIONS["propose"], question["id"]) is None:
            return await self._refuse(visit, "unfit")
        return await self._done(visit, "kept")

    async def _question(self, visit: Visit) -> Row:
        """The question that an address names. Raises: HTTPNotFound where there is none."""
        question = await self._pool.fetchrow(QUESTIONS["one"], number(visit.request.match_info["id"]))
        if question is None:
            raise web.HTTPNotFound
        return question

    async def _refuse(self, visit: Visit, refused: str) -> web.StreamResponse:
        return await self._page(visit, said=words(visit.look.language)[f"refused.{refused}"], refused=refused)

    async def _done(self, visit: Visit, done: str) -> web.StreamResponse:
        return web.Response(status=303, headers={"Location": f"/desk/questions?list={_list_of(visit)}&done={done}"})

    async def _answer(self, visit: Visit) -> web.StreamResponse:
        question = await self._question(visit)
        text = storable(visit.form.get("text", ""))
        refused = await self._refusal(visit, question, text)
        if refused:
            key = "wording" if isinstance(refused, Held) else refused
            held = {question["id"]: refused} if isinstance(refused, Held) else {}
            said = words(visit.look.language)[f"refused.{key}"]
            return await self._page(visit, said=said, refused=key, drafts={question["id"]: text}, held=held)
        by = "telephone" if visit.form.get("by") == "telephone" else ""
        return await self._done(visit, by)

    async def _refusal(self, visit: Visit, question: Row, text: str) -> str | Held:
        """Why an answer was not sent; empty where it was. A question is answered once, whoever is first."""
        if not text or len(text) > TEXT_LIMIT:
            return "unfit"
        if question["answered"] is not None:
            return "answered"
        if question["owner"] not in (None, visit.agent.id) and not visit.agent.leads:
            return "owned"
        called = visit.form.get("by") == "telephone"
        plan = question["kind"] == QuestionKind.PLAN
        looked = None if called else await self._checks.look(None, text, visit.form)
        if isinstance(looked, Held):
            return looked
        act = QuestionAnswered(visit.agent.id, question["id"], question["text"], text, called, looked, plan)
        receipt = await self._writer.act(question["contact_id"], f"question:{question['id']}", act)
        if not receipt.repeated:
            return receipt.refused
        now = await self._pool.fetchrow(QUESTIONS["one"], question["id"])
        return "" if now is not None and now["answered_by"] == visit.agent.id else "answered"


def _masked(row: Row) -> dict[str, object]:
    shown = {name: value for name, value in row.items() if name != "address"}
    full = number_in(row["channel"], row["address"] or "")
    return {**shown, "number": masked(full) if full else ""}


def _list_of(visit: Visit) -> str:
    which = visit.request.query.get("list", "")
    return which if which in LISTS else "waiting"
