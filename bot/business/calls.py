"""Hands requests to the operator's own interface: one signed POST each, again later where it does not answer.

    filed ─→ claim ─→ POST ─┬─ 2xx {"state", "note"} ─→ the customer hears: in hand, or done
               ↑            ├─ 4xx, or nothing for too long ─→ people at the desk
               └─ lease, ───┴─ else ─→ again, up to an hour apart
                  worker died

    {"type": "business.requested", "timestamp", "data": {"request", "form", "version", "urgent", "started", "filed",
     "channel", "account", "customer", "answers": [{"step", "value", "at"}]}}

Any number of workers may call. A repeat carries the same ``webhook-id``, by which the interface knows it.
"""

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Literal

import msgspec
import structlog

from bot.bus import Bus
from bot.business.forms import read_editions
from bot.business.shown import title
from bot.db import UNREACHABLE, Pool, Row
from bot.desk.acts import Acts
from bot.push.decide import pause
from bot.rounds import rounds
from bot.sql import load
from bot.webhooks import Calling, Outcome, Webhook
from channels.accounts import BusinessAccount
from channels.door import Busy
from router.events import RequestMoved
from router.requests import RequestState

SQL = load(__file__, "calls.sql")
MOST = 20
"""Requests that one look takes."""
LEASE = 60.0
"""Seconds for which a look holds what it took: longer than all its calls together may take."""
MOST_TRIES = 12
"""Tries before people go on: about five hours."""
PATIENT = frozenset({"408", "425", "429"})
"""Refusals that mean: later."""
NOTE_LIMIT = 500

log = structlog.get_logger()


class Answer(msgspec.Struct, frozen=True):
    """What an interface says of a request that it takes."""

    state: Literal["in_hand", "done"] = "in_hand"
    note: str = ""
    """Told to the customer."""


class Caller(Calling):
    """Calls interfaces.

    Args:
        pool: connections to PostgreSQL.
        accounts: the interfaces by name.
        writer: takes what they answer.
        bus: tells the desk that people go on.
        chance: gives a number from 0 to 1 that spreads new tries.
    """

    def __init__(
        self,
        pool: Pool,
        accounts: Mapping[str, BusinessAccount],
        writer: Acts,
        bus: Bus,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__()
        self._pool = pool
        self._accounts = accounts
        self._writer = writer
        self._bus = bus
        self._chance = chance

    async def run(self) -> None:
        """Call what is due until cancelled."""
        async with self:
            await rounds(self.round, full=MOST, waits="business.waits", away=(Busy, *UNREACHABLE))

    async def round(self) -> int:
        """Look once at what is due; returns how many requests that were.

        Raises:
            OSError: PostgreSQL is away.
            Busy: the writer cannot take an answer now; the request is called again when its lease has passed.
        """
        rows = await self._pool.fetch(SQL["claim"], MOST, LEASE)
        await asyncio.gather(*map(self._follow, rows))
        return len(rows)

    async def _follow(self, row: Row) -> None:
        account = self._accounts.get(row["call"])
        if row["state"] != RequestState.NEW:
            await self._settle(row, "taken_by_people")
        elif account is None:
            await self._settle(row, "unknown_interface")
        else:
            await self._call(row, account)

    async def _call(self, row: Row, account: BusinessAccount) -> None:
        hook = Webhook(account.url, account.secret)
        outcome = await hook.post(self.session(private=account.private), f"request_{row['id']}", _told(row))
        if outcome.taken:
            await self._taken(row, outcome)
            return
        attempts = row["call_attempts"] + 1
        log.warning("business.not_taken", interface=account.name, request=row["id"], reason=outcome.reason)
        refused = outcome.reason.startswith("4") and outcome.reason not in PATIENT
        if refused or attempts >= MOST_TRIES:
            await self._settle(row, outcome.reason, attempts)
            return
        after = max(outcome.after, pause(attempts, self._chance()))
        await self._pool.execute(SQL["again"], row["id"], attempts, outcome.reason, after)

    async def _taken(self, row: Row, outcome: Outcome) -> None:
        """The customer hears what the interface says; an answer that makes no sense only means that it was taken."""
        try:
            answer = msgspec.json.decode(outcome.said, type=Answer) if outcome.said.strip() else Answer()
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("business.answer_unread", interface=row["call"], request=row["id"])
            answer = Answer()
        form = (await read_editions(self._pool)).of(row["form"], row["version"])
        named, note = title(form, row["form"], row["language"]), answer.note.replace("\x00", "")[:NOTE_LIMIT]
        act = RequestMoved(None, row["id"], RequestState.NEW, answer.state, named, note)
        await self._writer.act(row["contact_id"], f"request:{row['id']}:interface", act)
        await self._settle(row, "", row["call_attempts"] + 1)

    async def _settle(self, row: Row, error: str, attempts: int = 0) -> None:
        await self._pool.execute(SQL["settled"], row["id"], attempts or row["call_attempts"], error)
        self._bus.announce(["requests"])


def _told(row: Row) -> bytes:
    data = {
        "request": row["id"],
        "form": row["form"],
        "version": row["version"],
        "urgent": row["urgent"],
        "started": _moment(row["started"]),
        "filed": _moment(row["filed"]),
        "channel": row["channel"],
        "account": row["account"],
        "customer": row["customer"] or None,
        "answers": row["answers"],
    }
    told = {"type": "business.requested", "timestamp": _moment(row["filed"]), "data": data}
    return json.dumps(told, ensure_ascii=False).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
