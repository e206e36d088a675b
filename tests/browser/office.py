"""An office for tests: a desk, and browsers of agents in front of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, expect
from playwright.async_api import Page as Tab

from bot.knowledge.lookups import Published
from router.world import World
from tests.bot.desk_stage import PASSWORD, DeskStage, Person, open_desk
from tests.servers import Addresses, beside, create_database, drop_database


@dataclass
class Office:
    """A desk with browsers in front of it."""

    desk: DeskStage
    browser: Browser
    host: str = "127.0.0.1"
    """The name by which browsers know the desk."""
    faults: list[str] = field(default_factory=list)
    """What the console should never say."""
    excused: tuple[str, ...] = ()
    """What the console may say: statuses that an answer had, or words."""
    contexts: list[BrowserContext] = field(default_factory=list)

    def url(self, path: str) -> str:
        """An address of the desk."""
        return str(self.desk.server.make_url("/").with_host(self.host)).rstrip("/") + path

    async def window(self, *, scheme: str = "light", width: int = 1440, height: int = 900) -> BrowserContext:
        """A browser of somebody's own."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="zh-CN",
        )
        context.set_default_timeout(8000)
        self.contexts.append(context)
        context.on("page", self._watch)
        return context

    async def log_in(self, person: Person | str, context: BrowserContext | None = None) -> Tab:
        """Log somebody in at the log-in page."""
        tab = await (context or await self.window()).new_page()
        await tab.goto(self.url("/desk"))
        await tab.fill("#login", person if isinstance(person, str) else person.login)
        await tab.fill("#password", PASSWORD)
        await tab.click("button.primary")
        await tab.wait_for_url("**/desk")
        return tab

    async def serve(self, *, name: str = "刘伟") -> tuple[Tab, int]:
        """An agent at the desk with a conversation of theirs open."""
        person = await self.desk.hire("wangfang")
        one = await self.desk.queued(name=name)
        await self.desk.give(one, person.id)
        tab = await self.log_in(person)
        await tab.click(f'[data-open="{one}"]')
        await expect(tab.locator("#composer")).to_have_attribute("data-mode", "mine")
        await expect(tab.locator("#text")).to_be_focused()
        return tab, one

    def _watch(self, tab: Tab) -> None:
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("dialog", lambda dialog: self.faults.append(dialog.message))
        tab.on("console", self._heard)

    def _heard(self, line: ConsoleMessage) -> None:
        """Note an error or a warning, with the address that it is about."""
        if line.type in ("error", "warning"):
            self.faults.append(f"{line.text} {urlsplit(line.location['url']).path}")


@asynccontextmanager
async def open_office(
    servers: Addresses,
    template: str,
    browser: Browser,
    at: World | None = None,
    *,
    published: Published = lambda: (None, {}),
) -> AsyncIterator[Office]:
    """A desk on a database of the test's own; a fault in any console fails the test."""
    name = f"{template}_desk"
    await create_database(servers.database_url, name, template=template)
    async with open_desk(beside(servers.database_url, name), servers.redis_url, at=at, published=published) as desk:
        opened = Office(desk, browser)
        yield opened
        for context in opened.contexts:
            await context.close()
    await drop_database(servers.database_url, name)
    faults = [
        fault
        for fault in opened.faults
        if not any((f"status of {one} " if one.isdigit() else one) in fault for one in opened.excused)
    ]
    assert faults == [], faults
