"""The page of canned replies: everybody keeps their own, and who leads those of the unit and of all."""

from collections.abc import Iterable

from aiohttp import web

from bot.audit.audit import Deed, note
from bot.canned import canned
from bot.canned.canned import Canned, Draft, Scope
from bot.db import Connection, Pool
from bot.desk.deeds import storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts
from bot.desk.workbench import html, number
from bot.people.rights import Permission
from bot.words import words

DONE = ("added", "changed", "dropped")


class CannedPage:
    """Shows canned replies, changes them, and notes which were used."""

    def __init__(self, guard: Guard, parts: Parts, pool: Pool) -> None:
        self._guard = guard
        self._parts = parts
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The page and its forms."""
        act = self._guard.act
        return [
            web.get("/desk/canned", self._guard.read(self._show, Permission.SERVE), allow_head=False),
            web.post("/desk/canned", act(self._add, Permission.SERVE)),
            web.post(r"/desk/canned/{id:\d+}/change", act(self._change, Permission.SERVE)),
            web.post(r"/desk/canned/{id:\d+}/drop", act(self._drop, Permission.SERVE)),
            web.post(r"/desk/canned/{id:\d+}/used", act(self._used, Permission.SERVE)),
        ]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        done = visit.request.query.get("done", "")
        return await self._page(visit, Draft("", "", ""), said=done if done in DONE else "")

    async def _add(self, visit: Visit) -> web.StreamResponse:
        draft, scope = _draft(visit), visit.form.get("scope", "")
        if not draft.fits or scope not in list(Scope):
            return await self._page(visit, draft, refused="unfit")
        async with self._pool.acquire() as connection, connection.transaction():
            added = await canned.add(connection, visit.agent, Scope(scope), draft)
            if added:
                await _note(connection, visit, Scope(scope), draft.key, "added")
        return _see("added") if added else await self._page(visit, draft, refused="taken")

    async def _change(self, visit: Visit) -> web.StreamResponse:
        one, draft = await self._one(visit, changeable=True), _draft(visit)
        if not draft.fits:
            return await self._page(visit, draft, refused="unfit", of=one)
        async with self._pool.acquire() as connection, connection.transaction():
            changed = await canned.change(connection, one, draft)
            if changed:
                await _note(connection, visit, one.scope, draft.key, "changed")
        return _see("changed") if changed else await self._page(visit, draft, refused="taken", of=one)

    async def _drop(self, visit: Visit) -> web.StreamResponse:
        one = await self._one(visit, changeable=True)
        async with self._pool.acquire() as connection, connection.transaction():
            await canned.drop(connection, one)
            await _note(connection, visit, one.scope, one.key, "dropped")
        return _see("dropped")

    async def _used(self, visit: Visit) -> web.StreamResponse:
        await canned.use(self._pool, visit.agent, await self._one(visit, changeable=False))
        return web.Response(status=204)

    async def _one(self, visit: Visit, *, changeable: bool) -> Canned:
        """Raises: HTTPNotFound where there is none that this person has, or may change."""
        wanted = number(visit.request.match_info["id"])
        for one in await canned.read(self._pool, visit.agent):
            if one.id == wanted and (one.changeable or not changeable):
                return one
        raise web.HTTPNotFound

    async def _page(
        self, visit: Visit, draft: Draft, *, said: str = "", refused: str = "", of: Canned | None = None
    ) -> web.Response:
        said_words = words(visit.look.language)
        page = await self._parts.page(
            visit,
            "canned.html",
            area="canned",
            pane="page",
            replies=await canned.read(self._pool, visit.agent),
            scopes=[scope.value for scope in Scope if scope is Scope.PERSONAL or visit.agent.leads],
            scope=visit.form.get("scope", Scope.PERSONAL.value),
            draft=draft,
            of=of,
            said=said_words[f"desk.canned.done.{said}"] if said else "",
            refused=said_words[f"desk.canned.refused.{refused}"] if refused else "",
        )
        return html(page, 422 if refused else 200)


async def _note(connection: Connection, visit: Visit, scope: Scope, key: str, done: str) -> None:
    """What others use too is on record; everybody's own is not."""
    if scope is not Scope.PERSONAL:
        await note(connection, visit.by, Deed.CANNED_CHANGED, f"canned:{key}", detail=f"{scope.value} {done}")


def _draft(visit: Visit) -> Draft:
    return Draft(*(storable(visit.form.get(field, "")) for field in ("key", "title", "text")))


def _see(done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/desk/canned?done={done}"})
