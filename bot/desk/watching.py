"""Watching: a leader who opens a chat that somebody else or the bot has is on record, once a day for each owner."""

from collections.abc import Callable
from datetime import datetime

from bot.db import Pool
from bot.desk.acts import Acts
from bot.lru import Lru
from bot.people.access import Dossier, leads_over
from bot.people.agent import Agent
from bot.sql import load
from router.conversation import Status
from router.events import Watched

SQL = load(__file__, "leading.sql")
TOLD = "told"
"""The value of the setting ``watching`` with which whoever serves is told; with any other they are not."""
REMEMBERED = 10_000


class Watching:
    """Writes down who watches what.

    Args:
        pool: connections to PostgreSQL.
        writer: takes the act.
        now: the time (aware, UTC).
    """

    def __init__(self, pool: Pool, writer: Acts, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._writer = writer
        self._now = now
        self._known: Lru[str, bool] = Lru(REMEMBERED)

    async def look(self, agent: Agent, dossier: Dossier) -> None:
        """Somebody reads a conversation. Raises: Busy when it could not be written down now."""
        if not watches(agent, dossier):
            return
        source_id = f"watch:{agent.id}:{dossier.id}:{dossier.assignee or 0}:{self._now():%Y%m%d}"
        if self._known.get(source_id):
            return
        told = await self._pool.fetchval(SQL["setting"], "watching") == TOLD
        await self._writer.act(dossier.contact_id, source_id, Watched(agent.id, agent.name, dossier.id, told))
        self._known.put(source_id, value=True)


def watches(agent: Agent, dossier: Dossier) -> bool:
    """Whether somebody sees a conversation because they lead, and neither serve nor help there."""
    if dossier.status not in (Status.ASSIGNED, Status.BOT) or dossier.by_telephone or not leads_over(agent, dossier):
        return False
    return agent.id not in (dossier.assignee, dossier.offer_to) and not dossier.invited
