"""What every page looks like, with a month of a whole operator behind it: the pictures of ``docs/pages.md``.

Only where a folder is named: ``HUIYING_GALLERY=docs/images/pages pytest tests/browser/test_gallery.py``.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from secrets import token_hex

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from bot.app import application
from bot.audit.audit import on_command_line
from bot.demo.history import live_through
from bot.doors.making import make_doors, outside
from bot.house import House, open_house
from bot.settings import Settings, read
from bot.shifts.shifts import Plan, all_shifts, plan, put_shift
from bot.shifts.week import Week
from bot.sql import load
from tests.bot.desk_stage import Person
from tests.browser.test_every_page import addresses_of
from tests.servers import Addresses, beside, create_database, drop_database

SQL = load(__file__, "gallery.sql")
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
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
CUSTOMERS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "刘伟",
        ("我家宽带断了，光猫亮红灯", "昨天晚上8点开始的，号码13900139000", "家在朝阳区建国路88号3单元502室", "人工"),
    ),
    ("欧阳晓敏", ("这个月多扣了30元增值业务费", "我要投诉，再不退钱就找工信部", "转人工")),
    ("Maria Silva", ("国际漫游怎么开通", "人工")),
    ("陈建国", ("套餐能改成更便宜的吗", "人工")),
    ("周婷", ("发票怎么开", "人工")),
)


@dataclass
class Gallery:
    """A house with a past, and somebody who may see all of it."""

    house: House
    server: TestServer
    person: Person
    password: str
    chats: list[int]

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
    """The operator after its past, with chats under way and a roster for this week."""
    lived = await live_through(settings, days=DAYS, seed=1, tell=lambda _share: None)
    async with open_house(settings) as house, outside() as calls:
        server = TestServer(application(house, make_doors(house, calls)))
        await server.start_server()
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
            number = await house.pool.fetchval(SQL["promoted"], LANGUAGE)
            person = Person(str(server.make_url("")).rstrip("/"), session, number, "manager")
            await person.log_in(lived.password)
            opened = Gallery(house, server, person, lived.password, [])
            await _rostered(house, settings)
            await house.pool.execute(SQL["present"])
            for customer, said in CUSTOMERS:
                opened.chats.append(await _written(opened, customer, said))
            await _served(opened)
            await _filled(opened)
            yield opened
        await server.close()


async def _rostered(house: House, settings: Settings) -> None:
    """This week of every city's agents, and the one before."""
    by = on_command_line()
    await put_shift(house.pool, "early", "早班", ["08:00-12:00", "13:30-17:00"], by)
    await put_shift(house.pool, "late", "晚班", ["13:00-17:30", "18:00-22:00"], by)
    await put_shift(house.pool, "night", "夜班", ["22:00-08:00"], by)
    early, late, night = [(await all_shifts(house.pool))[code] for code in ("early", "late", "night")]
    turns = (early, early, late, late, None, None, night)
    week = Week.of(datetime.now(settings.zone).date())
    people = await house.pool.fetch("SELECT id FROM agents WHERE role = 'agent' ORDER BY id")
    days = [*week.moved(-1).days, *week.days]
    plans = [
        Plan(row["id"], day, turns[(place + number) % len(turns)])
        for place, row in enumerate(people)
        for number, day in enumerate(days)
    ]
    await plan(house.pool, plans, settings.zone, by, source="gallery")


async def _written(opened: Gallery, customer: str, said: Sequence[str]) -> int:
    """A customer writes in the web chat; the conversation."""
    door = opened.url("/channels/web/demo")
    async with ClientSession() as session:
        async with session.post(f"{door}/sessions", json={}) as response:
            told = await response.json()
        headers = {"Authorization": f"Bearer {told['token']}"}
        for text in said:
            body = {"client_msg_id": token_hex(16), "text": text}
            async with session.post(f"{door}/messages", json=body, headers=headers) as response:
                assert response.status == 201, await response.text()
    row = await opened.house.pool.fetchrow("SELECT id, contact_id FROM conversations ORDER BY id DESC LIMIT 1")
    assert row is not None
    await opened.house.pool.execute("UPDATE contacts SET name = $2 WHERE id = $1", row["contact_id"], customer)
    found: int = row["id"]
    return found


async def _served(opened: Gallery) -> None:
    """Two of the chats are with whoever looks: one is answered and noted, one is set aside."""
    person, (first, second, *_) = opened.person, opened.chats
    await person.post("/desk/presence", {"presence": "online"})
    for one in (first, second):
        await person.get(f"/desk/c/{one}")
        await person.post(f"/desk/c/{one}/take")
        await person.get(f"/desk/c/{one}")
        await person.post(f"/desk/c/{one}/say", {"as": "reply", "text": "您好，我先核实一下您反映的情况，请稍等。"})
    await person.get(f"/desk/c/{first}")
    await person.post(f"/desk/c/{first}/say", {"as": "note", "text": "已报网络部，端口正常，疑似光猫故障。"})
    await person.get(f"/desk/c/{second}")
    await person.post(f"/desk/c/{second}/snooze", {"for": "60", "text": "等计费部门核实"})


async def _filled(opened: Gallery) -> None:
    """Something on the pages of which a quiet month has nothing."""
    person, pool, one = opened.person, opened.house.pool, opened.chats[1]
    rights = {f"right.{name}": "on" for name in ("conversations:read", "tickets:read", "surveys:read")}
    await person.get("/desk/keys")
    await person.post("/desk/keys", {"name": "报表平台", **rights}, status=200)
    await person.get("/desk/webhooks")
    events = {f"event.{name}": "on" for name in ("ticket.created", "ticket.solved", "survey.scored")}
    await person.post(
        "/desk/webhooks", {"name": "工单中台", "url": "https://example.com/huiying", **events}, status=200
    )
    await person.get("/desk/tickets")
    await person.post("/desk/tickets/exports", {"format": "xlsx"})
    await pool.execute(SQL["import"], person.id)
    await person.get(f"/desk/cases?conversation={one}")
    await person.post("/desk/cases", {"conversation": str(one), "kind": "appeal", "title": "增值业务费申诉"})
    await pool.execute(SQL["request"], one)
    await pool.execute(SQL["improvement"])
    await pool.execute(SQL["letters"])


@pytest.mark.timeout(1800)
async def test_every_page_is_kept_as_it_looks_by_day_and_by_night(gallery: Gallery, browser: Browser) -> None:
    context = await browser.new_context(viewport=WIDE, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
    tab = await context.new_page()
    tab.set_default_timeout(15_000)
    await tab.goto(gallery.url("/desk/login"))
    await _keep(tab, "login")
    await tab.fill("#login", "manager")
    await tab.fill("#password", gallery.password)
    await tab.click("button.primary")
    await tab.wait_for_url("**/desk")
    for name, path in (await _pages(gallery)).items():
        await tab.goto(gallery.url(path))
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        await _keep(tab, name)
    await tab.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for name, path in (await _pages(gallery)).items():
        await tab.goto(gallery.url(path))
        assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if name in ON_PHONES or LANGUAGE != "zh":
            await _keep(tab, f"phone-{name}")
    await context.close()


async def _pages(gallery: Gallery) -> dict[str, str]:
    """Every page of the desk by the name of its picture: those that need nothing more, and one of each other."""
    pool, person = gallery.house.pool, gallery.person
    found = {}
    for path in addresses_of(gallery.server.app):
        async with person.session.get(person.base + path, allow_redirects=False) as response:
            assert response.status < 500, path
            if response.status == 200 and (await response.text()).lstrip().lower().startswith("<!doctype html"):
                found[path.removeprefix("/desk").strip("/").replace("/", "-") or "workbench"] = path
    ticket = await pool.fetchval("SELECT max(id) FROM tickets WHERE kind = 'complaint' AND archived IS NULL")
    agent = await pool.fetchrow("SELECT id, unit_id FROM agents WHERE role = 'agent' AND login = 'p1c1a1'")
    assert agent is not None
    return found | {
        "chat": f"/desk/c/{gallery.chats[0]}",
        "chat-waiting": f"/desk/c/{gallery.chats[2]}?tab=waiting",
        "ticket-new": f"/desk/c/{gallery.chats[0]}/ticket",
        "ticket": f"/desk/tickets/{ticket}",
        "tickets-board": "/desk/tickets?view=board",
        "standard-rows": "/desk/standard/rows?clause=enquiry.first_response&state=met",
        "person": f"/desk/people/{agent['id']}",
        "unit": f"/desk/units/{agent['unit_id']}",
        "roster-unit": f"/desk/roster/{agent['unit_id']}",
        "customer": "/chat/demo",
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
