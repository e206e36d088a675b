"""How accounts fare: the sender's breaker and the platform's troubles reach the leaders, once in a while."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.outbox.accounts import Accounts, report
from bot.outbox.gate import PATIENCE
from bot.outbox.sender import Sender
from bot.people.rights import Role
from channels.door import TryAgain, Undeliverable
from tests.bot.desk_stage import DeskStage, open_desk
from tests.bot.platform import Platform
from tests.bot.test_outbox import LIMITS, send, served, undo_backoff


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


def sender_of(desk: DeskStage, platform: Platform) -> tuple[Sender, Accounts]:
    stage = desk.stage
    accounts = Accounts(stage.pool, stage.bus)
    doors = {"wechat": platform}
    sender = Sender(pool=stage.pool, writer=stage.writer, doors=doors, limits=LIMITS, told=accounts.note)
    return sender, accounts


async def troubles(desk: DeskStage) -> list[tuple[str, str]]:
    rows = await desk.stage.pool.fetch("SELECT kind, about FROM alerts WHERE kind LIKE 'trouble%' ORDER BY id")
    return [(row["kind"], row["about"]) for row in rows]


async def test_leaders_hear_once_an_hour_that_an_account_is_in_trouble(desk: DeskStage) -> None:
    leader, agent = await desk.agent("chenjing", "陈静", role=Role.LEADER), await desk.agent()
    platform = Platform(script=[Undeliverable("40164", trouble="address_unlisted") for _ in range(3)])
    sender, accounts = sender_of(desk, platform)
    contact_id, assignee = await served(desk.stage)
    for _ in range(3):
        await desk.stage.reply(contact_id, assignee)
        await send(sender)
        await accounts.settled()
    assert await troubles(desk) == [("trouble.address_unlisted", "wechat/demo")]
    assert await desk.stage.pool.fetchval("SELECT times FROM account_troubles") == 3
    assert "服务器地址不在平台白名单里" in await leader.get("/desk/alerts")
    assert "服务器地址不在平台白名单里" not in await agent.get("/desk/alerts")
    assert "IP 白名单" in await leader.get("/desk/delivery")
    assert "IP 白名单" not in await agent.get("/desk/delivery")
    await desk.stage.pool.execute("UPDATE account_troubles SET alerted = alerted - interval '61 minutes'")
    await report(desk.stage.pool, desk.stage.bus, "wechat", "demo", "address_unlisted")
    assert len(await troubles(desk)) == 2


async def test_a_day_s_quota_is_told_once_a_day(desk: DeskStage) -> None:
    pool, bus = desk.stage.pool, desk.stage.bus
    for shift in ("0", "23 hours", "1 hour"):
        await pool.execute("UPDATE account_troubles SET alerted = alerted - $1::text::interval", shift)
        await report(pool, bus, "wechat", "demo", "day_quota")
    assert len(await troubles(desk)) == 2


async def test_two_senders_that_meet_the_same_trouble_alert_once(desk: DeskStage) -> None:
    platform = Platform()
    both = [sender_of(desk, platform) for _ in range(2)]
    contact_id, assignee = await served(desk.stage)
    platform.script.extend(Undeliverable("48001", trouble="not_permitted") for _ in range(2))
    for sender, accounts in both:
        await desk.stage.reply(contact_id, assignee)
        await send(sender)
        await accounts.settled()
    assert await troubles(desk) == [("trouble.not_permitted", "wechat/demo")]


async def test_the_page_shows_that_a_breaker_is_open_and_that_it_closed(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    platform = Platform(script=[TryAgain("http_502") for _ in range(PATIENCE)])
    sender, accounts = sender_of(desk, platform)
    contact_id, assignee = await served(desk.stage)
    await desk.stage.reply(contact_id, assignee)
    for _ in range(PATIENCE):
        await send(sender)
        await undo_backoff(desk.stage)
    await accounts.settled()
    page = await leader.get("/desk/delivery")
    assert f"平台连续 {PATIENCE} 次没有响应" in page
    for gate in sender._gates.values():
        gate.probe = 0.0
    await send(sender)
    await accounts.settled()
    page = await leader.get("/desk/delivery")
    assert "没有响应" not in page
    assert "正常" in page


async def test_the_page_shows_how_long_a_platform_holds_an_account_back(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    waits = TryAgain("45009", after=timedelta(hours=3), all_wait=True, trouble="day_quota")
    sender, accounts = sender_of(desk, Platform(script=[waits]))
    contact_id, assignee = await served(desk.stage)
    await desk.stage.reply(contact_id, assignee)
    await send(sender)
    await accounts.settled()
    page = await leader.get("/desk/delivery")
    assert "平台限流" in page
    assert "待发 1 条" in page
    assert await troubles(desk) == [("trouble.day_quota", "wechat/demo")]
