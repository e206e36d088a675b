"""The kinds of shifts at ``/desk/shifts``: added, changed, retired and taken into use again."""

import re
from collections.abc import Iterable, Mapping

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html
from bot.people.rights import Permission
from bot.shifts.shifts import SQL, add_shift, put_shift, retire_shift

PAGE = "/desk/shifts"
CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
LONGEST_NAME = 20
MOST_PERIODS = 6


class ShiftsPage:
    """Shows what people can be planned for, and takes changes of it."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        return [
            web.get(PAGE, self._guard.read(self._show, Permission.SHIFTS), allow_head=False),
            web.post(PAGE, self._guard.act(self._set, Permission.SHIFTS)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, done=visit.request.query.get("done") == "yes")

    async def _set(self, visit: Visit) -> web.StreamResponse:
        """Do what the form says, or show it again with what is wrong."""
        if refused := await self._done(visit):
            return await self._page(visit, refused=refused, form=visit.form)
        return web.Response(status=303, headers={"Location": f"{PAGE}?done=yes"})

    async def _done(self, visit: Visit) -> str:
        """Why nothing was done; empty where it was."""
        form, do = visit.form, visit.form.get("do", "")
        code, name = form.get("code", "").strip(), storable(form.get("name", "")).strip()
        if CODE.fullmatch(code) is None:
            return "code"
        if do == "retire":
            await retire_shift(self._pool, code, visit.by)
            return ""
        periods = re.split(r"[\s,，;；、]+", form.get("periods", "").strip())
        if not 1 <= len(name) <= LONGEST_NAME or len(periods) > MOST_PERIODS:
            return "name" if len(periods) <= MOST_PERIODS else "periods"
        try:
            if do != "add":
                await put_shift(self._pool, code, name, periods, visit.by)
            elif not await add_shift(self._pool, code, name, periods, visit.by):
                return "known"
        except ValueError:
            return "periods"
        return ""

    async def _page(
        self, visit: Visit, *, done: bool = False, refused: str = "", form: Mapping[str, str] | None = None
    ) -> web.Response:
        render = self._parts.render
        kinds = await self._pool.fetch(SQL["kinds"], render.now().astimezone(render.zone).date())
        values = {"kinds": kinds, "done": done, "refused": refused, "form": form or {}}
        page = await self._parts.page(visit, "shifts.html", area="roster", pane="page", **values)
        return html(page, 422 if refused else 200)
