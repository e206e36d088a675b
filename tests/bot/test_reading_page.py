"""The reading page: what a customer sees who taps the notice of an answer, and what nobody else gets to see."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.app import page_for
from bot.chat.language import LANGUAGES, words_of
from bot.files.screen import Screen
from bot.files.storage import Folder
from bot.files.store import Owner, Store
from bot.outbox.sender import Sender
from bot.reading.page import ReadingPages
from bot.reading.token import Place, place_of, token_for
from bot.static import Static
from channels.door import Attachment
from router.events import Enclosed, Kind, Media, Replied
from tests.bot.platform import Platform
from tests.bot.stage import FOLLOWER, Stage, open_stage
from tests.bot.test_outbox import send, served
from tests.files import MIB, NOTE, PHOTO

KEY = "the secret of these pages"


@dataclass
class Reading:
    """A stage with the pages, and what the platform was given."""

    stage: Stage
    store: Store
    platform: Platform
    sender: Sender
    server: TestServer

    async def get(self, path: str) -> tuple[int, str]:
        """Open a page as WeChat's browser does."""
        headers = {"Accept-Language": "zh-CN"}
        async with ClientSession() as session, session.get(self.server.make_url(path), headers=headers) as response:
            assert "no-store" in response.headers["Cache-Control"]
            return response.status, (await response.read()).decode("utf-8", "replace")

    @property
    def path(self) -> str:
        """The page that the last notice leads to."""
        page = self.platform.arrived[-1].page
        assert page.startswith("https://care.example.com/read/")
        return page.removeprefix("https://care.example.com")


@pytest.fixture
async def reading(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Reading]:
    async with open_stage(database_url, redis_url) as stage:
        store = Store(stage.pool, Folder(tmp_path, spare=0), Screen(MIB))
        platform = Platform()
        pages = ReadingPages(store=store, secret_key=KEY, static=Static(), operator=lambda: "汇通移动")
        app = web.Application()
        app.router.add_routes(pages.routes())
        server = TestServer(app)
        await server.start_server()
        sender = Sender(
            pool=stage.pool,
            writer=stage.writer,
            doors={"wechat": platform},
            page=lambda outbound: page_for(outbound, public_url="https://care.example.com", secret_key=KEY),
        )
        yield Reading(stage, store, platform, sender, server)
        await server.close()


async def answered(reading: Reading) -> tuple[int, int]:
    """An answer after the window has closed: only a notice may go."""
    contact_id, agent = await served(reading.stage)
    await reading.stage.pool.execute("UPDATE contacts SET budget_left = 0")
    await reading.stage.reply(contact_id, agent, "<b>您的退款</b>已到账")
    await send(reading.sender)
    assert reading.platform.arrived[-1].notice
    return contact_id, agent


async def test_the_notice_leads_to_the_answer_and_back_to_the_chat(reading: Reading) -> None:
    contact_id, agent = await answered(reading)
    await reading.stage.reply(contact_id, agent, "还有一句")
    status, html = await reading.get(reading.path)
    assert status == 200
    assert "&lt;b&gt;您的退款&lt;/b&gt;已到账" in html
    assert "还有一句" in html
    assert "回到“汇通移动”的对话" in html
    assert "人工" not in html
    assert FOLLOWER.contact not in html + reading.path
    assert (await reading.get(reading.path))[0] == 200


async def test_the_page_closes_after_a_week(reading: Reading) -> None:
    await answered(reading)
    await reading.stage.pool.execute("UPDATE messages SET sent_at = sent_at - interval '8 days'")
    status, html = await reading.get(reading.path)
    assert (status, "已经过期" in html, "退款" in html) == (410, True, False)


async def test_only_tokens_of_ours_open_a_page_and_only_answers_are_shown(reading: Reading) -> None:
    contact_id, _ = await answered(reading)
    seq = place_of(KEY.encode(), reading.path.removeprefix("/read/"))
    assert seq is not None
    question = await reading.stage.pool.fetchval("SELECT min(seq) FROM messages WHERE sender = 'contact'")
    wrong = [
        token_for(b"another key", Place(contact_id, seq.seq)),
        token_for(KEY.encode(), Place(contact_id, question)),
        token_for(KEY.encode(), Place(2**64 - 1, 2**64 - 1)),
        "a" * 43,
        "a",
        "%20" * 43,
    ]
    for token in wrong:
        status, html = await reading.get(f"/read/{token}")
        assert (status, "没有找到" in html) == (404, True)


async def test_the_files_of_an_answer_are_read_with_its_token_and_no_others(reading: Reading) -> None:
    contact_id, agent = await served(reading.stage)
    await reading.stage.pool.execute("UPDATE contacts SET budget_left = 0")
    sent, kept = [await reading.store.add(Owner(FOLLOWER, agent), content, "a") for content in (PHOTO, NOTE)]
    assert isinstance(sent, Attachment)
    assert isinstance(kept, Attachment)
    files = (Enclosed(Kind.IMAGE, Media(sent.id)),)
    await reading.stage.act(
        contact_id, Replied(agent, "王芳", "请看图", await reading.stage.version(contact_id), files)
    )
    await send(reading.sender)
    _, html = await reading.get(reading.path)
    (src,) = re.findall(r'class="picture" src="([^"]+)"', html)
    assert (await reading.get(src))[0] == 200
    for path in (f"{reading.path}/files/{kept.id}", f"/read/{'a' * 43}/files/{sent.id}"):
        assert (await reading.get(path))[0] == 404


def test_the_page_says_the_same_things_in_every_language() -> None:
    keys = {frozenset(words_of(language, "reading")) for language in LANGUAGES}
    assert len(keys) == 1
    assert all(text.strip() for language in LANGUAGES for text in words_of(language, "reading").values())
