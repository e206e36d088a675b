"""A stand-in for Telegram's Bot API: its limits, its long polling, its files, and every way to fail."""

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

TOKEN = "42:the-bots-token"
TEXT_UNITS = 4096
CAPTION_UNITS = 1024
DATA_BYTES = 64
PHRASES = {
    400: "Bad Request: something is wrong",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class Outage(StrEnum):
    """What happens to a call instead of an answer."""

    DROPPED = "dropped"
    """The call is taken, and the connection cut."""
    GARBAGE = "garbage"
    """A page of a proxy with status 200."""
    PROXY = "proxy"
    """A page of a proxy with status 403."""
    HANG = "hang"
    """No answer before ``released``."""


@dataclass(frozen=True)
class Flood:
    """429 with a pause."""

    seconds: int


@dataclass(frozen=True)
class Refusal:
    """400 with a description."""

    description: str


Failure = int | Flood | Refusal | Outage


@dataclass(frozen=True)
class Call:
    """One call that was taken."""

    method: str
    asked: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    number: int = 0
    """The id of the message that it made."""

    @property
    def chat(self) -> int:
        """Whom it was for."""
        return int(self.asked["chat_id"])

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The rows of its keyboard."""
        rows: list[list[dict[str, Any]]] = json.loads(self.asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        return rows


@dataclass
class TelegramApi:
    """One bot's side of Telegram. Failures are taken in order, one a call and method; after them, calls succeed."""

    token: str = TOKEN
    calls: list[Call] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    failures: defaultdict[str, deque[Failure | None]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Failure] = field(default_factory=dict)
    """A failure of every call of a method."""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """Updates that no call has confirmed, in the order in which they are handed out."""
    offsets: list[int | None] = field(default_factory=list)
    """As the calls named them."""
    kept: dict[str, bytes] = field(default_factory=dict)
    """Files by id."""
    webhook: dict[str, Any] = field(default_factory=dict)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    """A tap has been answered."""
    _polling: int = 0
    _numbers: int = 100

    def fail(self, method: str, *failures: Failure | None) -> None:
        """Fail the next calls of a method; None stands for one that succeeds."""
        self.failures[method].extend(failures)

    def update(self, update: dict[str, Any]) -> None:
        """An update that a poll will fetch."""
        self.waiting.append(update)
        self.arrived.set()

    def application(self) -> web.Application:
        """To be served by a test server."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._take)
        app.router.add_get("/file/bot{token}/{path:.*}", self._hand_out)
        return app

    def sent(self, chat: int | None = None) -> list[Call]:
        """Messages that have arrived."""
        return [
            call for call in self.calls if call.method.startswith("send") and call.number and chat in (None, call.chat)
        ]

    def texts(self, chat: int | None = None) -> list[str]:
        """What customers read."""
        return [call.asked.get("text", call.asked.get("caption", "")) for call in self.sent(chat)]

    def of(self, method: str) -> list[Call]:
        """Calls of one method."""
        return [call for call in self.calls if call.method == method]

    # The calls ---------------------------------------------------------------------------------------------------

    async def _take(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        asked, files = await _read(request)
        waiting = self.failures[method]
        failure = waiting.popleft() if waiting else self.always.get(method)
        if failure is not None:
            return await self._failed(request, failure)
        if request.match_info["token"] != self.token:
            return refused(401)
        if method == "getUpdates":
            return await self._poll(asked)
        if (wrong := self._judged(method, asked)) is not None:
            return wrong
        return self._done(method, asked, files)

    def _done(self, method: str, asked: dict[str, Any], files: dict[str, bytes]) -> web.StreamResponse:
        number = 0
        if method in ("sendMessage", "sendPhoto", "sendVoice", "sendDocument"):
            self._numbers += 1
            number = self._numbers
        self.calls.append(Call(method, asked, files, number))
        if number:
            chat = {"id": int(asked["chat_id"]), "type": "private"}
            return answered({"message_id": number, "date": 1_790_000_000, "chat": chat, "text": asked.get("text", "")})
        if method == "getFile":
            return self._file(asked["file_id"])
        if method == "answerCallbackQuery":
            self.acknowledged.set()
        if method == "setWebhook":
            self.webhook = asked
        if method == "deleteWebhook":
            self.webhook = {}
        if method == "getWebhookInfo":
            return answered(
                {
                    "url": self.webhook.get("url", ""),
                    "has_custom_certificate": False,
                    "pending_update_count": len(self.waiting),
                }
            )
        return answered(True)

    def _judged(self, method: str, asked: dict[str, Any]) -> web.StreamResponse | None:
        if "chat_id" in asked and int(asked["chat_id"]) in self.blocked:
            return refused(403)
        if method == "sendMessage" and not asked.get("text", "").strip():
            return refused(400, "Bad Request: message text is empty")
        if units(asked.get("text", "")) > TEXT_UNITS:
            return refused(400, "Bad Request: message is too long")
        if units(asked.get("caption", "")) > CAPTION_UNITS:
            return refused(400, "Bad Request: message caption is too long")
        for row in Call(method, asked).buttons:
            for button in row:
                if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
                    return refused(400, "Bad Request: BUTTON_DATA_INVALID")
        return None

    async def _poll(self, asked: dict[str, Any]) -> web.StreamResponse:
        if self.webhook:
            return refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(asked["offset"]) if "offset" in asked else None
        self.offsets.append(offset)
        self._polling += 1
        mine = self._polling
        if offset is not None:
            self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        self.arrived.clear()
        if not self.waiting and int(asked.get("timeout", 0)):
            try:
                async with asyncio.timeout(int(asked["timeout"])):
                    await self.arrived.wait()
            except TimeoutError:
                pass
        if mine != self._polling:
            return refused(409)
        return answered(self.waiting[: int(asked.get("limit", 100))])

    def _file(self, file_id: str) -> web.StreamResponse:
        content = self.kept.get(file_id)
        if content is None:
            return refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > 20 * 1024 * 1024:
            return refused(400, "Bad Request: file is too big")
        return answered({"file_id": file_id, "file_unique_id": f"u{file_id}", "file_path": f"photos/{file_id}.jpg"})

    async def _hand_out(self, request: web.Request) -> web.StreamResponse:
        waiting = self.failures["file"]
        failure = waiting.popleft() if waiting else None
        if failure is not None:
            return await self._failed(request, failure)
        name = request.match_info["path"].removeprefix("photos/").removesuffix(".jpg")
        if request.match_info["token"] != self.token or name not in self.kept:
            return web.Response(status=404)
        return web.Response(body=self.kept[name])

    async def _failed(self, request: web.Request, failure: Failure) -> web.StreamResponse:
        match failure:
            case Flood(seconds):
                return flooded(seconds)
            case Refusal(description):
                return refused(400, description)
            case Outage.DROPPED:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case Outage.GARBAGE:
                return web.Response(text="<html>Sign in to the network</html>", content_type="text/html")
            case Outage.PROXY:
                return web.Response(status=403, text="<html>Forbidden by the proxy</html>", content_type="text/html")
            case Outage.HANG:
                await self.released.wait()
                return refused(502)
            case status:
                return refused(int(status))


def answered(result: object) -> web.Response:
    """An answer of Telegram."""
    return web.json_response({"ok": True, "result": result})


def refused(status: int, description: str = "") -> web.Response:
    """A refusal of Telegram."""
    said = description or PHRASES.get(status, "Error")
    return web.json_response({"ok": False, "error_code": status, "description": said}, status=status)


def flooded(seconds: int) -> web.Response:
    """Too many calls."""
    said = f"Too Many Requests: retry after {seconds}"
    body = {"ok": False, "error_code": 429, "description": said, "parameters": {"retry_after": seconds}}
    return web.json_response(body, status=429)


def units(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


async def _read(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    asked: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            asked[name] = value
    return asked, files
