"""Takes what the composer of an open page has to say of a draft."""

import re
from collections.abc import Iterable, Mapping

from aiohttp import web

from bot.db import Pool
from bot.desk.guard import Guard, Visit
from bot.desk.parts import TEXT_LIMIT
from bot.desk.workbench import Workbench
from bot.drafts.drafts import Kind, Place, Save, save, shown
from bot.people.rights import Permission

PAGE = re.compile(r"[0-9a-f]{16}")
LARGEST = 2**31 - 1


class DraftsPage:
    """Keeps drafts of whoever may see the conversation, as long as it is open."""

    def __init__(self, guard: Guard, bench: Workbench, pool: Pool) -> None:
        self._guard = guard
        self._bench = bench
        self._pool = pool

    def routes(self) -> Iterable[web.RouteDef]:
        """The form that scripts send."""
        return [web.post(r"/desk/c/{id:\d+}/draft", self._guard.act(self._save, Permission.SERVE))]

    async def _save(self, visit: Visit) -> web.StreamResponse:
        """Tell how the draft stands; more sends than the page knew of tell it that its save came too late."""
        dossier = await self._bench.dossier(visit)
        one, kind = read_save(visit.form)
        standing = await save(self._pool, Place(visit.agent.id, dossier.id, kind), one)
        return web.json_response(None if standing is None else shown(standing))


def read_save(form: Mapping[str, str]) -> tuple[Save, Kind]:
    """What a form says of a draft, and of which. Raises: HTTPBadRequest where it is no form of ours."""
    kind, page = form.get("as", ""), form.get("page", "")
    text = form.get("text", "").replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
    if kind not in list(Kind) or not PAGE.fullmatch(page) or len(text) > TEXT_LIMIT:
        raise web.HTTPBadRequest
    return Save(text, page, _count(form, "number"), _count(form, "sends")), Kind(kind)


def _count(form: Mapping[str, str], key: str) -> int:
    said = form.get(key, "")
    if not (said.isascii() and said.isdigit() and len(said) < 10 and int(said) <= LARGEST):
        raise web.HTTPBadRequest
    return int(said)
