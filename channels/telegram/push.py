"""Pushes the parcels of a turn to one chat, in order and at Telegram's pace."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from telegram import Bot, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from channels.door import Attachment, Files, TryAgain, Undeliverable
from channels.telegram.calls import Flooded
from channels.telegram.pace import Pace, limits
from channels.telegram.parcels import Parcel, keyboard
from channels.telegram.verdicts import verdict

LONGEST_PAUSE = timedelta(seconds=8)
"""A pause of this length in the middle of a turn is waited for: sent again later, the turn's beginning would repeat."""
NOTICED = 0.5
"""Seconds of waiting after which the customer is shown that we are writing."""
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
MOST_PHOTO_BYTES = 10_000_000
VOICES = frozenset({"audio/ogg", "audio/opus", "application/ogg"})

Call = Callable[[], Awaitable[Message]]


class Push:
    """Pushes to one chat.

    Args:
        bot: our account.
        account: its name.
        chat: the customer's chat.
        pace: gives calls their places in time.
        files: our storage; None where no files are sent.
    """

    def __init__(self, bot: Bot, account: str, chat: str, *, pace: Pace, files: Files | None) -> None:
        self._bot = bot
        self._chat = chat
        self._limits = limits(account, chat)
        self._pace = pace
        self._files = files

    async def push(self, parcels: Sequence[Parcel]) -> str:
        """Send all parcels.

        Returns:
            Telegram's id of the last message.

        Raises:
            TryAgain: not taken now; unsure also where a parcel has arrived, because a repeat would say it again.
            Undeliverable: never to be taken, or nothing to send.
        """
        if not parcels:
            raise Undeliverable("empty")
        source_id = ""
        for place, parcel in enumerate(parcels):
            try:
                source_id = await self._one(parcel, first=place == 0)
            except TryAgain as failure:
                raise TryAgain(failure.reason, after=failure.after, unsure=failure.unsure or place > 0) from None
        return source_id

    async def _one(self, parcel: Parcel, *, first: bool) -> str:
        call = await self._call(parcel)
        try:
            try:
                return await self._placed(call)
            except Flooded as flood:
                if first or flood.after > LONGEST_PAUSE:
                    raise
                await asyncio.sleep(flood.after.total_seconds())
                return await self._placed(call)
        except TelegramError as error:
            raise verdict(error) from None

    async def _placed(self, call: Call) -> str:
        """Make a call when its place has come."""
        wait = await self._pace.reserve(self._limits)
        if wait >= NOTICED:
            await self._show(ChatAction.TYPING)
        await asyncio.sleep(wait)
        sent = await call()
        return str(sent.message_id)

    async def _show(self, action: ChatAction) -> None:
        """Show the customer what we are at; whether it arrives does not matter."""
        try:
            await self._bot.send_chat_action(self._chat, action)
        except TelegramError:
            return

    async def _call(self, parcel: Parcel) -> Call:
        buttons = keyboard(parcel.choices)
        if parcel.attachment is None:
            return lambda: self._bot.send_message(self._chat, parcel.text, reply_markup=buttons)
        return await self._upload(parcel.attachment, parcel.text or None, buttons)

    async def _upload(self, file: Attachment, caption: str | None, buttons: object) -> Call:
        content = await self._content(file)
        given = {"caption": caption, "reply_markup": buttons, "filename": file.name or None}

        async def document() -> Message:
            return await self._bot.send_document(self._chat, content, **given)  # type: ignore[arg-type]

        async def photo() -> Message:
            try:
                return await self._bot.send_photo(self._chat, content, **given)  # type: ignore[arg-type]
            except BadRequest:  # Too wide or too high for a photo; as a file it can go all the same.
                return await document()

        async def voice() -> Message:
            return await self._bot.send_voice(self._chat, content, **given)  # type: ignore[arg-type]

        if file.type in PHOTOS and file.size <= MOST_PHOTO_BYTES:
            await self._show(ChatAction.UPLOAD_PHOTO)
            return photo
        if file.type in VOICES:
            await self._show(ChatAction.UPLOAD_VOICE)
            return voice
        await self._show(ChatAction.UPLOAD_DOCUMENT)
        return document

    async def _content(self, file: Attachment) -> bytes:
        if not file.ready:
            raise TryAgain("file_not_ready")
        if self._files is None:
            raise Undeliverable("files_missing")
        try:
            return await self._files.read(file.id)
        except KeyError:
            raise Undeliverable("file_missing") from None
