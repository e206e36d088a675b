"""A desk in front of a real writer, with agents who log in and customers who ask for a person."""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from bot.assist.model import Model
from bot.desk.desk import Desk, routes
from bot.doors.known import CAPABILITIES, PUSHES
from bot.files.screen import Screen
from bot.files.storage import Folder
from bot.files.store import Store
from bot.knowledge.lookups import Published
from bot.login.oidc.provider import Provider
from bot.people.passwords import Passwords
from bot.people.people import People
from bot.people.rights import Role
from bot.static import Static
from channels.accounts import OidcAccount
from channels.door import Address
from router.events import Assigned
from router.world import World
from tests.bot.stage import Stage, open_stage

PASSWORD = "correct horse battery staple"
HIDDEN = re.compile(r'name="(csrf|act|version)" value="([^"]+)"')


@dataclass
class Person:
    """An agent with a browser that runs no scripts."""

    base: str
    session: ClientSession
    id: int
    login: str
    fields: dict[str, str] = field(default_factory=dict)
    """Hidden fields of the page read last."""

    async def get(self, path: str, *, status: int = 200, **headers: str) -> str:
        """Read a page."""
        async with self.session.get(self.base + path, allow_redirects=False, headers=headers) as response:
            return await self._read(response, status)

    async def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        status: int = 303,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Send a form with the hidden fields of the page read last."""
        body = {**self.fields, **(form or {})}
        address = self.base + path
        async with self.session.post(address, data=body, allow_redirects=False, headers=headers or {}) as response:
            return await self._read(response, status)

    async def log_in(self, password: str = PASSWORD, *, status: int = 303) -> Self:
        """Log in."""
        await self.get("/desk/login")
        await self.post("/desk/login", {"login": self.login, "password": password}, status=status)
        if status == 303:
            await self.get("/desk")
        return self

    async def _read(self, response: ClientResponse, status: int) -> str:
        text = await response.text()
        assert response.status == status, f"{response.status}, not {status}: {text[:400]}"
        self.fields |= dict(HIDDEN.findall(text))
        return text


class Remembered(Passwords):
    """Hashes each password once: whoever is taken in has the same, and it takes as long as a page."""

    async def hash(self, password: str) -> str:
        """The hash to keep of a password."""
        if password not in HASHES:
            HASHES[password] = await super().hash(password)
        return HASHES[password]


HASHES: dict[str, str] = {}


@dataclass
class DeskStage:
    """A stage with a desk."""

    stage: Stage
    server: TestServer
    people: People
    store: Store
    hotlines: list[str]
    """Accounts of the hotline."""
    sessions: list[ClientSession] = field(default_factory=list)

    async def hire(
        self, login: str, name: str = "王芳", *, role: Role = Role.AGENT, skills: tuple[str, ...] = ()
    ) -> Person:
        """Take in an agent who has not logged in yet."""
        number = await self.people.add(login, PASSWORD, name=name, role=role, skills=skills)
        assert number is not None
        session = ClientSession(cookie_jar=CookieJar(unsafe=True))
        self.sessions.append(session)
        return Person(str(self.server.make_url("")).rstrip("/"), session, number, login)

    async def agent(self, login: str = "wangfang", name: str = "王芳", *, role: Role = Role.AGENT) -> Person:
        """Take in an agent and log them in."""
        return await (await self.hire(login, name, role=role)).log_in()

    async def queued(self, who: str = "v:1", *, name: str = "", words: str = "我的宽带坏了") -> int:
        """A customer who has said something and asked for a person; the conversation's id."""
        await self.stage.say(words, Address("web", "demo", who))
        await self.stage.say("人工", Address("web", "demo", who))
        row = await self.stage.pool.fetchrow(
            "SELECT v.id, v.contact_id FROM conversations v JOIN contacts c ON c.id = v.contact_id"
            " WHERE c.address = $1 AND v.closed IS NULL",
            who,
        )
        assert row is not None
        if name:
            await self.stage.pool.execute("UPDATE contacts SET name = $2 WHERE id = $1", row["contact_id"], name)
        found: int = row["id"]
        return found

    async def contact(self, conversation: int) -> int:
        """The contact of a conversation."""
        found: int = await self.stage.pool.fetchval("SELECT contact_id FROM conversations WHERE id = $1", conversation)
        return found

    async def give(self, conversation: int, agent: int, name: str = "王芳") -> None:
        """Assign a waiting conversation as the assignment does."""
        contact = await self.contact(conversation)
        act = Assigned(agent, name, None, await self.stage.version(contact))
        receipt = await self.stage.act(contact, act)
        assert not receipt.refused

    async def messages(self, conversation: int, sender: str) -> list[str]:
        """What somebody said in a conversation."""
        rows = await self.stage.pool.fetch(
            "SELECT text FROM messages WHERE conversation_id = $1 AND sender = $2 ORDER BY seq", conversation, sender
        )
        return [row["text"] for row in rows]

    async def row(self, conversation: int) -> Mapping[str, object]:
        """The conversation's row."""
        found = await self.stage.pool.fetchrow("SELECT * FROM conversations WHERE id = $1", conversation)
        assert found is not None
        return found


@asynccontextmanager
async def open_desk(
    database_url: str,
    redis_url: str,
    *,
    public_url: str = "",
    at: World | None = None,
    oidc: OidcAccount | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    published: Published = lambda: (None, {}),
    model: Model | None = None,
) -> AsyncIterator[DeskStage]:
    """Open a desk on an empty database with queues, wrap-up codes and canned replies."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(open_stage(database_url, redis_url, at=at))
        redis = await stack.enter_async_context(Redis.from_url(redis_url))
        calls = await stack.enter_async_context(ClientSession())
        files = stack.enter_context(TemporaryDirectory())
        await stage.pool.execute(
            "INSERT INTO wrapups VALUES ('billing', NULL, '话费账单', 'Billing', 0),"
            " ('billing.balance', 'billing', '余额与账单查询', 'Balance or bill', 1),"
            " ('network', NULL, '网络', 'Network', 2), ('network.broadband', 'network', '宽带故障', 'Broadband', 3)"
        )
        await stage.pool.execute(
            "INSERT INTO canned_replies VALUES"
            " ('hello', '开场问候', '{customer}您好，我是客服{agent}，很高兴为您服务。'),"
            " ('wait', '请稍等', '好的，我正在为您查询，请稍等一下。')"
        )
        static, hotlines = Static(), ["demo"]
        store = Store(stage.pool, Folder(Path(files), spare=0), Screen(1024 * 1024))
        desk = Desk(
            pool=stage.pool,
            writer=stage.writer,
            bus=stage.bus,
            redis=redis,
            store=store,
            static=static,
            operator="汇通移动",
            pushes=PUSHES,
            carries={name: can.files for name, can in CAPABILITIES.items()},
            routing=lambda: stage.world.routing,
            public_url=public_url,
            editions=lambda: stage.world.editions,
            questionnaires=lambda: stage.world.questionnaires,
            rules=lambda: stage.world.tickets,
            providers={} if oidc is None else {oidc.name: Provider(oidc, calls, clock)},
            secret_key="the secret of this stage",
            published=published,
            hotlines=hotlines,
            model=model,
        )
        app = web.Application()
        app.router.add_routes([*routes(desk), *static.routes()])
        app.on_shutdown.append(desk.close)
        server = TestServer(app)
        await server.start_server()
        opened = DeskStage(stage, server, People(stage.pool, stage.bus), store, hotlines)
        opened.people.passwords = Remembered()
        try:
            yield opened
        finally:
            for session in opened.sessions:
                await session.close()
            await server.close()
