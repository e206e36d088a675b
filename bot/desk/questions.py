"""The list of questions that wait for an answer, and of those that the bot did not know."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.checks import Checks, Held
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import QUESTIONS, TEXT_LIMIT, Parts
from bot.desk.workbench import html, number
from bot.disclosures.disclosures import number_in
from bot.people.rights import Permission
from bot.words import words
from channels.telephone import masked
from router.contact import SPOKEN
from router.effects import QuestionKind
from router.events import QuestionAnswered

LISTS: Mapping[str, tuple[str, ...]] = {
    "waiting": (QuestionKind.FOLLOW_UP.value, QuestionKind.OVERNIGHT.value),
    "gaps": (QuestionKind.GAP.value,),
}


class Questions:
    """Shows the questions and takes their answers. Every agent may answer every question."""

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
            web.post(r"/desk/questions/{id:\d+}/answer", self._guard.act(self._answer, Permission.ANSWER)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        done = visit.request.query.get("done")
        key = "called" if done == "telephone" else "sent"
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
        which = _list_of(visit)
        page = await self._parts.page(
            visit,
            "questions.html",
            area="questions",
            pane="page",
            which=which,
            questions=await self._read(which),
            said=said,
            refused=refused,
            drafts=drafts or {},
            held=held or {},
            spoken=SPOKEN,
        )
        return html(page, 409 if refused else 200)

    async def _list(self, visit: Visit) -> web.StreamResponse:
        which = _list_of(visit)
        values = {
            "which": which,
            "questions": await self._read(which),
            "drafts": {},
            "held": {},
            "csrf": visit.session.csrf,
            "spoken": SPOKEN,
        }
        return html(self._parts.render("question_list.html", visit.look, **values))

    async def _read(self, which: str) -> list[dict[str, object]]:
        """The questions of a list; telephone numbers go no further than their masks."""
        rows = await self._pool.fetch(QUESTIONS["list"], list(LISTS[which]), list(SPOKEN))
        return [_masked(row) for row in rows]

    async def _answer(self, visit: Visit) -> web.StreamResponse:
        question = await self._pool.fetchrow(QUESTIONS["one"], number(visit.request.match_info["id"]))
        if question is None:
            raise web.HTTPNotFound
        text = storable(visit.form.get("text", ""))
        refused = await self._refusal(visit, question, text)
        if refused:
            key = "wording" if isinstance(refused, Held) else refused
            held = {question["id"]: refused} if isinstance(refused, Held) else {}
            said = words(visit.look.language)[f"refused.{key}"]
            return await self._page(visit, said=said, refused=key, drafts={question["id"]: text}, held=held)
        by = "telephone" if visit.form.get("by") == "telephone" else ""
        return web.Response(status=303, headers={"Location": f"/desk/questions?list={_list_of(visit)}&done={by}"})

    async def _refusal(self, visit: Visit, question: Row, text: str) -> str | Held:
        """Why an answer was not sent; empty where it was. A question is answered once, whoever is first."""
        if not text or len(text) > TEXT_LIMIT:
            return "unfit"
        if question["answered"] is not None:
            return "answered"
        called = visit.form.get("by") == "telephone"
        looked = None if called else await self._checks.look(None, text, visit.form)
        if isinstance(looked, Held):
            return looked
        act = QuestionAnswered(visit.agent.id, question["id"], question["text"], text, called, looked)
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
