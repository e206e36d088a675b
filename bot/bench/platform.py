"""A stand-in for WeChat that takes messages, counts what it took, and answers after a moment."""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from channels.wechat.calls.api import SEND_PATH, TOKEN_PATH

LONGEST_ANSWER = 0.02
"""Seconds between taking a message and saying so, at the most: time in which the sender can die."""


class Platform:
    """Serves on a free port of this machine for the length of a block.

    Args:
        chance: decides how long each answer takes.
        taken: called with each message that was taken, before it is answered.
    """

    def __init__(self, chance: Random, taken: Callable[[], None]) -> None:
        self._chance = chance
        self._taken = taken
        self.texts: Counter[tuple[str, str]] = Counter()
        """How often each text was taken for each contact, in the order of the first time."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(TOKEN_PATH, self._give_token)
        app.router.add_post(SEND_PATH, self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = site.name
        _, self.port = self._runner.addresses[0]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _give_token(self, _request: web.Request) -> web.Response:
        return web.json_response({"access_token": "of-a-measurement-only", "expires_in": 7200})

    async def _take(self, request: web.Request) -> web.Response:
        message: dict[str, Any] = await request.json()
        content = message[message["msgtype"]]
        self.texts[message["touser"], content.get("content") or content["head_content"]] += 1
        self._taken()
        await asyncio.sleep(self._chance.uniform(0, LONGEST_ANSWER))
        return web.json_response({"errcode": 0})
