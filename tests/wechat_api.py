"""A stand-in for WeChat's API: stable tokens, customer-service messages, their limits, and every way to fail."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
QUOTA = 5
LONGEST_BYTES = 2048


class Outage(StrEnum):
    """What happens to a call instead of an answer."""

    DROPPED = "dropped"
    """The call is taken, and the connection cut."""
    GARBAGE = "garbage"
    """A page of a proxy with status 200."""
    LIST = "list"
    """JSON, but no object."""
    HANG = "hang"
    """No answer before ``released``."""


Failure = int | Outage | None
"""An HTTP status (100 to 599), any other number as an error code, an outage, or None for a call that succeeds."""


@dataclass
class WechatApi:
    """One app's side of WeChat.

    Failures are taken in order, one a call and path; after them, calls succeed.
    """

    app_id: str = "wx0123456789abcdef"
    secret: str = "app-secret"
    lifetime: int = 7200
    """Seconds that a token lives, as told."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    token_calls: int = 0
    send_calls: int = 0
    token: str = ""
    closed: set[str] = field(default_factory=set)
    """Contacts whose window is closed."""
    strangers: set[str] = field(default_factory=set)
    """Contacts who do not follow."""
    quotas: defaultdict[str, int] = field(default_factory=lambda: defaultdict(lambda: QUOTA))
    failures: dict[str, deque[Failure]] = field(default_factory=lambda: {TOKEN: deque(), SEND: deque()})
    always: dict[str, Failure] = field(default_factory=dict)
    """A failure of every call of a path."""
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, path: str, *failures: Failure) -> None:
        """Fail the next calls of a path."""
        self.failures[path].extend(failures)

    def revoke(self) -> None:
        """The token is good no more; another one is given out from now on."""
        self.token = ""

    def application(self) -> web.Application:
        """To be served by a test server."""
        app = web.Application()
        app.router.add_post(TOKEN, self._give_token)
        app.router.add_post(SEND, self._take_message)
        return app

    def texts(self) -> list[str]:
        """What has arrived, as customers see it without menus."""
        return [body["text"]["content"] for body in self.sent if body["msgtype"] == "text"]

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        self.token_calls += 1
        asked = await request.json()
        if (failed := await self._failed(request, TOKEN)) is not None:
            return failed
        if asked.get("grant_type") != "client_credential":
            return refused(40002)
        if asked.get("appid") != self.app_id:
            return refused(40013)
        if asked.get("secret") != self.secret:
            return refused(40125)
        if not self.token:
            self.token = f"token-{self.token_calls}"
        return web.json_response({"access_token": self.token, "expires_in": self.lifetime})

    async def _take_message(self, request: web.Request) -> web.StreamResponse:
        self.send_calls += 1
        body = await request.json()
        if (failed := await self._failed(request, SEND)) is not None:
            return failed
        if not self.token or request.query.get("access_token") != self.token:
            return refused(40001)
        code = self._judged(body)
        if code:
            return refused(code)
        self.quotas[body["touser"]] -= 1
        self.sent.append(body)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _judged(self, body: dict[str, Any]) -> int:
        to = body["touser"]
        if to in self.strangers:
            return 43004
        if to in self.closed:
            return 45015
        if self.quotas[to] <= 0:
            return 45047
        text = body["text"]["content"] if body["msgtype"] == "text" else body["msgmenu"]["head_content"]
        return 45002 if len(text.encode()) > LONGEST_BYTES else 0

    async def _failed(self, request: web.Request, path: str) -> web.StreamResponse | None:
        waiting = self.failures[path]
        failure = waiting.popleft() if waiting else self.always.get(path)
        match failure:
            case None:
                return None
            case Outage.DROPPED:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case Outage.GARBAGE:
                return web.Response(text="<html>502 Bad Gateway</html>", content_type="text/html")
            case Outage.LIST:
                return web.json_response([1, 2])
            case Outage.HANG:
                await self.released.wait()
                return web.Response(status=504)
            case int() if 100 <= failure < 600:
                return web.Response(status=failure, text="unavailable")
            case int():
                return refused(failure)


def refused(code: int) -> web.Response:
    """An answer with an error code."""
    return web.json_response({"errcode": code, "errmsg": f"error {code} rid: stand-in"})
