"""The form that sets a chat aside, and the one that takes it back."""

from collections.abc import Iterable

from aiohttp import web

from bot.bus import Bus
from bot.db import Pool
from bot.desk.deeds import Deeds, storable
from bot.desk.guard import Guard, Visit
from bot.desk.parts import Parts, mode
from bot.desk.workbench import Workbench
from bot.people.access import Dossier
from bot.people.rights import Permission
from bot.snoozes.snoozes import LONGEST_NOTE, near, snooze, until_of, wake


class SnoozeForms:
    """Takes both forms of the owner."""

    def __init__(self, guard: Guard, bench: Workbench, parts: Parts, deeds: Deeds, pool: Pool, bus: Bus) -> None:
        self._guard = guard
        self._bench = bench
        self._parts = parts
        self._deeds = deeds
        self._pool = pool
        self._bus = bus

    def routes(self) -> Iterable[web.RouteDef]:
        """The two forms."""
        act = self._guard.act
        return [
            web.post(r"/desk/c/{id:\d+}/snooze", act(self._snooze, Permission.SERVE)),
            web.post(r"/desk/c/{id:\d+}/wake", act(self._wake, Permission.SERVE)),
        ]

    async def _snooze(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        return await self._answer(visit, dossier, "snooze", await self._set_aside(visit, dossier))

    async def _wake(self, visit: Visit) -> web.StreamResponse:
        dossier = await self._bench.dossier(visit)
        await wake(self._pool, dossier.id, visit.agent.id)
        return await self._answer(visit, dossier, "wake", "")

    async def _set_aside(self, visit: Visit, dossier: Dossier) -> str:
        """Why it cannot be; empty where it was."""
        now, zone, note = self._bench.now(), self._parts.render.zone, storable(visit.form.get("text", ""))
        until = until_of(visit.form, now, zone)
        if mode(visit.agent, dossier) != "mine":
            return "stale"
        if until is None or len(note) > LONGEST_NOTE:
            return "snooze.time"
        if near(dossier.due, now):
            return "snooze.near"
        return "" if await snooze(self._pool, dossier.id, visit.agent.id, until, note) else "stale"

    async def _answer(self, visit: Visit, dossier: Dossier, name: str, refused: str) -> web.StreamResponse:
        """The conversation as it now stands; other tabs of the owner hear of it."""
        self._bus.announce([f"agent:{visit.agent.id}"])
        return await self._deeds.answer(visit, dossier, name, refused=refused)
