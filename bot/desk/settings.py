"""The settings sheet: what a person chooses for their own desk."""

import json
from collections.abc import Iterable

import msgspec
from aiohttp import web

from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.people.preferences import choose, from_form
from bot.people.rights import Permission


class Settings:
    """Takes the form of the sheet."""

    def __init__(self, guard: Guard, pool: Pool) -> None:
        self._guard = guard
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The form; the sheet itself is part of every page."""
        return [web.post("/desk/preferences", self._guard.act(self._choose, Permission.SEAT))]

    async def _choose(self, visit: Visit) -> web.StreamResponse:
        """Keep the choice; scripts hear of it by an event, so that it counts at once."""
        try:
            chosen = from_form(visit.form)
        except msgspec.ValidationError as error:
            raise web.HTTPBadRequest from error
        await choose(self._pool, visit.agent.id, chosen)
        if not visit.partial:
            return web.Response(status=303, headers={"Location": "/desk"})
        told = {"desk:preferences": msgspec.to_builtins(chosen, order="deterministic")}
        return web.Response(text="", content_type="text/html", headers={"HX-Trigger": json.dumps(told)})
