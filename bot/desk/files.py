"""Files in the desk's threads: shown to whoever may see a conversation in which they stand, asked at each look."""

from collections.abc import Iterable

import structlog
from aiohttp import web

from bot.desk.guard import Guard, Visit
from bot.files.store import Kept, Store
from bot.people.access import access_conversation
from bot.people.rights import Permission
from bot.sql import load
from channels import serving

SQL = load(__file__, "files.sql")

log = structlog.get_logger()


class Files:
    """Shows files of messages."""

    def __init__(self, guard: Guard, store: Store) -> None:
        self._guard = guard
        self._store = store

    def routes(self) -> Iterable[web.RouteDef]:
        """The route of the files."""
        return [web.get("/desk/files/{id}", self._guard.read(self._show, Permission.SERVE), allow_head=False)]

    async def _show(self, visit: Visit) -> web.StreamResponse:
        kept = await self._store.find(visit.request.match_info["id"])
        if kept is None or not (_unsent_by(visit, kept) or await self._may_see(visit, kept.id)):
            raise web.HTTPNotFound
        try:
            return await serving.serve(visit.request, self._store.opened(kept))
        except OSError as error:
            log.error("files.unreadable", error=type(error).__name__)
            raise web.HTTPServiceUnavailable from error

    async def _may_see(self, visit: Visit, file_id: str) -> bool:
        pool = self._store.pool
        for row in await pool.fetch(SQL["conversations_of"], file_id):
            if await access_conversation(pool, visit.agent, row["id"]) is not None:
                return True
        return False


def _unsent_by(visit: Visit, kept: Kept) -> bool:
    """Whether it is the visitor's own upload that has not been sent."""
    return kept.agent == visit.agent.id and not kept.sent
