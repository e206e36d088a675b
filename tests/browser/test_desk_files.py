"""Files at the desk in a real browser: attached to an answer, removed, kept, and pictures seen large."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.files.store import Owner
from channels.door import Address, Attachment
from router.events import Kind, Media, Said
from tests.browser.office import Office, open_office
from tests.files import NOTE, SVG, picture
from tests.servers import Addresses

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUSTOMER = Address("web", "demo", "v:1")
PASTE = """([name, type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name, { type }));
    const box = document.getElementById("text");
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(servers: Addresses, template: str, browser: Browser) -> AsyncIterator[Office]:
    async with open_office(servers, template, browser) as opened:
        yield opened


async def test_files_are_chosen_pasted_removed_and_go_with_the_answer(office: Office, tmp_path: Path) -> None:
    tab, one = await office.serve()
    for name, content in (("bill.png", picture("PNG")), ("notes.txt", NOTE), ("hostile.svg", SVG)):
        (tmp_path / name).write_bytes(content)
    await tab.set_input_files("#enclose-files", [tmp_path / "notes.txt", tmp_path / "hostile.svg"])
    await expect(tab.locator(".enclosure[data-file]")).to_have_count(1)
    await expect(tab.locator(".enclosure[data-state=failed]")).to_contain_text("不支持这种文件")
    await tab.get_by_role("button", name="移除 hostile.svg").click()
    await expect(tab.locator(".enclosure")).to_have_count(1)
    await tab.evaluate(PASTE, ["bill.png", "image/png", list((tmp_path / "bill.png").read_bytes())])
    await expect(tab.locator(".enclosure[data-file]")).to_have_count(2)
    await tab.get_by_role("button", name="移除 notes.txt").click()
    await tab.reload()
    await expect(tab.locator(".enclosure[data-file] .enclosure-name")).to_have_text(["bill.png"])
    await tab.fill("#text", "请看账单")
    await tab.press("#text", "Enter")
    await expect(tab.locator(".m-agent .file-image")).to_have_count(1)
    await expect(tab.locator(".m-agent .text")).to_contain_text("请看账单")
    await expect(tab.locator(".enclosure")).to_have_count(0)
    await expect(tab.locator("#text")).to_have_value("")
    assert await office.desk.messages(one, "agent") == ["请看账单"]
    office.faults[:] = [fault for fault in office.faults if "422" not in fault]


async def test_what_was_attached_stays_in_sight_when_the_conversation_is_taken_away(office: Office) -> None:
    tab, one = await office.serve()
    await tab.evaluate(PASTE, ["bill.png", "image/png", list(picture("PNG"))])
    await expect(tab.locator(".enclosure[data-file]")).to_have_count(1)
    await tab.fill("#text", "写了很久")
    agent = await office.desk.stage.pool.fetchval("SELECT assignee FROM conversations WHERE id = $1", one)
    await office.desk.stage.close(await office.desk.contact(one), agent)
    await expect(tab.locator("#head")).to_have_attribute("data-mode", "closed")
    await expect(tab.locator("#text")).to_be_visible()
    await expect(tab.locator("#text")).to_have_value("写了很久")
    await expect(tab.locator(".enclosure[data-file]")).to_be_visible()
    await expect(tab.locator("#send")).to_be_hidden()
    assert await office.desk.messages(one, "agent") == []


async def test_pictures_open_large_turn_by_arrows_and_give_the_focus_back(office: Office) -> None:
    tab, _ = await office.serve()
    for name in ("a.png", "b.png"):
        file = await office.desk.store.add(Owner(CUSTOMER), picture("PNG"), name)
        assert isinstance(file, Attachment)
        await office.desk.stage.say("", CUSTOMER, event=Said("", Kind.IMAGE, media=Media(file.id)))
    await expect(tab.locator(".file-image")).to_have_count(2)
    await tab.locator(".file-image").first.focus()
    await tab.keyboard.press("Enter")
    caption = tab.locator("#lightbox figcaption")
    await expect(caption).to_have_text("a.png（1 / 2）")
    await tab.keyboard.press("ArrowRight")
    await expect(caption).to_have_text("b.png（2 / 2）")
    await tab.keyboard.press("ArrowRight")
    await tab.keyboard.press("ArrowLeft")
    await expect(caption).to_have_text("a.png（1 / 2）")
    await tab.keyboard.press("Escape")
    await expect(tab.locator("#lightbox")).to_be_hidden()
    await expect(tab.locator(".file-image").first).to_be_focused()
