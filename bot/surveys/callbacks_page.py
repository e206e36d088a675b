"""The call-backs at ``/desk/callbacks``: what leaders do about low scores, and whether it won customers back."""

from collections.abc import Iterable
from secrets import token_hex

from aiohttp import web

from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.deeds import ACT_ID, storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.agent import ROOT
from bot.people.rights import Permission
from bot.surveys.callbacks import SQL
from bot.words import words
from router.callbacks import Cause, Step
from router.events import CallbackMoved

WON = {"yes": True, "no": False}


class CallbacksPage:
    """Shows call-backs to those who lead, and takes them on."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool, writer: Acts) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool
        self._writer = writer

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        step = "|".join(Step)
        return [
            web.get("/desk/callbacks", self._guard.read(self._show, Permission.LEAD), allow_head=False),
            web.post(rf"/desk/callbacks/{{id:\d+}}/{{step:{step}}}", self._guard.act(self._move, Permission.LEAD)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, done="done" in visit.request.query)

    async def _page(self, visit: Visit, *, done: bool = False, refused: str = "") -> web.Response:
        said = words(visit.look.language)
        page = await self._parts.page(
            visit,
            "callbacks.html",
            area="callbacks",
            pane="page",
            callbacks=await self._pool.fetch(SQL["list"], visit.agent.scope or ROOT),
            reason_labels=self._parts.reason_labels(visit),
            causes=[(cause.value, said[f"desk.callback.cause.{cause.value}"]) for cause in Cause],
            act=token_hex(16),
            viewer=visit.agent.id,
            said=said[f"refused.{refused}"] if refused else said["desk.callback.kept"] if done else "",
            refused=refused,
        )
        return html(page, 409 if refused else 200)

    async def _move(self, visit: Visit) -> web.StreamResponse:
        callback_id, step, form = number(visit.request.match_info["id"]), visit.request.match_info["step"], visit.form
        contact = await self._pool.fetchval(SQL["may"], callback_id, visit.agent.scope or ROOT)
        if contact is None:
            raise web.HTTPNotFound
        if not ACT_ID.fullmatch(form.get("act", "")):
            return await self._page(visit, refused="unfit")
        plan, departments, remark = (storable(form.get(name, "")) for name in ("plan", "departments", "remark"))
        won = WON.get(form.get("won", ""))
        act = CallbackMoved(visit.agent.id, callback_id, step, form.get("cause", ""), plan, departments, won, remark)
        receipt = await self._writer.act(contact, f"callback:{callback_id}:{step}:{form['act']}", act)
        if receipt.refused:
            return await self._page(visit, refused=receipt.refused)
        return web.Response(status=303, headers={"Location": "/desk/callbacks?done"})
