"""A small house behind the Telegram door, and the updates that Telegram brings."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from channels.accounts import TelegramAccount
from channels.door import Address, Attachment, Choice, Inbound, Message, Outbound, Receipt
from channels.telegram.pace import Limit
from tests.channels import stand
from tests.channels.telegram_api import TOKEN, Call

NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
SECRET = "a-secret-of-letters_and-digits"
CHAT = 4_500_000_001
"""Ids of people have outgrown 32 bits."""

MAIN = TelegramAccount("main", TOKEN, secret_token=SECRET)
POLLED = TelegramAccount("polled", TOKEN, polling=True)

_numbers = count(800_000_001)


def outbound(*messages: Message, chat: int = CHAT, account: str = "main", survey: bool = False) -> Outbound:
    """A turn on its way out."""
    return Outbound(Address("telegram", account, str(chat)), messages, survey)


def message(text: str, *choices: Choice, seq: int = 2, attachment: Attachment | None = None) -> Message:
    """A message of ours."""
    return Message(1, seq, "bot", text, choices, NOW, attachment=attachment)


def person(chat: int = CHAT) -> dict[str, Any]:
    """A customer as Telegram describes one."""
    return {"id": chat, "is_bot": False, "first_name": "小", "last_name": "李", "language_code": "zh-hans"}


def private(chat: int = CHAT) -> dict[str, Any]:
    """A chat of a person with our bot."""
    return {"id": chat, "type": "private", "first_name": "小"}


def wrote(text: str = "", *, chat: int = CHAT, number: int = 0, **content: Any) -> dict[str, Any]:
    """An update with a message."""
    body = {"message_id": 7, "date": int(NOW.timestamp()), "chat": private(chat), "from": person(chat), **content}
    return {"update_id": number or next(_numbers), "message": body | ({"text": text} if text else {})}


def edited(text: str, *, chat: int = CHAT) -> dict[str, Any]:
    """An update with an edited message."""
    update = wrote(text, chat=chat, edit_date=int(NOW.timestamp()) + 60)
    return {"update_id": update["update_id"], "edited_message": update["message"]}


def tapped(call: Call, choice: str) -> dict[str, Any]:
    """An update with a tap on a button of a message that has arrived."""
    body = {
        "message_id": call.number,
        "date": int(NOW.timestamp()),
        "chat": private(call.chat),
        "text": call.asked.get("text", ""),
        "reply_markup": {"inline_keyboard": call.buttons},
    }
    query = {
        "id": str(next(_numbers)),
        "from": person(call.chat),
        "chat_instance": "1",
        "message": body,
        "data": choice,
    }
    return {"update_id": next(_numbers), "callback_query": query}


def moved(status: str, *, chat: int = CHAT) -> dict[str, Any]:
    """An update that tells how our bot now stands in a chat."""
    bot = {"id": 42, "is_bot": True, "first_name": "回应"}
    change = {
        "chat": private(chat),
        "from": person(chat),
        "date": int(NOW.timestamp()),
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {}),
    }
    return {"update_id": next(_numbers), "my_chat_member": change}


@dataclass
class House(stand.House):
    """Stores what comes in, each event once."""

    stalled: asyncio.Event | None = None

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store an event, when nothing holds it up any more."""
        if self.stalled is not None:
            await self.stalled.wait()
        return await super().receive(inbound)


@dataclass
class Unhurried:
    """A pace that makes everybody wait for the same time, by default for none."""

    always: float = 0.0
    """Seconds."""
    reserved: list[Sequence[Limit]] = field(default_factory=list)

    async def reserve(self, limits: Sequence[Limit]) -> float:
        """The same for all."""
        self.reserved.append(limits)
        return self.always
