"""An operator for tests: the whole house with its demo on real servers, an agent at its desk, and browsers."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Route
from playwright.async_api import Page as Tab

from bot.announcements import announcement, live
from bot.app import application
from bot.audit.audit import By
from bot.deadlines.clock import Clock
from bot.deadlines.projection import Projection
from bot.demo import basics
from bot.doors.making import make_doors, outside
from bot.house import House, open_house
from bot.knowledge.publish import SQL as KNOWLEDGE
from bot.queues.assigner import Assigner
from bot.settings import read
from bot.surveys.job import ask
from router.calendar import SHANGHAI
from tests.bot.desk_stage import Person
from tests.bot.stage import shift
from tests.browser.site import say

DAY = 24 * 60
"""Minutes."""
AGENT = "王芳"
HOST_PAGE = "<!doctype html><html lang={lang}><h1>Shop</h1><script async src=/widget.js data-account=demo></script>"


@dataclass
class Operator:
    """A house that serves, and who works and writes there."""

    house: House
    server: TestServer
    browser: Browser
    agent: Person
    password: str = field(repr=False)
    """The agent's."""
    assigner: Assigner
    clock: Clock
    projection: Projection
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What the consoles of customers should never say."""

    def url(self, path: str) -> str:
        """An address of the house."""
        return str(self.server.make_url(path))

    # Customers --------------------------------------------------------------------------------------------------

    async def visit(self, lang: str, *, width: int = 390, view: str = "chat", path: str = "") -> Tab:
        """Open the chat page in a browser of a customer who has never been here."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 844}, locale="en-GB" if lang == "en" else lang, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        context.on("page", self._watch)
        self.contexts.append(context)
        tab = await context.new_page()
        if path:
            await tab.route(f"**{path}", lambda route: _carrier(route, lang))
            await tab.goto(self.url(path))
            return tab
        await tab.goto(self.url(f"/chat/demo?lang={lang}") + ("#chat" if view == "chat" else ""))
        await tab.wait_for_selector("html[data-ready]")
        return tab

    def _watch(self, tab: Tab) -> None:
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("dialog", lambda dialog: self.faults.append(dialog.message))
        tab.on("console", lambda line: self.faults.append(line.text) if "Policy" in line.text else None)

    # People -----------------------------------------------------------------------------------------------------

    async def choose(self, presence: str) -> None:
        """Let the agent come or go."""
        await self.agent.get("/desk")
        await self.agent.post("/desk/presence", {"presence": presence})

    async def assign(self) -> int:
        """Have the waiting chats assigned; the conversation that the agent got last."""
        await self.assigner.round()
        found: int = await self.house.pool.fetchval(
            "SELECT id FROM conversations WHERE assignee IS NOT NULL AND closed IS NULL ORDER BY assigned DESC LIMIT 1"
        )
        return found

    async def answer(self, conversation: int, text: str) -> None:
        """The agent answers at the desk."""
        await self.agent.get(f"/desk/c/{conversation}")
        await self.agent.post(f"/desk/c/{conversation}/say", {"text": text, "as": "reply"})

    async def close(self, conversation: int) -> None:
        """The agent closes with a wrap-up."""
        await self.agent.get(f"/desk/c/{conversation}")
        await self.agent.post(f"/desk/c/{conversation}/close", {"wrapup": "billing.balance"})

    async def contact(self, conversation: int) -> int:
        """Whose conversation it is."""
        found: int = await self.house.pool.fetchval("SELECT contact_id FROM conversations WHERE id = $1", conversation)
        return found

    async def write(self, conversation: int) -> None:
        """The agent begins to write."""
        self.house.bus.announce([f"contact:{await self.contact(conversation)}#answering"])

    # Time -------------------------------------------------------------------------------------------------------

    async def next_day(self) -> None:
        """A day goes by: surveys are due, and the job asks them."""
        await shift(self.house.pool, self.house.wire, self.projection, DAY + 1)
        await self.clock.claim()
        rows = await self.house.pool.fetch("SELECT id FROM surveys WHERE requested IS NOT NULL AND asked IS NULL")
        for row in rows:
            key = self.house.settings.secret_key
            await ask(row["id"], pool=self.house.pool, writer=self.house.writer, secret_key=key)

    async def serve_at(self, hours: str) -> None:
        """Publish a standard with these service hours."""
        text = re.sub(r'(\[hours\.service\]\ndaily = \[")[^"]+', rf"\g<1>{hours}", basics.demo_standard())
        assert hours in text
        await self.house.pool.execute("INSERT INTO standards (text) VALUES ($1)", text)
        await self.house.pool.fetchval(KNOWLEDGE["publish"], "standard")
        await self.house.snapshot.refresh()

    async def announce(self, level: announcement.Level, title: str) -> None:
        """Put up an announcement."""
        await announcement.announce(self.house.pool, announcement.Announcement(level, title), By(None, "", ""))


def far_hours(now: datetime) -> str:
    """An hour of the day that is twelve hours away: people do not serve now, whenever a test runs."""
    start = now.astimezone(SHANGHAI) + timedelta(hours=12)
    return f"{start:%H}:00-{start:%H}:59"


async def hear(tab: Tab, text: str) -> None:
    """Send a message and wait for an answer."""
    before = await tab.locator("#log .row:not(.from-contact)").count()
    await say(tab, text)
    await tab.locator("#log .row:not(.from-contact)").nth(before).wait_for()


@asynccontextmanager
async def open_operator(database_url: str, redis_url: str, browser: Browser) -> AsyncIterator[Operator]:
    """A house with its demo; a fault in a customer's console fails the test."""
    async with AsyncExitStack() as stack:
        patched = stack.enter_context(pytest.MonkeyPatch.context())
        patched.setattr(live, "FRESH", 0.0)  # Announcements are read whenever a page asks.
        folder = Path(stack.enter_context(TemporaryDirectory()))
        environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "DATA_DIR": str(folder), "DEMO": "1"}
        environ |= {"SECRET_KEY": "the key of these tests", "FILE_LIMIT": "1"}
        settings = read({f"HUIYING_{name}": value for name, value in environ.items()})
        house = await stack.enter_async_context(open_house(settings))
        logins = await basics.load(house.pool, folder)
        await house.snapshot.refresh()
        doors = make_doors(house, await stack.enter_async_context(outside()))
        server = TestServer(application(house, doors))
        await server.start_server()
        stack.push_async_callback(server.close)
        session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        known = next(one for one in logins if one.name == AGENT)
        agent = Person(str(server.make_url("")).rstrip("/"), session, 0, known.login)
        opened = Operator(
            house,
            server,
            browser,
            await agent.log_in(known.password),
            known.password,
            Assigner(house.pool, house.wire, house.bus, house.writer, lambda: house.snapshot.world.routing),
            Clock(house.pool, house.wire, house.index, house.writer),
            Projection(house.pool, house.wire),
        )
        yield opened
        for context in opened.contexts:
            await context.close()
    assert opened.faults == []


async def _carrier(route: Route, lang: str) -> None:
    await route.fulfill(body=HOST_PAGE.format(lang=lang), content_type="text/html")
