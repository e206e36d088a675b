"""The keys of programs at ``/desk/keys``, for administrators; a new one is shown once, in the answer to its form."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from bot.db import Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.keys.keys import SQL, Draft, Misfit, Right, Unfit, add_key, all_keys, revoke_key
from bot.people.rights import Permission
from bot.people.units import HEADQUARTERS, all_units


class KeysPage:
    """Shows, makes and revokes keys."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The list with the form of a new one, and the end of one."""
        act = self._guard.act
        return [
            web.get("/desk/keys", self._guard.read(self._show, Permission.PROGRAMS), allow_head=False),
            web.post("/desk/keys", act(self._make, Permission.PROGRAMS)),
            web.post(r"/desk/keys/{id:\d+}/revoke", act(self._revoke, Permission.PROGRAMS)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit)

    async def _page(self, visit: Visit, *, made: str = "", refused: str = "") -> web.Response:
        page = await self._parts.page(
            visit,
            "api_keys.html",
            area="people",
            pane="page",
            keys=await all_keys(self._pool),
            rights=[right.value for right in Right],
            units=await all_units(self._pool),
            writers=await self._pool.fetch(SQL["writers"]),
            form=visit.form if refused else {},
            made=made,
            refused=refused,
        )
        return html(page, 422 if refused else 200)

    async def _make(self, visit: Visit) -> web.StreamResponse:
        try:
            _, secret = await add_key(self._pool, draft_of(visit.form), visit.by)
        except Unfit as unfit:
            return await self._page(visit, refused=unfit.why.value)
        return await self._page(visit, made=secret)

    async def _revoke(self, visit: Visit) -> web.StreamResponse:
        key = number(visit.request.match_info["id"])
        if key < 2**31:
            await revoke_key(self._pool, key, visit.by)
        return web.Response(status=303, headers={"Location": "/desk/keys"})


def draft_of(form: Mapping[str, str]) -> Draft:
    """The key that a form asks for. Raises: Unfit where its unit is none."""
    unit = form.get("unit", "") or str(HEADQUARTERS)
    if not (unit.isascii() and unit.isdigit() and len(unit) < 10):
        raise Unfit(Misfit.UNIT)
    rights = frozenset(right for right in Right if form.get(f"right.{right}") == "on")
    return Draft(storable(form.get("name", "")), rights, int(unit), form.get("login", "").replace("\x00", ""))
