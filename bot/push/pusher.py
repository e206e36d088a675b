"""Has phones woken: tells the operator's own system which contact of its app has something to look at.

    the writer ─ a row with the turn ─→ claim ─→ look ─→ decide ─→ POST push_url ─→ note
                                          ↑                            │
                                          └── the worker died: its lease passes

    {"type": "message.waiting", "timestamp", "data": {"account", "contact", "subject", "conversation", "seq",
     "unread", "kind"}}

Any number of pushers may run. A message is told at least once: a repeat carries the same ``webhook-id``.
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC

import structlog

from bot.db import Pool, Row
from bot.outbox.gate import Gate
from bot.push.decide import Rest, Wait, Waiting, Wake, decide, pause
from bot.rounds import rounds
from bot.sql import load
from bot.webhooks import Calling, Outcome, Webhook
from channels.accounts import AppAccount

SQL = load(__file__, "push.sql")
MOST = 50
"""Contacts that one look takes."""
LEASE = 60.0
"""Seconds for which a look holds what it took: longer than all its calls together may take."""
SHUT = 5.0
"""Seconds until the next look at a message whose account's system does not answer."""

log = structlog.get_logger()


class Pusher(Calling):
    """Tells systems of operators.

    Args:
        pool: connections to PostgreSQL.
        accounts: by name; one without ``push_url`` is told of nothing.
        chance: gives a number from 0 to 1 that spreads new tries.
    """

    def __init__(
        self, pool: Pool, accounts: Mapping[str, AppAccount], *, chance: Callable[[], float] = random.random
    ) -> None:
        super().__init__()
        self._pool = pool
        self._accounts = {name: account for name, account in accounts.items() if account.push_url}
        self._chance = chance
        self._gates: dict[str, Gate] = {name: Gate() for name in self._accounts}

    async def run(self) -> None:
        """Tell what is due until cancelled."""
        async with self:
            await rounds(self.round, full=MOST, waits="push.waits")

    async def round(self) -> int:
        """Look once at what is due; returns how many contacts that were.

        Raises:
            OSError: PostgreSQL is away.
        """
        claimed = [row["contact_id"] for row in await self._pool.fetch(SQL["claim"], MOST, LEASE)]
        if claimed:
            await asyncio.gather(*map(self._follow, await self._pool.fetch(SQL["look"], claimed)))
        return len(claimed)

    async def _follow(self, row: Row) -> None:
        account = self._accounts.get(row["account"]) if row["channel"] == "app" else None
        if account is None:
            await self._note(row)
            return
        one = Waiting(row["seq"], row["told"], row["seen"], row["delivered"], row["since"])
        match decide(one, row["now"]):
            case Rest():
                await self._note(row)
            case Wait(seconds):
                await self._note(row, after=seconds, attempts=row["attempts"])
            case Wake():
                await self._tell(row, account)

    async def _tell(self, row: Row, account: AppAccount) -> None:
        clock, gate = asyncio.get_running_loop(), self._gates[account.name]
        if not gate.free(clock.time()):
            await self._note(row, after=SHUT, attempts=row["attempts"])
            return
        gate.busy += 1
        try:
            outcome = await self._post(row, account)
        finally:
            gate.busy -= 1
        if outcome.taken:
            gate.passed()
            await self._note(row, told=row["seq"])
            return
        gate.failed(clock.time())
        attempts = row["attempts"] + 1
        log.warning("push.not_taken", account=account.name, attempt=attempts, reason=outcome.reason)
        after = max(outcome.after, pause(attempts, self._chance()))
        await self._note(row, after=after, attempts=attempts, error=outcome.reason)

    async def _post(self, row: Row, account: AppAccount) -> Outcome:
        hook = Webhook(account.push_url, account.push_secret)
        number = f"push_{row['contact_id']}_{row['seq']}"
        body = json.dumps(_told(row, account), ensure_ascii=False).encode()
        return await hook.post(self.session(private=account.push_private), number, body)

    async def _note(
        self, row: Row, *, told: int = 0, after: float | None = None, attempts: int = 0, error: str | None = None
    ) -> None:
        await self._pool.execute(SQL["note"], row["contact_id"], row["seq"], told, attempts, error, after)


def _told(row: Row, account: AppAccount) -> Mapping[str, object]:
    kind, _, subject = row["address"].partition(":")
    conversation = row["conversation_id"]
    data = {
        "account": account.name,
        "contact": row["address"],
        "subject": subject if kind == "u" else None,
        "conversation": None if conversation is None else str(conversation),
        "seq": row["seq"],
        "unread": row["unread"],
        "kind": row["kind"],
    }
    if account.push_text:
        data["text"] = row["text"]
    since = row["since"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": "message.waiting", "timestamp": since, "data": data}
