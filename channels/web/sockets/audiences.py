"""All audiences of a door: who follows which thread over its sockets, and how what is new gets to them.

    hint ─→ ear ─→ one look at the thread ─→ one frame for each message ─→ the cables of all readers

One task listens for all contacts, a thread is read once for all its readers, and a frame is encoded once: an open
socket that has nothing to hear costs neither a task nor a statement. What a lost hint has hidden is found by one
statement over all threads, every few seconds.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from itertools import islice

import structlog

from channels.door import Address, Busy
from channels.web import answers
from channels.web.house import News, Reaches, Threads
from channels.web.sockets.audience import Audience
from channels.web.sockets.frames import encode
from channels.web.sockets.reader import Reader, Wish

PAGE = 100
READ_AGAIN = 10.0
"""Seconds after which all threads are looked at: a hint may have been lost."""
AT_ONCE = 8
"""Threads that are read at the same time."""
TOGETHER = 1_000
"""Threads whose heads one statement reads."""
ALL = frozenset({News.THREAD, News.REACH})

log = structlog.get_logger()


class Audiences:
    """All audiences of a door.

    Args:
        threads: reads messages.
        reaches: how far they have got.
        ended: called for each reader that hears of an ended session, to see whether it is its own.
    """

    def __init__(self, threads: Threads, reaches: Reaches, ended: Callable[[Address, Reader], None]) -> None:
        self._threads = threads
        self._reaches = reaches
        self._ended = ended
        self._ear = threads.ear()
        self._audiences: dict[Address, Audience] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._listening: asyncio.Task[None] | None = None

    async def join(self, address: Address, reader: Reader) -> None:
        """Catch up with the thread, then follow it.

        Raises:
            Malformed: the reader is too slow.
            ConnectionError: it has gone.
            Busy: the thread could not be read now.
        """
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen(), name="audiences")
        audience = self._audiences.setdefault(address, Audience(address))
        audience.users += 1
        try:
            await self._catch_up(audience, reader)
        except BaseException:
            self.leave(address, reader)
            raise

    def leave(self, address: Address, reader: Reader) -> None:
        """Forget a reader that has joined, or tried to."""
        audience = self._audiences.get(address)
        if audience is None:
            return
        audience.readers.discard(reader)
        audience.users -= 1
        if not audience.users:
            del self._audiences[address]
            self._ear.leave(address)

    async def close(self) -> None:
        """Listen no more."""
        tasks = [audience.reading for audience in self._audiences.values() if audience.reading is not None]
        if self._listening is not None:
            tasks.append(self._listening)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _catch_up(self, audience: Audience, reader: Reader) -> None:
        """Read until nothing is left and no hint has come meanwhile; from then on the audience carries the reader."""
        while True:
            self._ear.follow(audience.address)  # Before the look, so that nothing slips through.
            hints = audience.hints
            found = await self._threads.after(audience.address, reader.seen, PAGE)
            for message in found:
                await reader.cable.send(encode(answers.frame(message)))
                reader.seen = message.seq
            if len(found) == PAGE or self._ear.follow(audience.address):
                continue
            if Wish.STANDING in reader.wishes:
                await self._tell_standing(audience.address, [reader])
            if Wish.RECEIPTS in reader.wishes:
                await self._tell_reach(audience.address, [reader])
            if audience.hints == hints:
                break
        audience.readers.add(reader)

    async def _listen(self) -> None:
        clock = asyncio.get_running_loop()
        look = clock.time() + READ_AGAIN
        while True:
            for address, news in (await self._ear.wait(max(0.0, look - clock.time()))).items():
                if (audience := self._audiences.get(address)) is not None:
                    self._hear(audience, news)
            if clock.time() >= look:
                await self._look()
                look = clock.time() + READ_AGAIN

    def _hear(self, audience: Audience, news: Collection[News]) -> None:
        if News.TYPING in news:
            audience.give(TYPING, Wish.TYPING)
        if News.ENDED in news:
            for reader in audience.readers:
                self._ended(audience.address, reader)
        if due := ALL.intersection(news):
            audience.hints += 1
            audience.due |= due
            if audience.reading is None:
                audience.reading = asyncio.create_task(self._read(audience), name="audience")

    async def _read(self, audience: Audience) -> None:
        """Tell the readers all that is due; if the house is busy, the next look at all threads finds it."""
        try:
            while audience.due and audience.readers:
                due, audience.due = audience.due, set()
                async with self._slots:
                    await self._tell(audience, due)
        except Busy:
            audience.head = None
        finally:
            audience.due.clear()
            audience.reading = None

    async def _tell(self, audience: Audience, due: Collection[News]) -> None:
        if News.THREAD in due:
            await self._tell_messages(audience)
            if audience.wishes(Wish.STANDING):
                await self._tell_standing(audience.address, audience.readers)
        if News.REACH in due and audience.wishes(Wish.RECEIPTS):
            await self._tell_reach(audience.address, audience.readers)

    async def _tell_messages(self, audience: Audience) -> None:
        full = True
        while full and audience.readers:
            after = min(reader.seen for reader in audience.readers)
            found = await self._threads.after(audience.address, after, PAGE)
            self._ear.follow(audience.address)
            for message in found:
                frame, seq = encode(answers.frame(message)), message.seq
                for reader in audience.readers:
                    if reader.seen < seq:
                        reader.seen = seq
                        reader.cable.give(frame)
            full = len(found) == PAGE

    async def _tell_standing(self, address: Address, readers: Iterable[Reader]) -> None:
        now = await self._threads.standing(address)
        frame = encode(answers.standing_frame(now))
        for reader in readers:
            if Wish.STANDING in reader.wishes and reader.standing != now:
                reader.standing = now
                reader.cable.give(frame)

    async def _tell_reach(self, address: Address, readers: Iterable[Reader]) -> None:
        heard = (await self._reaches.of(address)).heard
        frame = encode(answers.read_frame(heard))
        for reader in readers:
            if Wish.RECEIPTS in reader.wishes and reader.heard < heard:
                reader.heard = heard
                reader.cable.give(frame)

    async def _look(self) -> None:
        """Look at all threads for what lost hints have hidden."""
        waiting = iter(list(self._audiences))
        with suppress(Busy):
            while some := list(islice(waiting, TOGETHER)):
                for address, head in (await self._threads.heads(some)).items():
                    if (audience := self._audiences.get(address)) is not None:
                        if audience.misses(head):
                            self._hear(audience, ALL)
                        audience.head = head


TYPING = encode(answers.typing_frame())
