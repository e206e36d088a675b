"""What agents do to conversations: each form becomes an act for the writer, named so that a repeat changes nothing."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from hashlib import sha256
from secrets import token_hex

from aiohttp import web
from msgspec.structs import replace

from bot.business.forms import read_editions
from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.checks import Checks, Held
from bot.desk.guard import Guard, Visit
from bot.desk.parts import TEXT_LIMIT, Parts
from bot.desk.shared import read_people
from bot.desk.shelf import wrapup_exists
from bot.desk.workbench import Workbench, html
from bot.files.enclosures import Enclosures
from bot.mentions.mentions import named_in
from bot.people.access import Dossier, leads_over, may_take
from bot.people.rights import Permission
from bot.sql import load
from bot.words import words
from router.conversation import Status
from router.effects import Refuse
from router.events import (
    AgentAct,
    Assigned,
    Closed,
    Excused,
    FormBegun,
    HandedBack,
    Invited,
    MarkedComplex,
    Noted,
    Replied,
    Unjoined,
)

SQL = load(__file__, "deeds.sql")
REASON_LIMIT = 200
"""Characters of the reason for taking a contact away from its customer."""
NOTE_LIMIT = 500
"""Characters of the note that goes with a transfer."""
ACT_ID = re.compile(r"[0-9a-f]{32}")


Make = Callable[[Visit, Dossier], Awaitable[AgentAct | Refuse | Held | None]]
"""Makes the act of a form, or says why it cannot be done; None where the form asks for nothing that can."""


class Deeds:
    """Takes the forms of the workbench."""

    def __init__(
        self,
        guard: Guard,
        bench: Workbench,
        parts: Parts,
        enclosures: Enclosures,
        checks: Checks,
        pool: Pool,
        writer: Acts,
    ) -> None:
        self._guard = guard
        self._bench = bench
        self._parts = parts
        self._enclosures = enclosures
        self._checks = checks
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """One form for each act."""
        makers: dict[str, Make] = {
            "say": self._say,
            "take": self._take,
            "back": self._back,
            "transfer": self._transfer,
            "invite": self._invite,
            "excuse": self._excuse,
            "close": self._close,
            "form": self._begin_form,
            "complex": self._mark_complex,
        }
        forms = [web.post(rf"/desk/c/{{id:\d+}}/{name}", self.form(name, make)) for name, make in makers.items()]
        return [*forms, web.post(r"/desk/c/{id:\d+}/unjoin", self.form("unjoin", self._unjoin, Permission.LEAD))]

    def form(
        self, name: str, make: Make, permission: Permission = Permission.SERVE
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler of a form whose act ``make`` makes."""

        async def handle(visit: Visit) -> web.StreamResponse:
            dossier = await self._bench.standing(visit)
            if dossier is None:
                return await self._gone(visit, name)
            act = await make(visit, dossier)
            if isinstance(act, Held):
                return await self.answer(visit, dossier, name, refused="wording", held=act)
            if act is None or isinstance(act, Refuse):
                return await self.answer(visit, dossier, name, refused="unfit" if act is None else act.reason)
            whom = int(visit.form["contact"]) if isinstance(act, Unjoined) else dossier.contact_id
            receipt = await self._writer.act(whom, source_id(visit, name), act)
            return await self.answer(visit, dossier, name, refused=receipt.refused)

        return self._guard.act(handle, permission)

    async def answer(
        self, visit: Visit, before: Dossier, name: str, *, refused: str, held: Held | None = None
    ) -> web.StreamResponse:
        """Show the conversation as it now stands; what was typed stays where the act was refused."""
        said = words(visit.look.language)[f"refused.{refused}" if refused else f"desk.done.{name}"]
        status = 409 if refused else 200
        try:
            dossier = await self._bench.dossier(visit)
        except web.HTTPNotFound:
            dossier = None
        if not visit.partial:
            return await self._whole_page(visit, dossier, said if refused else "", held)
        silent = name == "say" and not refused
        shown = before if dossier is None else dossier
        text = await self._bench.changes(visit, shown, said="" if silent else said, refused=refused)
        if name == "say":
            text += self._parts.render("checked_part.html", visit.look, held=held)
        answer = html(text, status)
        event = "desk:refused" if refused else "desk:done"
        told = {"what": name, "act": token_hex(16), "gone": said if dossier is None else ""}
        answer.headers["HX-Trigger"] = json.dumps({event: told})
        return answer

    async def _gone(self, visit: Visit, name: str) -> web.StreamResponse:
        """The conversation is not theirs to see: others may have taken it meanwhile, and no more is told of it."""
        said = words(visit.look.language)["refused.gone"]
        if not visit.partial:
            return html(await self._bench.empty(visit, refused=said), 404)
        told = {"what": name, "act": token_hex(16), "gone": said}
        return web.Response(status=404, headers={"HX-Trigger": json.dumps({"desk:refused": told})})

    async def _whole_page(
        self, visit: Visit, dossier: Dossier | None, refused: str, held: Held | None
    ) -> web.StreamResponse:
        if not refused:
            place = "/desk" if dossier is None else f"/desk/c/{dossier.id}"
            return web.Response(status=303, headers={"Location": place})
        if dossier is None:  # Another has it since the form was sent.
            return html(await self._bench.empty(visit, refused=refused), 404)
        draft = visit.form.get("text", "")
        return html(await self._bench.page(visit, dossier, draft=draft, refused=refused, held=held), 409)

    # The acts ---------------------------------------------------------------------------------------------------

    async def _say(self, visit: Visit, dossier: Dossier) -> AgentAct | Refuse | Held | None:
        """A reply, or a note where the form says so; a note needs a conversation that is open."""
        text = storable(visit.form.get("text", ""))
        if len(text) > TEXT_LIMIT:
            return None
        if visit.form.get("as") == "note":
            return await self._note(visit, dossier, text)
        ids = [file for file in visit.form.get("files", "").split(",") if file]
        if not text and not ids:
            return None
        alone = self._reply(visit, dossier, text)
        if await self._pool.fetchval(SQL["taken"], dossier.contact_id, source_id(visit, "say")):
            return alone  # It comes again, and nothing is written twice.
        looked = await self._checks.look(dossier.id, text, visit.form)
        if isinstance(looked, Held):
            return looked
        return await self._say_with(visit, dossier, replace(alone, anyway=looked), ids)

    async def _note(self, visit: Visit, dossier: Dossier, text: str) -> Noted | None:
        if not text or dossier.status is Status.CLOSED:
            return None
        chosen = visit.form.get("mentions", "").split(",")
        named = await named_in(self._pool, visit.agent, text, chosen)
        return Noted(visit.agent.id, text, dossier.id if dossier.by_telephone else None, named)

    async def _say_with(self, visit: Visit, dossier: Dossier, alone: Replied, ids: Sequence[str]) -> AgentAct | Refuse:
        """A reply with its files. All of them go or none, and never more than the platform takes at a time."""
        if not ids:
            return alone
        files = await self._enclosures.enclosed(dossier.whereabouts, visit.agent.id, ids)
        if files is None:
            return Refuse("files")
        allowed = self._parts.allowance(dossier)
        if allowed is not None and 0 < allowed.left < len(files) + bool(alone.text):
            return Refuse("allowance")
        return replace(alone, files=files)

    @staticmethod
    def _reply(visit: Visit, dossier: Dossier, text: str) -> Replied:
        invited = dossier.answers and dossier.assignee != visit.agent.id
        return Replied(visit.agent.id, visit.agent.name, text, version(visit), invited=invited)

    async def _take(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        if not may_take(visit.agent, dossier):
            return None
        agent = visit.agent
        return Assigned(agent.id, agent.name, dossier.assignee, version(visit), by=agent.id)

    async def _back(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        return HandedBack(visit.agent.id, version(visit))

    async def _transfer(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        """To a colleague, who is asked, or to a queue."""
        note = storable(visit.form.get("text", ""))
        if len(note) > NOTE_LIMIT:
            return None
        agent = visit.agent
        return await self._parts.targets.act(agent.id, agent.name, version(visit), visit.form.get("whom", ""), note)

    async def _invite(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        """A colleague helps, and the agent keeps the conversation."""
        note = storable(visit.form.get("text", ""))
        row = await self._parts.targets.colleague(visit.form.get("whom", ""))
        if row is None or len(note) > NOTE_LIMIT:
            return None
        agent, answers = visit.agent, "answers" in visit.form
        return Invited(agent.id, agent.name, version(visit), row["id"], row["name"], answers, note)

    async def _excuse(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        """Whoever helps leaves, or the owner lets them go."""
        helpers = {str(row["agent_id"]): row for row in await self._parts.helpers(dossier)}
        row = helpers.get(visit.form.get("whom", ""))
        return None if row is None else Excused(visit.agent.id, row["agent_id"], row["name"])

    async def _unjoin(self, visit: Visit, dossier: Dossier) -> AgentAct | None:
        """A leader takes a contact away from the customer of this conversation, with a reason."""
        reason, whom = storable(visit.form.get("text", "")), visit.form.get("contact", "")
        if not leads_over(visit.agent, dossier) or not reason or len(reason) > REASON_LIMIT:
            return None
        people = {str(person["id"]) for person in await read_people(self._pool, dossier)}
        return Unjoined(visit.agent.id, reason) if whom in people else None

    async def _begin_form(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        """Start a form for the customer; the form's id is what the form says."""
        name = visit.form.get("text", "")
        known = (await read_editions(self._pool)).latest
        return FormBegun(visit.agent.id, version(visit), name) if name in known else None

    async def _mark_complex(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        """The customer is owed a preliminary plan (clause ``enquiry.plan``)."""
        return MarkedComplex(visit.agent.id, version(visit))

    async def _close(self, visit: Visit, _dossier: Dossier) -> AgentAct | None:
        code = visit.form.get("wrapup", "")
        if not await wrapup_exists(self._pool, code):
            return None
        return Closed(visit.agent.id, visit.agent.name, version(visit), code)


def source_id(visit: Visit, name: str) -> str:
    """Names an act for ever: the id that was rendered into its form, and what the form says.

    The same form with other words is another act; the same words sent twice are one.

    Raises:
        HTTPBadRequest: the form carries no id of ours.
    """
    act = visit.form.get("act", "")
    if not ACT_ID.fullmatch(act):
        raise web.HTTPBadRequest
    said = "\0".join([name, *(visit.form.get(field, "") for field in ("as", "text", "files", "whom"))])
    return f"desk:{visit.agent.id}:{act}:{sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def version(visit: Visit) -> int:
    """The version of the conversation that the agent saw. Raises: HTTPBadRequest where the form has none."""
    text = visit.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise web.HTTPBadRequest
    return int(text)


def storable(text: str) -> str:
    """The text as it is stored: one kind of line end, no NUL or lone surrogates, nothing blank at its ends."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return clean.encode("utf-8", "ignore").decode("utf-8").strip()
