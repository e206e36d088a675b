"""Fetches updates by long polling, for places without a public address.

    getUpdates ── all stored ──→ getUpdates?offset=last + 1 ──→ …
        └── some could not be stored ──→ pause ──→ getUpdates?offset=first of those

An update counts as fetched for Telegram once a later call names a higher offset, and we name it only after the commit.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from json import dumps
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from channels.door import Busy, DoorError
from channels.telegram.calls import Flooded

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates that we want (``allowed_updates``)."""
HELD = 25
"""Seconds that Telegram holds a call open while nothing happens."""
MARGIN = 10.0
"""Seconds more that an answer may take."""
AT_ONCE = 100
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
BUSY_PAUSE = 1.0

Take = Callable[[Mapping[str, object]], Awaitable[None]]

log = structlog.get_logger()


class Trouble(StrEnum):
    """Why nothing comes, as the log says it."""

    NONE = ""
    CONFLICT = "conflict"
    """Somebody else polls this bot, or a webhook is set."""
    TOKEN = "token_refused"  # noqa: S105 (a word for the log)
    AWAY = "away"


class Poller:
    """Fetches the updates of one account.

    Args:
        bot: our account.
        account: its name.
        take: stores one update; see ``TelegramDoor.take``.
        held: seconds that Telegram holds a call open.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        bot: Bot,
        account: str,
        take: Take,
        *,
        held: int = HELD,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._account = account
        self._take = take
        self._held = held
        self._sleep = sleep
        self._offset: int | None = None
        self._failures = 0
        self._trouble = Trouble.NONE

    async def run(self) -> None:
        """Fetch and store until cancelled."""
        while True:
            await self._sleep(await self.round())

    async def round(self) -> float:
        """Fetch once and store what came; returns how many seconds to rest."""
        try:
            updates = await self._fetch()
        except TelegramError as error:
            return self._rest(error)
        self._failures = 0
        self._say(Trouble.NONE)
        if not updates:
            self._offset = None  # All is confirmed; after a quiet week, ids may begin anew below the last offset.
            return 0.0
        return 0.0 if await self._store(updates) else BUSY_PAUSE

    async def _fetch(self) -> Sequence[Mapping[str, object]]:
        """Past the library's own call: that one drops a hundred updates for one that it cannot read."""
        asked: dict[str, object] = {"timeout": self._held, "limit": AT_ONCE, "allowed_updates": dumps(KINDS)}
        if self._offset is not None:
            asked["offset"] = self._offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        found: object = await self._bot.request.post(url, read_timeout=self._held + MARGIN)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    async def _store(self, updates: Sequence[Mapping[str, object]]) -> bool:
        """Store the chats side by side, each in order; False where an update has to come again."""
        chats: dict[object, list[Mapping[str, object]]] = {}
        for update in updates:
            chats.setdefault(_chat(update), []).append(update)
        left = {id(one) for some in await asyncio.gather(*map(self._chat, chats.values())) for one in some}
        for update in updates:
            if id(update) in left:
                return False
            number = update.get("update_id")
            if isinstance(number, int):
                self._offset = number + 1
        return True

    async def _chat(self, updates: Sequence[Mapping[str, object]]) -> Sequence[Mapping[str, object]]:
        """Store the updates of one chat; returns those that have to come again."""
        for place, update in enumerate(updates):
            if not await self._one(update):
                return updates[place:]
        return ()

    async def _one(self, update: Mapping[str, object]) -> bool:
        """Whether an update is settled: stored, nothing for us, or beyond all reading."""
        try:
            await self._take(update)
        except Busy:
            return False
        except DoorError as passed_over:
            log.debug("telegram.passed_over", account=self._account, reason=str(passed_over))
        except Exception:
            log.exception("telegram.update_lost", account=self._account)
        return True

    def _rest(self, error: TelegramError) -> float:
        self._failures += 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10))
        match error:
            case Flooded():
                return float(error.after.total_seconds())
            case Conflict():
                self._say(Trouble.CONFLICT)
                return LONGEST_PAUSE
            case InvalidToken():
                self._say(Trouble.TOKEN)
                return LONGEST_PAUSE
            case _:
                self._say(Trouble.AWAY)
                return pause

    def _say(self, trouble: Trouble) -> None:
        """Log each change once."""
        if trouble is self._trouble:
            return
        self._trouble = trouble
        if trouble is Trouble.NONE:
            log.info("telegram.polls_again", account=self._account)
        else:
            log.warning("telegram.polls_in_vain", account=self._account, reason=trouble.value)


def _chat(update: Mapping[str, object]) -> object:
    """Whose update this is, as far as its order matters; in a private chat, person and chat have one id."""
    for kind in KINDS:
        if isinstance(part := update.get(kind), dict) and isinstance(who := part.get("from"), dict):
            return who.get("id")
    return None
