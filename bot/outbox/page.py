"""The page of messages that have not arrived, at ``/desk/delivery``: why, what can be done, and how accounts fare."""

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from bot.db import Pool, Row
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.outbox import letters
from bot.outbox.accounts import SQL as ACCOUNTS
from bot.outbox.letters import Act, Deliveries, Seen, State
from bot.people.rights import Permission
from bot.sql import load
from bot.words import fill, words

SQL = load(__file__, "delivery.sql")
STANDINGS = ("in_doubt", "parked", "failed", "waiting")
CLOSED = ("budget", "45015", "45047", "95001", "95002", "session_ended", "session_expired", "quota")
"""Reasons for which a message is parked: the platform takes nothing for this contact until the customer writes."""
LONGEST = 64
REASON = "desk.reason."


class Filter(Struct, frozen=True):
    """Which messages are asked for; empty fields ask for all."""

    channel: str = ""
    account: str = ""
    standing: str = ""
    contact: int = 0

    @property
    def query(self) -> str:
        """The same as an address carries it."""
        fields = {"of": self.of, "standing": self.standing, "contact": str(self.contact or "")}
        return urlencode({name: value for name, value in fields.items() if value})

    @property
    def of(self) -> str:
        """Channel and account as one name."""
        return f"{self.channel}/{self.account}" if self.account else self.channel


class DeliveryPage:
    """Shows what has not arrived: a leader all of it, an agent what they wrote or what is in their conversations."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Deliveries) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The page, its list and count, and one form for each decision."""
        read = self._guard.read
        return [
            web.get("/desk/delivery", read(self._show, Permission.SERVE), allow_head=False),
            web.get("/desk/delivery/list", read(self._list, Permission.SERVE), allow_head=False),
            web.get("/desk/delivery/count", read(self._count, Permission.SERVE), allow_head=False),
            web.post(r"/desk/delivery/{id:\d+}/{act}", self._guard.act(self._decide, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        done = visit.request.query.get("done", "")
        said = words(visit.look.language)[f"desk.delivery.done.{done}"] if done in list(Act) else ""
        return await self._page(visit, said=said)

    async def _list(self, visit: Visit) -> web.StreamResponse:
        values = await self._values(visit, filter_of(visit))
        return html(self._parts.render("delivery_list.html", visit.look, csrf=visit.session.csrf, **values))

    async def _count(self, visit: Visit) -> web.StreamResponse:
        return web.Response(text=str(await letters.dead(self._pool)) if visit.agent.leads else "0")

    async def _decide(self, visit: Visit) -> web.StreamResponse:
        """Carry a decision out, unless the message is not as the page showed it or not the visitor's to decide."""
        act, outbox_id = _act_of(visit), number(visit.request.match_info["id"])
        if not await self._pool.fetchval(SQL["may_decide"], outbox_id, visit.agent.leads, visit.agent.id):
            raise web.HTTPNotFound
        if not await self._carry_out(act, outbox_id, _seen(visit)):
            return await self._page(visit, said=words(visit.look.language)["refused.delivery"], refused=True)
        query = filter_of(visit).query
        return web.Response(status=303, headers={"Location": f"/desk/delivery?done={act.value}&{query}".rstrip("&")})

    async def _carry_out(self, act: Act, outbox_id: int, seen: Seen) -> bool:
        match act:
            case Act.RETRY:
                return await letters.retry(self._pool, outbox_id, seen)
            case Act.DROP:
                return await letters.drop(self._pool, outbox_id, seen)
            case Act.ARRIVED | Act.LOST:
                return await letters.settle(self._pool, self._writer, outbox_id, act, seen)

    # What is shown --------------------------------------------------------------------------------------------------

    async def _page(self, visit: Visit, *, said: str = "", refused: bool = False) -> web.Response:
        wanted = filter_of(visit)
        page = await self._parts.page(
            visit,
            "delivery.html",
            area="delivery",
            pane="page",
            said=said,
            refused=refused,
            accounts=await self._pool.fetch(ACCOUNTS["states"]) if visit.agent.leads else [],
            decided=await self._pool.fetch(SQL["decided"], visit.agent.leads, visit.agent.id),
            **await self._values(visit, wanted),
        )
        return html(page, 409 if refused else 200)

    async def _values(self, visit: Visit, wanted: Filter) -> Mapping[str, object]:
        return {
            "wanted": wanted,
            "standings": STANDINGS,
            "letters": await self._read(visit, wanted),
            "reason": partial(reason_of, language=visit.look.language),
            "may": _MAY,
        }

    async def _read(self, visit: Visit, wanted: Filter) -> list[Row]:
        return await self._pool.fetch(
            SQL["letters"], visit.agent.leads, visit.agent.id, wanted.channel, wanted.account, wanted.standing,
            wanted.contact, list(CLOSED),
        )  # fmt: skip


_MAY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {state.value: tuple(act.value for act in Act if state in letters.DECIDABLE[act]) for state in State}
)
"""The decisions that a row takes, by its state."""


def reason_of(error: str, language: str) -> str:
    """Why a message has not arrived, in plain words; a code that has none of its own is shown."""
    said = words(language)
    kind = "http" if error.startswith("http_") else error
    return said.get(f"{REASON}{kind}") or fill(said[f"{REASON}other"], [("error", error or "—")])


def filter_of(visit: Visit) -> Filter:
    """The messages that a request asks for; what it asks wrongly counts as not asked."""
    asked = {**visit.request.query, **visit.form}
    channel, _, account = asked.get("of", "").partition("/")
    standing, contact = asked.get("standing", ""), asked.get("contact", "")
    return Filter(
        channel[:LONGEST],
        account[:LONGEST],
        standing if standing in STANDINGS else "",
        int(contact) if contact.isascii() and contact.isdigit() and len(contact) < 19 else 0,
    )


def _act_of(visit: Visit) -> Act:
    """Raises: HTTPNotFound for what is no decision."""
    try:
        return Act(visit.request.match_info["act"])
    except ValueError as error:
        raise web.HTTPNotFound from error


def _seen(visit: Visit) -> Seen:
    """Raises: HTTPBadRequest where the form is none of ours."""
    try:
        return Seen(State(visit.form.get("state", "")), int(visit.form.get("attempts", "")), visit.by)
    except ValueError as error:
        raise web.HTTPBadRequest from error
