"""Fetches what WeCom keeps for us; at any time one puller reads the lists of an account.

    called ──┐
    a while ─┴─→ sync_msg from the cursor ──→ each entry stored ──→ the last one with the cursor ── has_more ──→ …
                      └── refused, or the house is full: a pause, and the same page again

The cursor moves in the transaction of the last entry that it covers, when all others are stored: a crash at any moment
reads a page twice at the most, and what is read twice is known by its id.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from channels.accounts import WechatKfAccount
from channels.door import Address, Busy, Cursor, DoorError, Inbound, Malformed, Receive, TryAgain, Unsupported
from channels.wechat_kf.calls.api import Api, Refused
from channels.wechat_kf.calls.verdicts import PULL_TOKEN_REFUSED, verdict
from channels.wechat_kf.names import Names
from channels.wechat_kf.parse import parse
from channels.wechat_kf.party import CHANNEL, NAME
from channels.wechat_kf.payloads import Page, item_of
from channels.wechat_kf.pulls import Pending, Pulls
from router.events import Followed, Tapped

EVERY = timedelta(seconds=60)
"""How often a list is read that nobody called about: a lost call costs no more."""
TOKEN_LIVES = timedelta(minutes=9)
"""WeCom says ten."""
BEFORE_US = timedelta(minutes=10)
"""What was said so long before we first knew of a list was said to somebody else."""
MOST_PAGES = 50
"""Pages of one list before the others have their turn."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0

log = structlog.get_logger()


class Rest(Struct, frozen=True):
    """A list that is left alone for a while."""

    failures: int
    """In a row."""
    reason: str
    """Of the last one."""
    until: datetime
    """Aware, UTC."""


class Puller:
    """Reads the lists of one account.

    Args:
        account: whose.
        api: asks WeCom.
        pulls: what is known of the lists.
        receive: stores an event.
        clock: the time (aware).
    """

    def __init__(
        self,
        account: WechatKfAccount,
        *,
        api: Api,
        pulls: Pulls,
        receive: Receive,
        clock: Callable[[], datetime],
    ) -> None:
        self._account = account
        self._api = api
        self._pulls = pulls
        self._receive = receive
        self._clock = clock
        self._names = Names(account, api)
        self._rests: dict[str, Rest] = {}

    async def run(self) -> None:
        """Read until cancelled."""
        await self.learn()
        while True:
            if pause := await self.round():
                await asyncio.sleep(pause)
            else:
                await self._pulls.wait(self._account.name)

    async def learn(self) -> None:
        """Find out which lists there are, so that one is read though its first call was lost."""
        try:
            found = await self._api.lists(self._account)
        except (Refused, DoorError) as error:
            log.info("wechat_kf.lists_unknown", account=self._account.name, reason=str(error))
            return
        await self._pulls.learn(self._account.name, [kf for kf in found if NAME.fullmatch(kf)])

    async def round(self) -> float:
        """Read all lists that want it; returns how many seconds to leave WeCom alone altogether, mostly 0."""
        pauses = [0.0]
        for pending in await self._pulls.pending(self._account.name, EVERY):
            rests = self._rests.get(pending.source)
            if rests is not None and self._clock() < rests.until:
                continue
            try:
                await self._read(pending)
            except Busy as busy:
                pauses.append(float(busy.after))
            except DoorError as error:
                pauses.append(self._rest(pending.source, error))
            else:
                if self._rests.pop(pending.source, None) is not None:
                    log.info("wechat_kf.pulls_again", account=self._account.name, source=pending.source)
        return max(pauses)

    async def _read(self, pending: Pending) -> None:
        """Read a list to its end. Raises: DoorError, Busy."""
        read = pending
        for _ in range(MOST_PAGES):
            page = await self._page(read)
            cursor = Cursor(CHANNEL, self._account.name, read.source, read.cursor, page.next_cursor or read.cursor)
            await self._store(await self._named(self._events(page, read)), cursor)
            if not page.has_more or cursor.after == cursor.before:
                await self._pulls.finished(self._account.name, pending)
                return
            read = replace(read, cursor=cursor.after)

    async def _page(self, read: Pending) -> Page:
        fresh = read.noted is not None and self._clock() - read.noted < TOKEN_LIVES
        for token in (read.token, "") if fresh and read.token else ("",):
            try:
                return await self._api.sync(self._account, kf=read.source, cursor=read.cursor, token=token)
            except Refused as refused:
                if refused.code != PULL_TOKEN_REFUSED or not token:
                    raise verdict(refused.code) from None
        raise TryAgain("token_refused")

    def _events(self, page: Page, read: Pending) -> list[Inbound]:
        """What a page holds for us, in order."""
        found: list[Inbound] = []
        for raw in page.msg_list:
            try:
                inbound = parse(item_of(raw), account=self._account.name, source=read.source)
            except Unsupported as passed_over:
                log.debug("wechat_kf.passed_over", account=self._account.name, reason=str(passed_over))
            except Malformed as unreadable:
                log.warning("wechat_kf.entry_unreadable", account=self._account.name, reason=unreadable.reason)
            else:
                if inbound.sent_at is None or inbound.sent_at >= read.created - BEFORE_US:
                    found.append(self._timely(inbound))
        return found

    async def _named(self, events: Sequence[Inbound]) -> Sequence[Inbound]:
        """The events with the names of whoever is behind them."""
        names = await self._names.of(events)
        return [replace(one, name=name) for one, name in zip(events, names, strict=True)]

    def _timely(self, inbound: Inbound) -> Inbound:
        """A welcome that comes too late is none."""
        event, voucher = inbound.event, inbound.voucher
        if voucher is None or self._clock() < voucher.until or not isinstance(event, Followed):
            return inbound
        return replace(inbound, event=Tapped(event.scene), voucher=None)

    async def _store(self, events: Sequence[Inbound], cursor: Cursor) -> None:
        """Store what a page holds: customers side by side, each in order; the last one of all with the cursor.

        Raises:
            Busy: not all could be stored now; the page has to be read again.
        """
        if events:
            chats: dict[Address, list[Inbound]] = {}
            for inbound in events[:-1]:
                chats.setdefault(inbound.address, []).append(inbound)
            results = await asyncio.gather(*map(self._chat, chats.values()), return_exceptions=True)
            for failed in results:
                if isinstance(failed, BaseException):
                    raise failed
            await self._one(replace(events[-1], cursor=cursor))
        await self._pulls.advance(cursor)  # Where nothing was new, no transaction has moved it.

    async def _chat(self, events: Sequence[Inbound]) -> None:
        for inbound in events:
            await self._one(inbound)

    async def _one(self, inbound: Inbound) -> None:
        """Store one event. Raises: Busy."""
        try:
            await self._receive(inbound)
        except Busy:
            raise
        except Exception:
            log.exception("wechat_kf.event_lost", account=self._account.name)

    def _rest(self, source: str, error: DoorError) -> float:
        """Leave a list alone after a failure; returns the seconds for which all others are to wait with it."""
        before = self._rests.get(source)
        if before is None or before.reason != str(error):
            log.warning("wechat_kf.pulls_in_vain", account=self._account.name, source=source, reason=str(error))
        failures = 1 if before is None else before.failures + 1
        pause = _pause(error, failures)
        self._rests[source] = Rest(failures, str(error), self._clock() + timedelta(seconds=pause))
        return pause if isinstance(error, TryAgain) and error.all_wait else 0.0


def _pause(error: DoorError, failures: int) -> float:
    """Seconds: what WeCom says, or ever longer; what a repeat cannot mend waits longest."""
    if not isinstance(error, TryAgain):
        return LONGEST_PAUSE
    if error.after is not None:
        return error.after.total_seconds()
    return float(min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10)))
