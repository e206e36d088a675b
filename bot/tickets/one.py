"""One ticket at the desk: written down from a chat, with its limits, its timeline, and all that may be done to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from secrets import token_hex

import structlog
from aiohttp import web
from msgspec import convert

from bot.business.forms import read_editions
from bot.db import Pool, Row
from bot.desk.acts import Acts
from bot.desk.deeds import ACT_ID, storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import ALERTS, Parts
from bot.desk.workbench import html, number
from bot.disclosures.disclosures import REASON, disclose
from bot.disclosures.page import SHOWN
from bot.files.screen import Refusal
from bot.files.store import Owner, Store
from bot.people.access import Dossier, access_conversation
from bot.people.rights import Permission
from bot.tickets.forms import act_of, draft_of, filled_in, whole
from bot.tickets.row import read_ticket
from bot.tickets.shown import SQL, access_ticket, first_of, possible, read_limits, read_steps, solve_by
from bot.words import words
from channels import serving
from channels.door import Address, Malformed
from channels.uploads import Uploads as Bodies
from router.contact import SPOKEN
from router.events import TicketActed, TicketOpened
from router.forms.progress import Answer
from router.tickets import acts
from router.tickets.acts import TicketAct
from router.tickets.guess import guess
from router.tickets.ticket import Grade, TicketKind

log = structlog.get_logger()

ANSWERS = "ticket.answers"
FIELDS = (
    *("text", "kind", "business", "cause", "department", "number", "place", "day", "time"),
    *("people", "loss", "grade", "reason"),
)


class TicketPage:
    """Shows one ticket and takes what people do to it."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts, store: Store) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer
        self._store = store
        self._bodies = Bodies(store.limit)

    def routes(self) -> Iterable[web.RouteDef]:
        """A new ticket, and one that stands."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get(r"/desk/c/{id:\d+}/ticket", read(self._blank, Permission.SERVE), allow_head=False),
            web.post(r"/desk/c/{id:\d+}/ticket", act(self._open, Permission.SERVE)),
            web.get(r"/desk/tickets/{id:\d+}", read(self._show, Permission.TICKETS), allow_head=False),
            web.get(r"/desk/tickets/{id:\d+}/files/{file}", read(self._file, Permission.TICKETS), allow_head=False),
            web.post(r"/desk/tickets/{id:\d+}/files", self._guard.upload(self._attach, Permission.TICKETS)),
            web.post(r"/desk/tickets/{id:\d+}/answers", act(self._disclose, Permission.TICKETS)),
            web.post(r"/desk/tickets/{id:\d+}/{act}", act(self._act, Permission.TICKETS)),
        ]

    # A new one -----------------------------------------------------------------------------------------------------

    async def _blank(self, visit: Visit) -> web.StreamResponse:
        """The form, with what the chat tells already filled in."""
        dossier = await self._dossier(visit)
        today = self._parts.render.now().astimezone(self._parts.render.zone).date()
        guessed = filled_in(guess(await self._said(dossier), today, self._parts.rules()))
        sure = {"kind"} if guessed["kind"] == TicketKind.MATTER else set()
        proposed = {name for name, value in guessed.items() if value} - sure
        return await self._form(visit, dossier, guessed, proposed=proposed)

    async def _said(self, dossier: Dossier) -> list[str]:
        """What the customer has said, in order."""
        return [row["text"] for row in reversed(await self._pool.fetch(SQL["said"], dossier.id))]

    async def _open(self, visit: Visit) -> web.StreamResponse:
        dossier, act = await self._dossier(visit), visit.form.get("act", "")
        draft = draft_of(visit.form, dossier.id, await self._said(dossier))
        if draft is None or not ACT_ID.fullmatch(act):
            return await self._form(visit, dossier, visit.form, refused="unfit")
        event = TicketOpened(visit.agent.id, visit.agent.name, draft)
        receipt = await self._writer.act(dossier.speaker, f"ticket:{act}", event)
        if receipt.refused:
            return await self._form(visit, dossier, visit.form, refused=receipt.refused)
        made = await self._pool.fetchval(SQL["latest"], dossier.speaker, visit.agent.id)
        return web.Response(status=303, headers={"Location": f"/desk/tickets/{made}?done=created"})

    async def _form(
        self,
        visit: Visit,
        dossier: Dossier,
        form: Mapping[str, str],
        *,
        refused: str = "",
        proposed: Set[str] = frozenset(),
    ) -> web.StreamResponse:
        page = await self._parts.page(
            visit,
            "ticket_new.html",
            area="tickets",
            pane="page",
            one=dossier,
            form={**dict.fromkeys(FIELDS, ""), **form},
            proposed=proposed,
            rules=self._parts.rules(),
            kinds=list(TicketKind),
            grades=list(Grade),
            act=token_hex(16),
            refused=words(visit.look.language)[f"refused.{refused}"] if refused else "",
        )
        return html(page, 422 if refused else 200)

    async def _dossier(self, visit: Visit) -> Dossier:
        """The conversation that a ticket is written down from. Raises: HTTPNotFound where it is not theirs to see."""
        found = await access_conversation(self._pool, visit.agent, number(visit.request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    # One that stands -----------------------------------------------------------------------------------------------

    async def _show(self, visit: Visit) -> web.StreamResponse:
        row, done = await self._ticket(visit), visit.request.query.get("done", "")
        await self._pool.execute(ALERTS["see_ticket"], visit.agent.id, row["id"])
        said = words(visit.look.language)[f"desk.ticket.{done}"] if done in ("created", "saved") else ""
        return await self._page(visit, row, said=said)

    async def _page(self, visit: Visit, row: Row, *, said: str = "", refused: str = "") -> web.Response:
        ticket, pool = read_ticket(row), self._pool
        limits = await read_limits(pool, ticket.id, self._parts.render.now())
        offered = possible(ticket, visit.agent)
        page = await self._parts.page(
            visit,
            "ticket.html",
            area="tickets",
            pane="page",
            one=row,
            ticket=ticket,
            rules=self._parts.rules(),
            acts=offered,
            first=first_of(offered, limits, visit.agent),
            limits=limits,
            solve_by=solve_by(limits),
            spoken=row["channel"] in SPOKEN,
            steps=await read_steps(pool, ticket.id),
            conversations=await pool.fetch(SQL["conversations"], ticket.id),
            files=await pool.fetch(SQL["files"], ticket.id),
            followers=await pool.fetch(SQL["followers"]),
            grades=list(Grade),
            act=token_hex(16),
            typed=defaultdict(str, visit.form if refused else {}),
            blank=defaultdict(str),
            said=words(visit.look.language)[f"refused.{refused}"] if refused else said,
            refused=refused,
        )
        return html(page, 409 if refused else 200)

    async def _act(self, visit: Visit) -> web.StreamResponse:
        row, name = await self._ticket(visit), visit.request.match_info["act"]
        act = await self._named(name, visit.form) or act_of(name, visit.form, self._parts.render.zone)
        if not ACT_ID.fullmatch(visit.form.get("act", "")):
            act = None
        if act is None or name not in possible(read_ticket(row), visit.agent):
            return await self._page(visit, row, refused="unfit" if act is None else "ticket.state")
        return await self._done(visit, row, act)

    async def _named(self, name: str, form: Mapping[str, str]) -> TicketAct | None:
        """An act that names somebody who is at the desk."""
        if name not in ("own", "respond"):
            return None
        whom = whole(form.get("whom", "")) or 0
        found = await self._pool.fetchval(SQL["named"], whom) if whom < 2**31 else None
        if found is None:
            return None
        return acts.Owned(whom, found) if name == "own" else acts.Responded(whom, found)

    async def _done(self, visit: Visit, row: Row, act: TicketAct) -> web.Response:
        version = whole(visit.form.get("version", "")) or 0
        event = TicketActed(visit.agent.id, visit.agent.name, row["id"], version, act)
        source_id = f"ticket:{row['id']}:{visit.form['act']}:{type(act).__name__}"
        receipt = await self._writer.act(row["contact_id"], source_id, event)
        if receipt.refused:
            return await self._page(visit, await self._ticket(visit), refused=receipt.refused)
        return web.Response(status=303, headers={"Location": f"/desk/tickets/{row['id']}?done=saved"})

    async def _ticket(self, visit: Visit) -> Row:
        """The ticket that an address names. Raises: HTTPNotFound where it is not theirs to see."""
        found = await access_ticket(self._pool, visit.agent, number(visit.request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    # What belongs to it --------------------------------------------------------------------------------------------

    async def _file(self, visit: Visit) -> web.StreamResponse:
        row = await self._ticket(visit)
        kept = await self._store.find(visit.request.match_info["file"])
        if kept is None or not await self._pool.fetchval(SQL["file"], row["id"], kept.id):
            raise web.HTTPNotFound
        try:
            return await serving.serve(visit.request, self._store.opened(kept))
        except OSError as error:
            log.error("files.unreadable", error=type(error).__name__)
            raise web.HTTPServiceUnavailable from error

    async def _attach(self, visit: Visit) -> web.StreamResponse:
        """Answers with nothing, or with a sentence that says why the file was not taken."""
        row = await self._ticket(visit)
        refused = web.Response(text=words(visit.look.language)["refused.ticket.file"], status=422)
        if "attach" not in possible(read_ticket(row), visit.agent):
            return refused
        try:
            upload = await self._bodies.read(visit.request)
        except Malformed:
            return refused
        contact = await self._pool.fetchrow(SQL["address"], row["contact_id"])
        assert contact is not None
        owner = Owner(Address(*contact.values()), visit.agent.id)
        made = await self._store.add(owner, upload.content, upload.name)
        if isinstance(made, Refusal):
            return refused
        event = TicketActed(visit.agent.id, visit.agent.name, row["id"], 0, acts.Attached(made.id, made.name))
        receipt = await self._writer.act(row["contact_id"], f"ticket:file:{made.id}", event)
        return refused if receipt.refused else web.Response(status=204)

    async def _disclose(self, visit: Visit) -> web.StreamResponse:
        """What it is about and the answers of its form, in full for a minute, with a reason, on record."""
        row, language = await self._ticket(visit), visit.look.language
        about, reason = read_ticket(row).about, storable(visit.form.get("reason", ""))
        if not (about.private or row["form"]) or len(reason) not in REASON:
            return html(self._parts.render("number_shown.html", visit.look, shown="", seconds=0), 422)
        await disclose(self._pool, visit.by, what=ANSWERS, contact=row["contact_id"], reason=reason)
        told = [(words(language)[f"desk.ticket.{name}"], getattr(about, name)) for name in ("number", "place")]
        answers = [*((label, value) for label, value in told if value), *await self._answers(row["id"], language)]
        return html(self._parts.render("answers_shown.html", visit.look, answers=answers, seconds=SHOWN))

    async def _answers(self, ticket: int, language: str) -> list[tuple[str, str]]:
        """The answers of the form that it was made of, in full; none where no form made it."""
        row = await self._pool.fetchrow(SQL["answers"], ticket)
        form = None if row is None else (await read_editions(self._pool)).of(row["form"], row["version"])
        if row is None or form is None:
            return []
        return form.shown(tuple(convert(row["answers"], list[Answer])), language, masked=False)
