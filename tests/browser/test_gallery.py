"""What every page looks like, with a month of a whole operator behind it: the pictures of ``docs/pages.md``.

Only where a folder is named: ``HUIYING_GALLERY=docs/images/pages pytest tests/browser/test_gallery.py``.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Browser, BrowserContext, ViewportSize
from playwright.async_api import Page as Tab

from bot.app import application
from bot.demo.history import live_through
from bot.doors.making import make_doors, outside
from bot.house import House, open_house
from bot.people.agent import Presence
from bot.people.people import People
from bot.settings import Settings, read
from tests.bot.desk_stage import Person
from tests.desk_pages import ADMIN, AGENT, MANAGER, addresses_of, is_page, whose
from tests.servers import Addresses, beside, create_database, drop_database

FOLDER = os.environ.get("HUIYING_GALLERY", "")
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not FOLDER, reason="set HUIYING_GALLERY to the folder of the pictures"),
]
LANGUAGE = os.environ.get("HUIYING_GALLERY_LANGUAGE", "zh")
DAYS = int(os.environ.get("HUIYING_GALLERY_DAYS", "30"))
LARGEST = 60 * 1024
"""Bytes of a picture."""
ON_PHONES = frozenset({"workbench", "chat", "ticket", "customer"})
"""Pages whose pictures on telephones are kept too."""
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}
LOGINS = (AGENT, MANAGER, ADMIN)
SERVED = "SELECT min(id) FROM conversations WHERE closed IS NULL AND assignee = $1"
WAITS = "SELECT max(id) FROM conversations WHERE closed IS NULL AND status = 'queued'"
"""Chats that are under way: one that the agent has in hand, and the last one that waits."""


@dataclass
class Gallery:
    """A house with a past, and those who work with its pages."""

    house: House
    server: TestServer
    people: dict[str, Person]
    password: str

    def url(self, path: str) -> str:
        """An address of the house."""
        return str(self.server.make_url(path))


@pytest_asyncio.fixture(loop_scope="session")
async def gallery(servers: Addresses, template: str, tmp_path: Path) -> AsyncIterator[Gallery]:
    name = f"{template}_gallery"
    await create_database(servers.database_url, name, template=template)
    environ = {"DATABASE_URL": beside(servers.database_url, name), "REDIS_URL": servers.redis_url}
    environ |= {"DATA_DIR": str(tmp_path), "DEMO": "1", "SECRET_KEY": "the key of these pictures"}
    settings = read({f"HUIYING_{key}": value for key, value in environ.items()})
    async with _opened(settings) as opened:
        yield opened
    await drop_database(servers.database_url, name)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Gallery]:
    """The operator after its past, with two people of every city at the desk."""
    lived = await live_through(settings, days=DAYS, seed=1, tell=lambda _share: None)
    async with open_house(settings) as house, outside() as calls, AsyncExitStack() as stack:
        server = TestServer(application(house, make_doors(house, calls)))
        await server.start_server()
        stack.push_async_callback(server.close)
        people = {}
        for login in LOGINS:
            session = await stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            people[login] = Person(str(server.make_url("")).rstrip("/"), session, 0, login)
            await people[login].log_in(lived.password)
            await people[login].post("/desk/language", {"language": LANGUAGE})
        present = People(house.pool, house.bus)
        for one in await present.all():
            if one.login.endswith(("a1", "a2")):
                await present.choose_presence(one.id, Presence.ONLINE)
        yield Gallery(house, server, people, lived.password)


@pytest.mark.timeout(1800)
async def test_every_page_is_kept_as_it_looks_by_day_and_by_night(gallery: Gallery, browser: Browser) -> None:
    tabs = {login: await _logged_in(gallery, browser, login) for login in LOGINS}
    pages = await _pages(gallery)
    for size in (WIDE, NARROW):
        for name, (login, path) in pages.items():
            tab = tabs[login]
            await tab.set_viewport_size(size)
            await tab.goto(gallery.url(path))
            assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            if size is WIDE:
                await _keep(tab, name)
            elif name in ON_PHONES or LANGUAGE != "zh":
                await _keep(tab, f"phone-{name}")
    for tab in tabs.values():
        await tab.context.close()


async def _logged_in(gallery: Gallery, browser: Browser, login: str) -> Tab:
    """Somebody at the desk; the door through which they came in is kept too."""
    context: BrowserContext = await browser.new_context(viewport=WIDE, locale="zh-CN", reduced_motion="reduce")
    tab = await context.new_page()
    tab.set_default_timeout(15_000)
    await tab.goto(gallery.url("/desk/login"))
    await _keep(tab, "login")
    await tab.fill("#login", login)
    await tab.fill("#password", gallery.password)
    await tab.click("button.primary")
    await tab.wait_for_url("**/desk")
    return tab


async def _pages(gallery: Gallery) -> dict[str, tuple[str, str]]:
    """Who looks at which page, by the name of its picture: all that need nothing more, and one of each other."""
    found = {}
    for path in addresses_of(gallery.server.app):
        person = gallery.people[whose(path)]
        async with person.session.get(person.base + path, allow_redirects=False) as response:
            assert response.status < 500, path
            if response.status == 200 and is_page(await response.text()):
                found[path.removeprefix("/desk").strip("/").replace("/", "-") or "workbench"] = (person.login, path)
    pool = gallery.house.pool
    ticket = await pool.fetchval("SELECT max(id) FROM tickets WHERE kind = 'complaint' AND archived IS NULL")
    hook = await pool.fetchval("SELECT max(id) FROM subscriptions")
    agent = await pool.fetchrow("SELECT id, unit_id FROM agents WHERE login = $1", AGENT)
    assert agent is not None
    served, waits = await pool.fetchval(SERVED, agent["id"]), await pool.fetchval(WAITS)
    return found | {
        "chat": (AGENT, f"/desk/c/{served}"),
        "chat-waiting": (AGENT, f"/desk/c/{waits}?tab=waiting"),
        "ticket-new": (AGENT, f"/desk/c/{served}/ticket"),
        "ticket": (MANAGER, f"/desk/tickets/{ticket}"),
        "tickets-board": (MANAGER, "/desk/tickets?view=board"),
        "standard-rows": (MANAGER, "/desk/standard/rows?clause=enquiry.first_response&state=met"),
        "webhook": (ADMIN, f"/desk/webhooks/{hook}"),
        "person": (ADMIN, f"/desk/people/{agent['id']}"),
        "unit": (ADMIN, f"/desk/units/{agent['unit_id']}"),
        "roster-unit": (MANAGER, f"/desk/roster/{agent['unit_id']}"),
        "customer": (AGENT, "/chat/demo"),
    }


async def _keep(tab: Tab, name: str) -> None:
    """Keep what a page looks like, as small as it has to be."""
    for scheme in ("light", "dark"):
        await tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        picture = Image.open(BytesIO(await tab.screenshot())).convert("RGB")
        content = next(one for one in (_webp(picture, quality) for quality in (82, 70, 58, 46, 30)) if one)
        (Path(FOLDER) / f"{name}-{scheme}.webp").write_bytes(content)


def _webp(picture: Image.Image, quality: int) -> bytes:
    """The picture in this quality; empty where it is too large so."""
    out = BytesIO()
    picture.save(out, "WEBP", quality=quality, method=6)
    return out.getvalue() if out.tell() <= LARGEST else b""
