"""Fetches a customer's file from the platform that keeps it: one try at a time, each written down before it begins.

wanted ── claim ──→ call of the door ──→ stored | refused (by our screen) | gone (from the platform)
   ↑                     ├── not now ──→ due again later
   └── the sweep ←───────┴── the worker died: the claim's lease passes
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Pool, Row
from bot.files.scanner import ScannerAway
from bot.files.storage import StorageFull
from bot.files.store import Store
from bot.outbox.accounts import report
from bot.sql import load
from channels.door import Fetched, TryAgain, Undeliverable
from router.events import Media

SQL = load(__file__, "files.sql")
LEASE = 90.0
"""Seconds for which one try holds a file: longer than the call, the scan and the drawing together."""
CALL = 10.0
"""Seconds that a platform has for handing a file out."""
FIRST_PAUSE = 5.0
"""Seconds before the second try; each further pause is three times as long, up to the longest."""
LONGEST_PAUSE = 3600.0
GIVE_UP = timedelta(days=3)
"""How long a file is asked for; WeChat keeps customers' files for three days."""

log = structlog.get_logger()


@runtime_checkable
class Fetches(Protocol):
    """A door whose platform keeps customers' files: ``channels.door.Fetches``, known at run time."""

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get the bytes of a customer's file. Raises: TryAgain, Undeliverable."""
        ...


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches files.

    Args:
        pool: connections to PostgreSQL.
        store: keeps what was fetched.
        bus: tells open pages.
        doors: by channel; those that fetch are asked.
    """

    pool: Pool
    store: Store
    bus: Bus
    doors: Mapping[str, object]

    async def fetch(self, file_id: str) -> bool:
        """Try once to fetch a file; returns whether it was due.

        Raises:
            OSError: PostgreSQL is away.
        """
        row = await self.pool.fetchrow(SQL["claim"], file_id, LEASE, GIVE_UP.total_seconds())
        if row is None:
            return False
        await self._try(row)
        self.bus.announce([f"contact:{row['contact_id']}"])
        return True

    async def _try(self, row: Row) -> None:
        door = self.doors.get(row["channel"])
        if not isinstance(door, Fetches):
            await self._give_up(row, "gone", "no_door")
        elif (row["size"] or 0) > self.store.limit:
            await self._give_up(row, "refused", "too_large")
        else:
            await self._call(row, door)

    async def _call(self, row: Row, door: Fetches) -> None:
        media = Media(row["ref"], row["name"], row["type"], row["size"])
        try:
            async with asyncio.timeout(CALL):
                fetched = await door.fetch(row["account"], media)
            refusal = await self.store.fill(row["id"], fetched.content, fetched.name or row["name"])
        except Undeliverable as error:
            await self._report(row, error.trouble)
            await self._give_up(row, "gone", error.reason)
        except TryAgain as error:
            await self._report(row, error.trouble)
            await self._put_off(row, error.reason, error.after)
        except (ScannerAway, StorageFull) as error:
            await self._put_off(row, type(error).__name__)
        except TimeoutError:
            await self._put_off(row, "timeout")
        except UNREACHABLE:
            raise
        except Exception as error:
            log.exception("files.fetch_broke", channel=row["channel"])
            await self._put_off(row, type(error).__name__)
        else:
            if refusal is not None:
                await self._give_up(row, "refused", refusal.reason)

    async def _report(self, row: Row, trouble: str) -> None:
        if trouble:
            await report(self.pool, self.bus, row["channel"], row["account"], trouble)

    async def _give_up(self, row: Row, state: str, reason: str) -> None:
        log.warning("files.not_kept", channel=row["channel"], account=row["account"], state=state, reason=reason)
        await self.pool.execute(SQL["give_up"], row["id"], state, reason)

    async def _put_off(self, row: Row, reason: str, after: timedelta | None = None) -> None:
        if row["old"]:
            await self._give_up(row, "gone", reason)
            return
        log.info("files.put_off", channel=row["channel"], account=row["account"], tries=row["tries"], reason=reason)
        seconds = pause(row["tries"]) if after is None else after.total_seconds()
        await self.pool.execute(SQL["put_off"], row["id"], reason, seconds)


def pause(tries: int) -> float:
    """Seconds until the try after this one: 5, 15, 45 … an hour."""
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 3.0 ** min(tries - 1, 10)))
