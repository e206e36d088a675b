"""One customer on Telegram, from the first question to the score, over HTTP on both sides."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient, AiohttpServer

from bot.outbox.sender import Sender
from bot.surveys.job import ask
from channels.accounts import TelegramAccount
from channels.telegram.door import SECRET as HEADER
from channels.telegram.door import TelegramDoor
from tests.bot.stage import Stage, open_stage
from tests.channels.telegram_api import TOKEN, Call, TelegramApi
from tests.channels.telegram_house import CHAT, SECRET, Unhurried, edited, moved, tapped, wrote

DAY = 24 * 60


@dataclass
class Phone:
    """A customer's phone, with Telegram's servers between it and us."""

    api: TelegramApi
    client: "TestClient[web.Request, web.Application]"
    sender: Sender
    seen: int = 0

    async def bring(self, update: dict[str, Any]) -> list[Call]:
        """Have Telegram bring an update, twice as it sometimes does; returns what then arrives."""
        for _ in range(2):
            response = await self.client.post("/channels/telegram/main", json=update, headers={HEADER: SECRET})
            assert response.status == 200
        return await self.look()

    async def look(self) -> list[Call]:
        """What has arrived since the last look."""
        while await self.sender.round():
            await self.sender.settled()
        arrived = self.api.sent(CHAT)[self.seen :]
        self.seen += len(arrived)
        return arrived

    async def say(self, text: str) -> list[Call]:
        """Write something."""
        return await self.bring(wrote(text))

    async def tap(self, call: Call, choice: str) -> list[Call]:
        """Tap a button."""
        assert choice in [button["callback_data"] for row in call.buttons for button in row]
        return await self.bring(tapped(call, choice))


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def phone(stage: Stage, aiohttp_server: AiohttpServer, aiohttp_client: AiohttpClient) -> AsyncIterator[Phone]:
    api = TelegramApi()
    server = await aiohttp_server(api.application())
    account = TelegramAccount("main", TOKEN, secret_token=SECRET, api_base=str(server.make_url("")).rstrip("/"))
    async with ClientSession() as session:
        door = TelegramDoor(accounts={"main": account}, receive=stage.writer.take, session=session, pace=Unhurried())
        app = web.Application()
        app.router.add_routes(door.routes())
        sender = Sender(pool=stage.pool, writer=stage.writer, doors={"telegram": door})
        yield Phone(api, await aiohttp_client(app), sender)
        await door.close()


async def contact(stage: Stage) -> int:
    found: int = await stage.pool.fetchval("SELECT id FROM contacts WHERE channel = 'telegram'")
    return found


async def test_from_the_first_question_to_the_score(stage: Stage, phone: Phone) -> None:
    agent = await stage.hire()
    (welcome,) = await phone.bring(wrote("/start o_1024"))
    assert "faq:fee" in str(welcome.buttons)

    (suggestions,) = await phone.say("查询")
    assert [row[0]["text"] for row in suggestions.buttons][:2] == ["怎么查话费", "怎么查流量"]
    (answer,) = await phone.tap(suggestions, "faq:fee")
    assert answer.asked["text"] == "发送查话费到10977。"

    (place,) = await phone.tap(welcome, "human")
    assert "1" in place.asked["text"]
    await stage.assigner.round()
    number = await contact(stage)
    await phone.look()
    await stage.reply(number, agent, "您好，我是王芳。")
    (greeting,) = await phone.look()
    assert greeting.asked["text"] == "您好，我是王芳。"

    assert await phone.say("谢谢王芳") == []
    await phone.bring(edited("谢谢您，王芳"))
    await stage.close(number, agent)
    await phone.look()
    await stage.shift(DAY + 1)
    await stage.clock.claim()
    (survey,) = stage.surveys.requested
    assert await ask(survey, pool=stage.pool, writer=stage.writer, secret_key="the key of this test")
    (question,) = await phone.look()
    assert [len(row) for row in question.buttons] == [1] * 5
    await phone.tap(question, f"survey:{survey}:5")
    row = await stage.pool.fetchrow("SELECT stars, score FROM surveys WHERE id = $1", survey)
    assert row is not None
    assert (row["stars"], row["score"]) == (5, 100)

    kinds = await stage.pool.fetch("SELECT kind, text FROM messages WHERE kind <> 'text'")
    assert [(one["kind"], one["text"]) for one in kinds] == [("correction", "谢谢您，王芳")]
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0
    assert await stage.pool.fetchval("SELECT name FROM contacts WHERE id = $1", number) == "小 李"


async def test_the_agent_is_told_when_the_customer_blocks_the_bot(stage: Stage, phone: Phone) -> None:
    agent = await stage.hire()
    await phone.say("人工")
    await stage.assigner.round()
    number = await contact(stage)
    phone.api.blocked.add(CHAT)
    await stage.reply(number, agent)
    await phone.look()
    await phone.bring(moved("kicked"))
    alerted = await stage.pool.fetch("SELECT DISTINCT kind, agent_id FROM alerts WHERE kind <> 'assigned'")
    assert [(row["kind"], row["agent_id"]) for row in alerted] == [("undelivered", agent)]
    assert await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender = 'note'") == 2
    failed = await stage.pool.fetch("SELECT DISTINCT error FROM outbox WHERE state = 'failed'")
    assert [row["error"] for row in failed] == ["blocked"]
