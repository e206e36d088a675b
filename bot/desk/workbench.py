"""The workbench: the lists, the thread of one conversation, and what is known of its customer."""

from collections.abc import Iterable
from datetime import datetime

from aiohttp import web

from bot.db import Pool
from bot.desk import thread
from bot.desk.checks import Held
from bot.desk.guard import Guard, Visit
from bot.desk.lists import TABS, tabs_of
from bot.desk.parts import ALERTS, Parts, mode
from bot.desk.watching import Watching
from bot.mentions import mentions
from bot.people.access import Dossier, access_conversation
from bot.people.agent import Agent
from bot.people.rights import Permission
from bot.reach.reaches import Reaches
from bot.reach.typing import Typing

LARGEST_ID = 2**63 - 1
MOST_UNDER_WAY = 50
HOMES = (
    (Permission.ANSWER, "/desk/questions"),
    (Permission.AUDIT, "/desk/audit"),
    (Permission.TICKETS, "/desk/tickets"),
    (Permission.SEAT, "/desk/account"),
)
"""By permission: the first page of those who do not talk with customers."""


class Workbench:
    """Serves the pages on which agents work."""

    def __init__(
        self, guard: Guard, parts: Parts, pool: Pool, reaches: Reaches, typing: Typing, watching: Watching
    ) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._reaches = reaches
        self._show_typing = typing.show
        self._watching = watching

    def routes(self) -> Iterable[web.RouteDef]:
        """The pages and their parts."""
        read = self._guard.read
        return [
            web.get("/desk", read(self._show, Permission.SEAT), allow_head=False),
            web.get("/desk/", read(self._show, Permission.SEAT), allow_head=False),
            web.get("/desk/lists", read(self._lists, Permission.SERVE), allow_head=False),
            web.get(r"/desk/c/{id:\d+}", read(self._open, Permission.SERVE), allow_head=False),
            web.get(r"/desk/c/{id:\d+}/live", read(self._live, Permission.SERVE), allow_head=False),
            web.get(r"/desk/c/{id:\d+}/said", read(self._said, Permission.SERVE), allow_head=False),
            web.post(r"/desk/c/{id:\d+}/typing", self._guard.act(self._typing, Permission.SERVE)),
            web.get(r"/desk/c/{id:\d+}/transfer", read(self._targets, Permission.SERVE), allow_head=False),
            web.get(r"/desk/c/{id:\d+}/older", read(self._older, Permission.SERVE), allow_head=False),
            web.get(r"/desk/c/{id:\d+}/earlier/{other:\d+}", read(self._earlier, Permission.SERVE), allow_head=False),
        ]

    async def dossier(self, visit: Visit) -> Dossier:
        """The conversation that an address names. Raises: HTTPNotFound where the agent may not see it."""
        dossier = await self.standing(visit)
        if dossier is None:
            raise web.HTTPNotFound
        return dossier

    async def standing(self, visit: Visit) -> Dossier | None:
        """The same for acts, which others may have forestalled; None where it is not theirs to see, or no more."""
        return await access_conversation(self._pool, visit.agent, number(visit.request.match_info["id"]))

    async def _read(self, visit: Visit) -> Dossier:
        """The same for whoever reads what is said there, which is on record where it is not theirs."""
        dossier = await self.dossier(visit)
        await self._watching.look(visit.agent, dossier)
        return dossier

    def now(self) -> datetime:
        """The time (aware, UTC)."""
        return self._parts.render.now()

    async def page(
        self, visit: Visit, dossier: Dossier, *, draft: str = "", refused: str = "", held: Held | None = None
    ) -> str:
        """The whole workbench with one conversation open."""
        tab = tab_of(visit)
        return await self._parts.page(
            visit,
            "workbench.html",
            area="workbench",
            pane="thread",
            **{
                **await self._parts.stage(visit, dossier, tab, draft, refused),
                "held": held,
                **await self._parts.lists(visit, tab, dossier.id, before_of(visit)),
            },
        )

    async def empty(self, visit: Visit, *, refused: str = "") -> str:
        """The whole workbench with no conversation open."""
        lists = await self._parts.lists(visit, tab_of(visit), 0, before_of(visit))
        values = {"area": "workbench", "pane": "list", "one": None, "refused": refused}
        return await self._parts.page(visit, "workbench.html", **values, **lists)

    async def _show(self, visit: Visit) -> web.StreamResponse:
        """The workbench; whoever does not talk with customers is led to a page of theirs."""
        if not visit.agent.may(Permission.SERVE):
            return web.Response(status=303, headers={"Location": home_of(visit.agent)})
        return html(await self.empty(visit))

    async def _lists(self, visit: Visit) -> web.StreamResponse:
        """One list; a page that says which lines it shows, even none, is sent what has changed."""
        query = visit.request.query
        open_id = number(query.get("open", "0"))
        known = query.get("known", "").split(".")
        board = query.get("board", "")
        lists = await self._parts.lists(visit, tab_of(visit), open_id, before_of(visit), known=known, board=board)
        template = "lists_changed.html" if "known" in query else "lists.html"
        return html(self._parts.render(template, visit.look, **lists, asked=query.get("tab", "")))

    async def _open(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._read(visit)
        await self._pool.execute(ALERTS["see_of"], visit.agent.id, dossier.id)
        await mentions.see(self._pool, visit.agent.id, dossier.id)
        if mode(visit.agent, dossier) == "mine":
            await self._reaches.hear_all(dossier.contact_id)
        if not visit.partial:
            return html(await self.page(visit, dossier))
        stage = await self._parts.stage(visit, dossier, tab_of(visit), "", "")
        return html(self._parts.render("stage.html", visit.look, **stage))

    async def _targets(self, visit: Visit) -> web.StreamResponse:
        """To whom the conversation can be passed on, as things stand now."""
        dossier = await self.dossier(visit)
        targets = await self._parts.targets.read(visit.agent.id, dossier, visit.look.language)
        return html(self._parts.render("transfer_choices.html", visit.look, one=dossier, targets=targets))

    async def _live(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._read(visit)
        return html(await self.changes(visit, dossier))

    async def _said(self, visit: Visit) -> web.StreamResponse:
        """What has been said since, and how far messages have got: all that changes while words come in fast."""
        dossier = await self._read(visit)
        after, ways = shown_of(visit)
        return html(await self._parts.said(visit, dossier, after, ways))

    async def _typing(self, visit: Visit) -> web.StreamResponse:
        """The agent is writing an answer; only the assignee's writing is the customer's to see."""
        dossier = await self.dossier(visit)
        if mode(visit.agent, dossier) == "mine":
            await self._show_typing(dossier.speaker, dossier.whereabouts)
        return web.Response(status=204)

    async def changes(self, visit: Visit, dossier: Dossier, *, said: str = "", refused: str = "") -> str:
        """What the page that asks has to change; it tells what it shows by ``after`` and ``ways``."""
        tab = tab_of(visit)
        after, ways = shown_of(visit)
        return await self._parts.live(visit, dossier, tab, after=after, under_way=ways, said=said, refused=refused)

    async def _older(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._read(visit)
        before = number(visit.request.query.get("before", ""))
        page = await thread.read_page(self._pool, dossier, before, self._parts.pushes, self._parts.render.zone)
        values = {"one": dossier, "lines": page.lines, "before": page.before}
        return html(self._parts.render("thread_page.html", visit.look, **values))

    async def _earlier(self, visit: Visit) -> web.StreamResponse:
        """An earlier conversation of the same contact, to read beside the present one."""
        dossier = await self._read(visit)
        other = number(visit.request.match_info["other"])
        lines = await thread.read_one(self._pool, dossier, other, self._parts.pushes, self._parts.render.zone)
        if not lines:
            raise web.HTTPNotFound
        return html(self._parts.render("messages.html", visit.look, one=dossier, lines=lines))


def home_of(agent: Agent) -> str:
    """Where those begin who do not talk with customers. Raises: HTTPForbidden where no page is theirs."""
    for permission, path in HOMES:
        if agent.may(permission):
            return path
    raise web.HTTPForbidden


def tab_of(visit: Visit) -> str:
    """The list that a request wants to see beside the thread."""
    tab = visit.form.get("tab") or visit.request.query.get("tab", "")
    return tab if tab in tabs_of(visit.agent) else TABS[0]


def shown_of(visit: Visit) -> tuple[int, list[int]]:
    """What a page shows of a thread: the newest message, and those that are on their way. Raises: HTTPNotFound."""
    asked = {**visit.request.query, **visit.form}
    ways = [number(seq) for seq in asked.get("ways", "").split(",") if seq][:MOST_UNDER_WAY]
    return number(asked.get("after", "0")), ways


def before_of(visit: Visit) -> str:
    """The page of the list that a request wants to see: the mark of the last line of the page before."""
    return visit.form.get("before") or visit.request.query.get("before", "")


def number(text: str) -> int:
    """An id out of an address. Raises: HTTPNotFound where it is none."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise web.HTTPNotFound
    return int(text)


def html(text: str, status: int = 200) -> web.Response:
    """A page or a part of one."""
    return web.Response(text=text, content_type="text/html", status=status)
