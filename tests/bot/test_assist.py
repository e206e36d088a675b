"""Assistance: rules always, a model where there is one; what it is told is masked, and what it fails at is counted."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import metrics
from bot.assist.model import Line, Model
from bot.config.workbench import AssistAccount
from channels.door import Address
from tests.bot.desk_stage import open_desk
from tests.bot.test_knowledge_pane import ARTICLES, INDEX

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@dataclass
class StandIn:
    """A server that answers as models do, or as they fail."""

    said: str = "您好，发送 CXYE 到 10086 就能查余额。"
    status: int = 200
    body: str = ""
    slow: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    now: datetime = NOW
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.text())
        assert request.headers["Authorization"] == "Bearer sk-test"
        if self.slow:
            await self.gone.wait()
        if self.body or self.status != 200:
            return web.Response(status=self.status, text=self.body)
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": self.said}}]})


@asynccontextmanager
async def open_model(*, patience: float = 5) -> AsyncIterator[tuple[StandIn, Model]]:
    api, app = StandIn(), web.Application()
    app.router.add_post("/v1/chat/completions", api.answer)
    async with TestServer(app) as server, ClientSession() as session:
        account = AssistAccount(str(server.make_url("/v1")), "m", "sk-test", patience)
        yield api, Model(account, session, lambda: api.now)
        api.gone.set()


def counted(outcome: str) -> float:
    return metrics.registry.get_sample_value("huiying_assist_total", {"outcome": outcome}) or 0.0


async def test_a_model_suggests_and_sums_up_and_is_told_nothing_personal(database_url: str, redis_url: str) -> None:
    async with (
        open_model() as (api, model),
        open_desk(database_url, redis_url, published=lambda: (INDEX, ARTICLES), model=model) as desk,
    ):
        agent = await desk.agent()
        one = await desk.queued(name="刘伟", words="我是刘伟，号码13800138000，家住朝阳区建国路88号")
        await desk.give(one, agent.id)
        await desk.stage.say("怎么查话费余额", Address("web", "demo", "v:1"))
        await agent.get(f"/desk/c/{one}")
        page = await agent.post(f"/desk/c/{one}/assist/answer", status=200)
        assert "就能查余额" in page
        assert "由模型生成" in page
        api.said = "<b>客户</b>查余额。"
        assert "&lt;b&gt;客户&lt;/b&gt;查余额。" in await agent.post(f"/desk/c/{one}/assist/summary", status=200)
        told = "".join(api.asked)
        assert not [word for word in ("刘伟", "13800138000", "建国路", "王芳") if word in told]
        assert "[PHONE]" in told
        assert "发送 CXYE" in json.loads(api.asked[0])["messages"][0]["content"]
        api.said = "这不归我管"
        page = await agent.post(f"/desk/c/{one}/assist/answer", status=200)
        assert "发送 CXYE 到 10086" in page
        assert "由模型生成" not in page
        api.status = 500
        assert "建国路88号" in await agent.post(f"/desk/c/{one}/assist/summary", status=200)
        assert await desk.messages(one, "agent") == []


async def test_whatever_a_model_fails_at_is_counted_and_after_three_times_it_is_left_alone() -> None:
    async with open_model(patience=0.2) as (api, model):
        lines = [Line("user", "?")]
        for outcome, change in (
            ("broken", {"status": 500}),
            ("refused", {"status": 401}),
            ("nonsense", {"body": "<html>"}),
        ):
            api.status, api.body = 200, ""
            for name, value in change.items():
                setattr(api, name, value)
            before = counted(outcome)
            assert await model.ask(lines) is None
            assert counted(outcome) == before + 1
        asked, resting = len(api.asked), counted("resting")
        api.status, api.body = 200, ""
        assert await model.ask(lines) is None
        assert (len(api.asked), counted("resting")) == (asked, resting + 1)
        api.now += timedelta(seconds=31)
        assert await model.ask(lines) == api.said
        for body in ('{"choices": []}', '{"choices": [{"message": {"role": "a", "content": " "}}]}', "x" * 300_000):
            api.body = body
            assert await model.ask(lines) is None
        api.now += timedelta(seconds=31)
        api.body, api.slow, before = "", True, counted("timeout")
        assert await model.ask(lines) is None
        assert counted("timeout") == before + 1


async def test_without_a_model_rules_assist_alone(database_url: str, redis_url: str) -> None:
    async with open_desk(database_url, redis_url, published=lambda: (INDEX, ARTICLES)) as desk:
        agent = await desk.agent()
        one = await desk.queued(words="宽带断网怎么办，昨天下午3点")
        await desk.give(one, agent.id)
        await agent.get(f"/desk/c/{one}")
        assert "请先重启光猫" in await agent.post(f"/desk/c/{one}/assist/answer", status=200)
        summary = await agent.post(f"/desk/c/{one}/assist/summary", status=200)
        assert "宽带；宽带断网怎么办，昨天下午3点；" in summary
        assert "15:00" in summary
