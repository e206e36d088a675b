"""Tells the operator's own system of alerts, where a clause's ladder says so: one signed call for each.

    {"type": "deadline.warned" | "deadline.breached", "timestamp",
     "data": {"clause", "subject", "subject_id", "contact"}}

Any number of callers may run. An alert is told at least once: a repeat carries the same ``webhook-id``.
"""

import asyncio
import json
import random
from collections.abc import Callable
from datetime import UTC
from functools import partial

import structlog
from aiohttp import ClientSession

from bot.db import Pool, Row
from bot.push.decide import pause
from bot.rounds import rounds
from bot.sql import load
from bot.webhooks import Webhook, caller
from channels.accounts import AlertsAccount

SQL = load(__file__, "calls.sql")
MOST = 20
"""Alerts that one look takes."""
LEASE = 120.0
"""Seconds for which a look holds what it took: longer than all its calls together may take."""
TRIES = 12
"""Some four hours, with the pauses between."""

log = structlog.get_logger()


class AlertCaller:
    """Tells one system of the operator.

    Args:
        pool: connections to PostgreSQL.
        account: where to call; None: nobody wants to be told, and what waits is left alone.
        chance: gives a number from 0 to 1 that spreads new tries.
    """

    def __init__(
        self, pool: Pool, account: AlertsAccount | None, *, chance: Callable[[], float] = random.random
    ) -> None:
        self._pool = pool
        self._account = account
        self._chance = chance

    async def run(self) -> None:
        """Tell what is due until cancelled."""
        if (account := self._account) is None:
            await asyncio.Event().wait()
            return
        async with caller(private=account.private) as session:
            await rounds(partial(self.round, session), full=MOST, waits="alerts.waits")

    async def round(self, session: ClientSession) -> int:
        """Look once at what is due; returns how many alerts that were.

        Raises:
            OSError: PostgreSQL is away.
        """
        account = self._account
        rows = await self._pool.fetch(SQL["claim"], MOST, LEASE) if account is not None else []
        for row in rows:
            assert account is not None
            await self._tell(row, Webhook(account.url, account.secret), session)
        return len(rows)

    async def _tell(self, row: Row, hook: Webhook, session: ClientSession) -> None:
        outcome = await hook.post(session, f"alert_{row['id']}", json.dumps(_told(row)).encode())
        if outcome.taken:
            await self._pool.execute(SQL["told"], row["id"])
            return
        tries = row["tries"] + 1
        after = None if tries >= TRIES else max(outcome.after, pause(tries, self._chance()))
        log.warning("alerts.not_taken", alert=row["id"], tries=tries, reason=outcome.reason)
        await self._pool.execute(SQL["failed"], row["id"], outcome.reason, after)


def _told(row: Row) -> dict[str, object]:
    step, _, clause = row["kind"].partition(".")
    data = {
        "clause": clause,
        "subject": row["subject"],
        "subject_id": str(row["subject_id"]),
        "contact": str(row["contact_id"]),
    }
    raised = row["raised"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": f"deadline.{step}", "timestamp": raised, "data": data}
