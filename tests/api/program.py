"""A program that calls ``/api/v1`` of a house with a real writer, and holds each answer against the document."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from bot.api.v1.routes import routes
from bot.audit.audit import By
from bot.keys.keys import Draft, Right, add_key
from bot.people.units import HEADQUARTERS
from tests import documents
from tests.bot.stage import Stage, open_stage

OPERATOR = By(None, "operator", "command line")
PAGE = "/api/v1"


@dataclass
class Reply:
    """What a call was answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass
class Program:
    """Calls with one key."""

    server: TestServer
    session: ClientSession
    key: str

    async def get(self, path: str, **headers: str) -> Reply:
        """Read."""
        return await self.call("GET", path, headers=headers)

    async def post(self, path: str, body: object, **headers: str) -> Reply:
        """Write; underscores in names of headers stand for dashes."""
        return await self.call("POST", path, headers=headers, json=body)

    async def call(self, method: str, path: str, *, headers: Mapping[str, str], **given: object) -> Reply:
        """Make a call, and hold the answer against the document."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = self.server.make_url(PAGE + path)
        bearer = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        async with self.session.request(method, url, headers={**bearer, **named}, **given) as response:  # type: ignore[arg-type]
            body = await response.json(content_type=None) if await response.read() else None
            documents.promised(method, PAGE + path, response.status, response.content_type, body)
            return Reply(response.status, body, response.headers)


@dataclass
class House:
    """A stage, and the programs that call it."""

    stage: Stage
    server: TestServer
    session: ClientSession

    async def program(self, *rights: Right, unit: int = HEADQUARTERS, login: str = "") -> Program:
        """A program with a key."""
        draft = Draft("a program", frozenset(rights or {Right.CONVERSATIONS_READ}), unit, login)
        _, key = await add_key(self.stage.pool, draft, OPERATOR)
        return Program(self.server, self.session, key)


@asynccontextmanager
async def open_house(database_url: str, redis_url: str) -> AsyncIterator[House]:
    """Serve the API of a stage."""
    async with (
        open_stage(database_url, redis_url) as stage,
        Redis.from_url(redis_url) as redis,
        ClientSession() as session,
    ):
        app = web.Application()
        app.router.add_routes(routes(stage.pool, redis, stage.writer))
        server = TestServer(app)
        async with server:
            yield House(stage, server, session)
