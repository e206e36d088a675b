"""What we do beside a turn: ending the spinner of a tapped button, taking away buttons that count once.

A turn neither waits for a gesture nor fails with it.
"""

import asyncio
from collections.abc import Coroutine

import structlog
from telegram import Bot
from telegram.error import TelegramError

from channels.telegram.parse import Tap

MOST = 200
"""Gestures under way at once; beyond them, a button spins for a moment longer."""
LAST = 1.0
"""Seconds that the last ones are given when the door closes."""
ONCE = "survey:"
"""Choices that count once: their buttons go when one has been tapped."""

log = structlog.get_logger()


class Gestures:
    """The gestures of one door."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def noticed(self, bot: Bot, tap: Tap) -> None:
        """End the spinner of the tapped button."""
        self._begin(bot.answer_callback_query(tap.query_id))

    def taken(self, bot: Bot, tap: Tap) -> None:
        """Take the buttons away where a choice counts once; the others may be tapped again."""
        if tap.choice.startswith(ONCE):
            self._begin(bot.edit_message_reply_markup(chat_id=tap.chat_id, message_id=tap.message_id))

    async def close(self) -> None:
        """Let the last ones come to their end, a moment long."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LAST)
        for gesture in self._under_way:
            gesture.cancel()

    def _begin(self, call: Coroutine[object, object, object]) -> None:
        if len(self._under_way) >= MOST:
            call.close()
            return
        task = asyncio.create_task(_quietly(call))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _quietly(call: Coroutine[object, object, object]) -> None:
    """A tap that is too old to be answered, and the like, hurts nobody."""
    try:
        await call
    except TelegramError as error:
        log.info("telegram.gesture_failed", error=type(error).__name__)
