"""One customer of 微信客服, from the welcome to the score: every call twice, pages twice, and processes that die."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from msgspec.structs import replace as changed
from pytest_aiohttp import AiohttpClient, AiohttpServer

from bot.doors.pulls import StoredPulls
from bot.files.fetch import Fetcher
from bot.files.screen import Screen
from bot.files.storage import Folder
from bot.files.store import Owner, Store
from bot.lru import Lru
from bot.outbox.sender import Sender
from channels.door import Address, Attachment, Inbound, Receipt, Receive
from channels.tokens import MemoryTokens
from channels.wechat_kf.door import WechatKfDoor
from router.events import Enclosed, Kind, Media, Replied
from tests.bot.stage import Stage, open_stage
from tests.channels.wechat_kf_house import ACCOUNT, WHO, WeCom
from tests.files import MIB, PHOTO
from tests.outages import Outage
from tests.wechat_kf_api import ANSWER, CUSTOMER, KF, SEND, SYNC, WechatKfApi, items, shown

ENDED = 4
DAY = 24 * 60


@dataclass
class Phone:
    """A customer's phone, with WeCom's servers between it and us."""

    stage: Stage
    api: WechatKfApi
    wecom: WeCom
    door: WechatKfDoor
    sender: Sender
    store: Store
    fetcher: Fetcher
    make: Callable[[Receive], WechatKfDoor]
    """Another process with the same accounts."""
    seen: int = 0

    async def bring(self) -> list[str]:
        """Have WeCom call about what has happened, twice as it sometimes does; returns what then arrives, as texts."""
        document = self.wecom.document(self.api.pull_token())
        nonce = str(1_700_000_000 + self.wecom.calls)
        for _ in range(2):
            response = await self.wecom.post(document, nonce=nonce)
            assert (response.status, await response.text()) == (200, "success")
        return await self.pull()

    async def pull(self) -> list[str]:
        """Fetch what there is, and send what is to be sent."""
        await self.door.puller("main").round()
        return await self.look()

    async def look(self) -> list[str]:
        """Send what is to be sent; returns what has arrived since the last look."""
        await self.stage.pool.execute("UPDATE outbox SET due = clock_timestamp() WHERE state = 'queued'")
        while await self.sender.round():
            await self.sender.settled()
        arrived = self.api.chat().seen[self.seen :]
        self.seen += len(arrived)
        return [shown(body) for body in arrived]

    async def say(self, text: str, *, menu_id: str = "") -> list[str]:
        """Write something, or tap an item of a menu."""
        self.api.say(text, menu_id=menu_id)
        return await self.bring()

    async def contact(self) -> int:
        """The contact's id."""
        found: int = await self.stage.pool.fetchval("SELECT id FROM contacts WHERE address = $1", WHO.contact)
        return found

    async def served(self) -> tuple[int, int]:
        """Ask for a person and be served by one; the contact and the agent."""
        agent = await self.stage.hire()
        await self.say("人工")
        await self.stage.assigner.round()
        await self.look()
        return await self.contact(), agent

    async def said(self) -> list[str]:
        """What stands in the thread of the customer's own words."""
        rows = await self.stage.pool.fetch(
            "SELECT text FROM messages WHERE sender = 'contact' ORDER BY contact_id, seq"
        )
        return [row["text"] for row in rows]


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def phone(
    stage: Stage, tmp_path: Path, aiohttp_server: AiohttpServer, aiohttp_client: AiohttpClient
) -> AsyncIterator[Phone]:
    api = WechatKfApi()
    server = await aiohttp_server(api.application())
    account = replace(ACCOUNT, api_base=str(server.make_url("")).rstrip("/"))
    store = Store(stage.pool, Folder(tmp_path), Screen(MIB))
    async with ClientSession() as session:

        def make(receive: Receive) -> WechatKfDoor:
            return WechatKfDoor(
                accounts={"main": account},
                receive=receive,
                pulls=StoredPulls("wechat_kf", stage.pool, stage.bus),
                session=session,
                tokens=MemoryTokens(api.clock),
                files=store,
            )

        door = make(stage.writer.take)
        app = web.Application()
        app.router.add_routes(door.routes())
        sender = Sender(pool=stage.pool, writer=stage.writer, doors={"wechat_kf": door})
        fetcher = Fetcher(stage.pool, store, stage.bus, {"wechat_kf": door})
        wecom = WeCom(await aiohttp_client(app), account, now=api.clock())
        yield Phone(stage, api, wecom, door, sender, store, fetcher, make)


async def test_from_the_welcome_to_the_score(stage: Stage, phone: Phone) -> None:
    phone.api.enter(scene="o_1024")
    (welcome,) = await phone.bring()
    assert "汇通移动" in welcome
    assert "faq:fee" in items(phone.api.chat().seen[0])
    assert await stage.pool.fetchval("SELECT name FROM contacts") == "小李"
    assert await stage.pool.fetchval("SELECT outlet FROM contacts") == "1024"

    assert await phone.say("话费") == ["发送查话费到10977。"]
    (suggestions,) = await phone.say("查询")
    assert "您是不是想问" in suggestions
    assert await phone.say("怎么查话费", menu_id="faq:fee") == ["发送查话费到10977。"]

    number, agent = await phone.served()
    await stage.reply(number, agent, "您好，我是王芳。")
    assert await phone.look() == ["您好，我是王芳。"]

    phone.api.files["photo-1"] = ("image/jpeg", PHOTO)
    phone.api.send("image", {"media_id": "photo-1"})
    assert await phone.bring() == []
    (file_id,) = stage.files.requested
    assert await phone.fetcher.fetch(file_id)
    kept = await phone.store.find(file_id)
    assert kept is not None
    assert (kept.type, kept.sent) == ("image/jpeg", True)

    sent = await phone.store.add(Owner(WHO, agent), b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n", "账单.pdf")
    assert isinstance(sent, Attachment)
    media = Media(sent.id, sent.name, sent.type, sent.size)
    version = await stage.version(number)
    await stage.act(number, Replied(agent, "王芳", "请看账单", version, (Enclosed(Kind.FILE, media),)))
    assert await phone.look() == ["[file]", "请看账单"]

    await stage.close(number, agent)
    (last,) = await phone.look()
    assert "本次服务已结束" in last
    assert "您对这次服务满意吗" in last
    assert phone.api.chat().state == ENDED
    survey = await stage.pool.fetchval("SELECT id FROM surveys")
    assert items(phone.api.chat().seen[-1]) == [f"survey:{survey}:{star}" for star in range(1, 6)]

    (thanks,) = await phone.say("★★★★★ 非常满意", menu_id=f"survey:{survey}:5")
    assert "感谢您的评价" in thanks
    await phone.say("★ 非常不满意", menu_id=f"survey:{survey}:1")
    row = await stage.pool.fetchrow("SELECT stars, score, asked, requested FROM surveys")
    assert row is not None
    assert (row["stars"], row["score"], row["asked"] is not None, row["requested"]) == (5, 100, True, None)
    await stage.shift(DAY + 1)
    await stage.clock.claim()
    assert stage.surveys.requested == []
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0


async def test_pages_that_come_again_change_nothing(stage: Stage, phone: Phone) -> None:
    await phone.say("话费")
    await phone.say("查询")
    await stage.pool.execute("UPDATE pulls SET cursor = '', looked = NULL")
    stage.writer._receipts = Lru(0)
    assert await phone.pull() == []
    assert await phone.said() == ["话费", "查询"]
    assert await stage.pool.fetchval("SELECT cursor FROM pulls") == "c2"


async def test_a_call_that_was_lost_costs_a_look(stage: Stage, phone: Phone) -> None:
    await phone.say("话费")
    phone.api.say("查询")
    assert await phone.pull() == []
    await stage.pool.execute("UPDATE pulls SET looked = looked - interval '61 seconds'")
    (suggestions,) = await phone.pull()
    assert "您是不是想问" in suggestions


@dataclass
class Dying:
    """A process that dies: before its n-th event is stored, or after that."""

    stage: Stage
    survives: int
    stores: bool

    async def receive(self, inbound: Inbound) -> Receipt:
        """Store events until it is over; what it stored last is without the cursor, as if the commit were the end."""
        if self.survives:
            self.survives -= 1
            return await self.stage.writer.take(inbound)
        if self.stores:
            await self.stage.writer.take(changed(inbound, cursor=None))
        raise asyncio.CancelledError


@pytest.mark.parametrize("survives", [0, 1, 5, 9])
@pytest.mark.parametrize("stores", [False, True])
async def test_a_process_that_dies_between_pull_and_commit_loses_and_doubles_nothing(
    stage: Stage, phone: Phone, survives: int, stores: bool
) -> None:
    phone.api.page = 4
    for number in range(5):
        for customer in (CUSTOMER, "wmOther"):
            phone.api.say(f"{customer}-{number}", customer=customer)
    await phone.wecom.call(phone.api.pull_token())
    dying = phone.make(Dying(stage, survives, stores).receive)
    with pytest.raises(asyncio.CancelledError):
        await dying.puller("main").round()
    stage.writer._receipts = Lru(0)
    await phone.pull()
    for customer in (CUSTOMER, "wmOther"):
        said = [text for text in await phone.said() if text.startswith(customer)]
        assert said == [f"{customer}-{number}" for number in range(5)]
    assert await stage.pool.fetchval("SELECT cursor FROM pulls") == "c10"
    answers = await stage.pool.fetchval("SELECT count(*) FROM messages WHERE sender <> 'contact'")
    intake = await stage.pool.fetchval("SELECT count(*) FROM intake")
    assert (answers > 0, intake) == (True, 10)


async def test_an_outage_of_wecom_loses_nothing_and_nothing_comes_twice(stage: Stage, phone: Phone) -> None:
    number, agent = await phone.served()
    phone.api.fail(SEND, Outage.SWALLOWED, 503, Outage.SWALLOWED)
    for text in ("一", "二", "三"):
        await stage.reply(number, agent, text)
    arrived = [text for _ in range(4) for text in await phone.look()]
    assert arrived == ["一", "二", "三"]
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state = 'in_doubt'") == 0
    phone.api.fail(SYNC, 503, Outage.GARBAGE)
    phone.api.say("收到")
    await phone.bring()
    for _ in range(2):
        await phone.pull()
    assert (await phone.said())[-1] == "收到"


async def test_last_words_that_wecom_swallowed_the_answer_to_arrive_once(stage: Stage, phone: Phone) -> None:
    number, agent = await phone.served()
    await stage.reply(number, agent)
    await phone.look()
    phone.api.fail(ANSWER, Outage.SWALLOWED)
    await stage.close(number, agent)
    assert len(await phone.look()) == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0


async def test_a_customer_who_writes_while_the_agent_closes_is_answered(stage: Stage, phone: Phone) -> None:
    number, agent = await phone.served()
    await stage.reply(number, agent)
    await phone.look()
    await stage.close(number, agent)
    phone.api.say("话费")
    await phone.wecom.call(phone.api.pull_token())
    await phone.door.puller("main").round()
    last, answer = await phone.look()
    assert "您对这次服务满意吗" in last
    assert answer == "发送查话费到10977。"
    assert phone.api.chat().state != ENDED


async def test_an_answer_that_came_back_after_it_was_taken_makes_the_customer_wait(stage: Stage, phone: Phone) -> None:
    number, agent = await phone.served()
    await stage.reply(number, agent, "好了")
    await phone.look()
    phone.api.bounce(phone.api.chat().seen[-1]["msgid"], fail_type=10)
    await phone.bring()
    row = await stage.pool.fetchrow("SELECT state, error FROM outbox ORDER BY from_seq DESC LIMIT 1")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed", "customer_refuses")
    assert await stage.pool.fetchval("SELECT waiting_since FROM conversations") is not None
    assert await stage.pool.fetchval("SELECT kind FROM alerts WHERE kind <> 'assigned'") == "undelivered"


async def test_the_sixth_answer_waits_for_the_customers_next_word(stage: Stage, phone: Phone) -> None:
    number, agent = await phone.served()
    left = phone.api.chat().left
    assert await stage.pool.fetchval("SELECT budget_left FROM contacts") == left
    for text in range(left + 1):
        await stage.reply(number, agent, f"第{text}句")
    assert await phone.look() == [f"第{text}句" for text in range(left)]
    row = await stage.pool.fetchrow("SELECT state, error FROM outbox ORDER BY from_seq DESC LIMIT 1")
    assert row is not None
    assert (row["state"], row["error"]) == ("failed", "budget")
    await phone.say("还在吗")
    await stage.reply(number, agent, "在的")
    assert await phone.look() == ["在的"]


async def test_colleagues_in_the_wecom_client_leave_a_note(stage: Stage, phone: Phone) -> None:
    number, _ = await phone.served()
    colleague = {"open_kfid": KF, "external_userid": CUSTOMER, "origin": 5, "servicer_userid": "z"}
    phone.api.put(KF, {**colleague, "msgtype": "text", "text": {"content": "我来跟进"}})
    phone.api.happen("session_status_change", {"change_type": 1, "new_servicer_userid": "z"})
    await phone.bring()
    rows = await stage.pool.fetch(
        "SELECT text FROM messages WHERE sender = 'note' AND contact_id = $1 ORDER BY seq", number
    )
    assert ["我来跟进" in rows[0]["text"], "企业微信" in rows[1]["text"]] == [True, True]


async def test_two_accounts_of_a_company_are_two_chats(stage: Stage, phone: Phone) -> None:
    phone.api.say("话费")
    phone.api.say("查询", kf="wkOther")
    await phone.wecom.call(phone.api.pull_token(), kf="wkOther")
    await phone.bring()
    assert phone.api.texts(kf="wkOther") != phone.api.texts()
    assert await stage.pool.fetchval("SELECT count(*) FROM contacts") == 2
    addresses = await stage.pool.fetch("SELECT channel, account, address FROM contacts ORDER BY id")
    assert {Address(*row.values()) for row in addresses} == {WHO, WHO._replace(contact=f"wkOther:{CUSTOMER}")}
