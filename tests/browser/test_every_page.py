"""Every page of the desk: whether all can use it, what it looks like, and that it takes strings for strings.

Pages are found, not listed: each address of the desk that needs nothing more and gives a whole page.
"""

from collections.abc import AsyncIterator, Iterator
from itertools import cycle

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Request, ViewportSize, expect
from playwright.async_api import Page as Tab

from bot.people.rights import Role
from bot.shifts.shifts import put_shift
from channels.door import Address
from router.events import Noted
from tests.bot.desk_stage import Person
from tests.bot.test_access_matrix import NOBODY
from tests.browser.ease import grave
from tests.browser.office import Office, open_office
from tests.desk_pages import addresses_of, is_page
from tests.forms import forms_of
from tests.hostile import CORPUS, HOST
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")
LEFT_ALONE = ("/desk/logout", "/desk/login", "/desk/account")
"""Forms that would end the sitting of whoever fills them in."""
OLDEST = "document.querySelector('#older button')?.getAttribute('hx-get') ?? ''"
"""Where the next older messages of a thread are; empty at its beginning."""
PHONE: ViewportSize = {"width": 390, "height": 844}
AT_ONCE = 15
"""Messages of one customer: more in ten seconds are slowed."""


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def pages_of(office: Office, person: Person) -> list[str]:
    """Those that give somebody a whole page."""
    found = []
    for path in addresses_of(office.desk.server.app):
        async with person.session.get(person.base + path, allow_redirects=False) as response:
            if response.status == 200 and is_page(await response.text()):
                found.append(path)
    return found


async def test_all_can_use_every_page_in_either_theme(office: Office) -> None:
    admin = await office.desk.hire("admin", "林岚", role=Role.ADMIN)
    await admin.log_in()
    one = await office.desk.queued(name="刘伟")
    await office.desk.give(one, admin.id)
    await put_shift(office.desk.stage.pool, "early", "早班", ["08:00-12:00", "13:30-18:00"], NOBODY)
    tab = await office.log_in(admin)
    wide = tab.viewport_size
    assert wide is not None
    pages = await pages_of(office, admin)
    assert len(pages) > 8
    for path in (*pages, f"/desk/c/{one}"):
        await tab.goto(office.url(path))
        assert await grave(tab) == [], path
        for size in (PHONE, wide):
            await tab.set_viewport_size(size)
            assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, size)


async def test_hostile_strings_stay_strings_wherever_they_are_written(office: Office) -> None:
    admin = await office.desk.hire("admin", "林岚", role=Role.ADMIN)
    await admin.log_in()
    chats = await written_by_customers(office, admin)
    await written_at_the_desk(office, admin, chats[0])
    pages = [*await pages_of(office, admin), *(f"/desk/c/{one}" for one in chats)]
    hostile = cycle(CORPUS)
    filled = sum([await fill_in(admin, path, hostile) for path in pages])
    assert filled > len(pages)
    tab = await office.log_in(admin)
    outside: list[str] = []
    tab.on("request", lambda request: note_outside(request, office, outside))
    await tab.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; };")
    for path in (*await pages_of(office, admin), *(f"/desk/c/{one}" for one in chats)):
        await tab.goto(office.url(path))
        await read_back(tab)
        assert await tab.evaluate("window.hits") == 0, path
    assert outside == []


async def read_back(tab: Tab) -> None:
    """Read a thread back to its beginning."""
    while before := await tab.evaluate(OLDEST):
        await tab.evaluate("document.querySelector('#older button').click()")
        await expect(tab.locator(f'#older button[hx-get="{before}"]')).to_have_count(0)


def note_outside(request: Request, office: Office, outside: list[str]) -> None:
    """Note what is asked of others than the desk."""
    if HOST in request.url or not request.url.startswith((office.url("/"), "data:", "blob:")):
        outside.append(request.url)


async def written_by_customers(office: Office, person: Person) -> list[int]:
    """Each string once as a customer's words, and some as names; the conversations."""
    chats = []
    for number in range(0, len(CORPUS), AT_ONCE):
        words = CORPUS[number : number + AT_ONCE]
        one = await office.desk.queued(f"v:{number}", name=words[0][:60], words=words[0])
        for text in words[1:]:
            await office.desk.stage.say(text, Address("web", "demo", f"v:{number}"))
        await office.desk.give(one, person.id, words[0][:20])
        chats.append(one)
    return chats


async def written_at_the_desk(office: Office, person: Person, conversation: int) -> None:
    """Each string once as a note."""
    contact = await office.desk.contact(conversation)
    for text in CORPUS:
        await office.desk.stage.act(contact, Noted(person.id, text))


async def fill_in(person: Person, path: str, hostile: Iterator[str]) -> int:
    """Fill every form of a page in, a string in each field; how many fields there were."""
    async with person.session.get(person.base + path) as response:
        html = await response.text()
    filled = 0
    for form in forms_of(path, html):
        if form.action.startswith(LEFT_ALONE):
            continue
        texts = {name: next(hostile)[:most] for name, most in form.texts.items()}
        async with person.session.post(
            person.base + form.action, data={**form.fixed, **texts}, allow_redirects=False
        ) as response:
            assert response.status < 500, (form.action, texts, await response.text())
        filled += len(texts)
    return filled
