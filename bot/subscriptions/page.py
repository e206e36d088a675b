"""Webhooks at ``/desk/webhooks``, for administrators: who is told of what, how it stands, and what to tell again."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission
from bot.subscriptions.events import Type
from bot.subscriptions.subscriptions import Draft, Subscriptions, Unfit

MOST = 50
"""Lines of the log on one page."""


class WebhooksPage:
    """Shows and changes subscriptions."""

    def __init__(self, guard: Guard, parts: Parts, subscriptions: Subscriptions) -> None:
        self._guard = guard
        self._parts = parts
        self._kept = subscriptions
        self._acts: dict[str, Callable[[Visit, int], Awaitable[object]]] = {
            "disable": lambda visit, one: self._kept.disable(one, visit.by),
            "enable": lambda visit, one: self._kept.enable(one, visit.by),
            "replay": self._replay,
        }

    def routes(self) -> Iterable[web.RouteDef]:
        """The list with the form of a new one, one with its log, and what is done with it."""
        read, act = self._guard.read, self._guard.act
        return [
            web.get("/desk/webhooks", read(self._list, Permission.PROGRAMS), allow_head=False),
            web.post("/desk/webhooks", act(self._add, Permission.PROGRAMS)),
            web.get(r"/desk/webhooks/{id:\d+}", read(self._one, Permission.PROGRAMS), allow_head=False),
            web.post(r"/desk/webhooks/{id:\d+}/{act}", act(self._act, Permission.PROGRAMS)),
        ]

    async def _list(self, visit: Visit) -> web.StreamResponse:
        return await self._listed(visit)

    async def _listed(self, visit: Visit, *, refused: str = "") -> web.Response:
        page = await self._parts.page(
            visit,
            "webhooks.html",
            area="people",
            pane="page",
            hooks=await self._kept.all(),
            types=[one.value for one in Type],
            form=visit.form if refused else {},
            refused=refused,
        )
        return html(page, 422 if refused else 200)

    async def _add(self, visit: Visit) -> web.StreamResponse:
        events = frozenset(one for one in Type if visit.form.get(f"event.{one}") == "on")
        draft = Draft(storable(visit.form.get("name", "")), storable(visit.form.get("url", "")), events)
        try:
            made, secret = await self._kept.add(draft, visit.by)
        except Unfit as unfit:
            return await self._listed(visit, refused=unfit.why.value)
        return await self._shown(visit, made, secret=secret)

    async def _one(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, _id(visit))

    async def _shown(self, visit: Visit, number_: int, *, secret: str = "") -> web.Response:
        """A subscription with its log. Raises: HTTPNotFound where there is none."""
        one = next((one for one in await self._kept.all() if one["id"] == number_), None)
        if one is None:
            raise web.HTTPNotFound
        asked = visit.request.query
        rows = await self._kept.log(number_, number(asked.get("before", "0")), MOST + 1)
        done = asked.get("done", "")
        page = await self._parts.page(
            visit,
            "webhook.html",
            area="people",
            pane="page",
            one=one,
            rows=rows[:MOST],
            older=rows[MOST - 1]["id"] if len(rows) > MOST else 0,
            secret=secret,
            done=done if done in self._acts else "",
        )
        return html(page)

    async def _act(self, visit: Visit) -> web.StreamResponse:
        act, one = visit.request.match_info["act"], _id(visit)
        if act == "rotate":
            made = await self._kept.rotate(one, visit.by)
            if made is None:
                raise web.HTTPNotFound
            return await self._shown(visit, one, secret=made[0])
        if act not in self._acts:
            raise web.HTTPNotFound
        await self._acts[act](visit, one)
        return web.Response(status=303, headers={"Location": f"/desk/webhooks/{one}?done={act}"})

    async def _replay(self, visit: Visit, one: int) -> int:
        said = visit.form.get("delivery", "")
        return await self._kept.replay(one, number(said) if said else None, visit.by)


def _id(visit: Visit) -> int:
    """Raises: HTTPNotFound where it is none of ours."""
    found = number(visit.request.match_info["id"])
    if found >= 2**31:
        raise web.HTTPNotFound
    return found
