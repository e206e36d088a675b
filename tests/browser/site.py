"""A site for tests: the chat pages with a door and a small house behind them, and one visitor's browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Locator
from playwright.async_api import Page as Tab

from bot.announcements.announcement import Announcement
from bot.chat.guide import Guide
from bot.chat.home import Homes
from bot.chat.pages import ChatPages
from bot.chat.search import Search
from bot.chat.view import Page, business
from bot.chat.widget import Widget
from bot.static import Static
from channels.accounts import WebAccount
from channels.door import Address, Choice
from channels.web.door import WebDoor
from router.faq.index import Index
from router.faq.match import Entry
from router.world import Article, World
from tests.channels.web_house import SECRET, House
from tests.dialog import world
from tests.router.test_forms import office

ARTICLES = (
    Article("balance", "怎么查询话费余额？", "发送“余额”到 10086，或打开 https://example.com/bill 查看。"),
    Article("roaming", "怎么开通国际漫游？", "在 App 的“国际业务”里开通，出发前一天就好。"),
    Article("broadband", "宽带断了怎么报修？", "请先重启光猫；还不行就转人工，我们上门处理。"),
)
HOT = tuple(Choice(f"faq:{one.id}", one.question) for one in ARTICLES[:2])
STARS = tuple(Choice(f"survey:7:{count}", "★" * count + f" 第{count}档") for count in range(1, 6))


@dataclass
class Board:
    """Announcements that a test puts up."""

    up: list[Announcement] = field(default_factory=list)

    async def shown(self, language: str, now: datetime) -> tuple[Announcement, ...]:
        """All that a page in this language shows."""
        return tuple(one for one in self.up if one.shows(language, now))


@dataclass
class Site:
    """The page, where it is served, and one visitor's browser."""

    house: House
    server: TestServer
    shop: TestServer
    """Another site that carries the widget."""
    context: BrowserContext
    board: Board
    agreed: list[tuple[str, str]]
    """Tokens whose holders agreed, and to which notice."""
    now: datetime
    faults: list[str] = field(default_factory=list)

    async def visit(self, *, lang: str = "zh", account: str = "demo", view: str = "chat") -> Tab:
        """Open the chat page in a new tab and wait until it is ready."""
        tab = await self.tab()
        mark = "#chat" if view == "chat" else ""
        await tab.goto(str(self.server.make_url(f"/chat/{account}?lang={lang}")) + mark)
        await tab.wait_for_selector("html[data-ready]")
        return tab

    async def tab(self) -> Tab:
        """A new tab whose faults fail the test: errors, dialogs, breaches of a policy."""
        tab = await self.context.new_page()
        tab.on("pageerror", lambda error: self.faults.append(str(error)))
        tab.on("dialog", lambda dialog: self.faults.append(dialog.message))
        tab.on("console", lambda line: self.faults.append(line.text) if "Policy" in line.text else None)
        return tab

    def carrier(self, **part: str) -> str:
        """A page of another site that carries the widget.

        Args:
            part: what it has of its own: ``root`` attributes, ``head`` and ``body``, ``more`` of the widget's
                attributes, and its content ``policy``.
        """
        return str(self.shop.make_url("/").with_query(part))

    @property
    def visitor(self) -> Address:
        """The only contact so far."""
        (address,) = self.house.tokens.values()
        return address

    @property
    def words(self) -> list[str]:
        """What has arrived, in order."""
        return [inbound.event.text for inbound in self.house.received]  # type: ignore[union-attr]


async def serve(*routes: web.RouteDef) -> TestServer:
    """A server of its own."""
    app = web.Application()
    app.router.add_routes(routes)
    server = TestServer(app)
    await server.start_server()
    return server


def known() -> World:
    """A world that knows the articles; two agents serve around the clock, and three customers wait."""
    return replace(world(waiting=3), knowledge=MappingProxyType({one.id: one for one in ARTICLES}))


@asynccontextmanager
async def open_site(browser: Browser, **changed: object) -> AsyncIterator[Site]:
    """A site with a browser in front of it; a fault fails the test."""
    house = House(start=datetime.now(UTC), step=1)
    board = Board()
    agreed: list[tuple[str, str]] = []
    seen = known()
    index = Index.build([Entry(one.id, one.question, (), one.answer) for one in ARTICLES])

    async def shop_page(request: web.Request) -> web.Response:
        part = {"root": "lang=zh", "head": "", "body": "", "more": "", **request.query}
        script = f"<script async src={server.make_url('/widget.js')} data-account=demo {part['more']}></script>"
        html = f"<!doctype html><html {part['root']}>{part['head']}<h1>Shop</h1>{part['body']}{script}"
        headers = {"Content-Security-Policy": part["policy"]} if "policy" in part else None
        return web.Response(text=html, content_type="text/html", headers=headers)

    shop = await serve(web.get("/", shop_page))
    origin = str(shop.make_url("")).rstrip("/")
    accounts = {
        "demo": WebAccount("demo", (origin,), SECRET, "huiying"),
        "careful": WebAccount("careful", privacy_url="https://example.com/privacy"),
    }
    homes = Homes(lambda: seen, board, lambda: site.now)

    async def view(language: str) -> Page:
        home, forms = await homes.show(language), business(office(), language)
        return Page("汇通移动", HOT, home, seen.standard.calendar, forms)

    async def agree(token: str, notice: str) -> bool:
        agreed.append((token, notice))
        return token in house.tokens

    search = Search(lambda: (index, seen.knowledge))
    guide = Guide(accounts=accounts, homes=homes, search=search, knowledge=lambda: seen.knowledge, agree=agree)
    door = WebDoor(
        "web",
        accounts=accounts,
        receive=house.receive,
        sessions=house,
        threads=house,
        files=house.drawer,
        reaches=house,
    )
    static = Static()
    pages = ChatPages(accounts=accounts, view=view, static=static, file_limit=1_000_000)
    routes = [*door.routes(), *guide.routes(), *pages.routes(), *Widget().routes(), *static.routes()]
    server = await serve(*routes)
    wishes: dict[str, object] = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", **changed}
    context = await browser.new_context(**wishes)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    site = Site(house, server, shop, context, board, agreed, datetime.now(UTC))
    try:
        yield site
    finally:
        await context.close()
        search.close()
        await door.close()
        await server.close()
        await shop.close()
    assert site.faults == []


async def say(tab: Tab, text: str) -> None:
    """Write a message and send it with the Enter key."""
    await tab.fill("#text", text)
    await tab.press("#text", "Enter")


def bubbles(tab: Tab) -> Locator:
    """What has been said."""
    return tab.locator("#log .bubble")
