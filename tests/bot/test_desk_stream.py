"""The stream and the board: each desk hears of what concerns it, within a moment, and of nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientResponse

from bot.desk.board import Boards
from bot.lru import Lru
from bot.people.heartbeats import SEEN
from bot.people.rights import Role
from bot.reach.reaches import Reaches
from channels.door import Address
from tests.bot.desk_stage import DeskStage, Person, open_desk


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


@dataclass
class Ears:
    """Reads a desk's stream."""

    response: ClientResponse
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event with its data."""
        async with asyncio.timeout(12):
            event = (await self.response.content.readline()).decode().removeprefix("event: ").strip()
            data = json.loads((await self.response.content.readline()).decode().removeprefix("data: "))
            await self.response.content.readline()
        self.heard.append(data)
        return event, data

    async def until(self, key: str) -> dict[str, Any]:
        """The next event that says something about ``key``."""
        while True:
            _, data = await self.next()
            if data.get(key):
                return data


@asynccontextmanager
async def listening(person: Person) -> AsyncIterator[Ears]:
    """A person's open desk, after its first event."""
    async with person.session.get(person.base + "/desk/stream") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        ears = Ears(response)
        _, first = await ears.next()
        assert first["contacts"] == "all"
        yield ears


async def test_a_waiting_customer_is_heard_of_within_a_second(desk: DeskStage) -> None:
    agent = await desk.agent()
    async with listening(agent) as ears:
        one = await desk.queued()
        async with asyncio.timeout(1):
            told = await ears.until("lists")
        assert told["contacts"] == [await desk.contact(one)]


async def test_an_assignment_reaches_the_agent_with_its_alert(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    async with listening(agent) as ears:
        await desk.give(one, agent.id)
        async with asyncio.timeout(1):
            told = await ears.until("alerts")
        assert told["lists"]
    assert "新会话分给您了" in await agent.get("/desk/alerts")


async def test_another_agent_s_conversation_is_not_heard_of(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued("v:1")
    await desk.give(one, wang.id)
    async with listening(li) as lis, listening(leader) as leaders, listening(wang) as wangs:
        await desk.stage.say("悄悄话", Address("web", "demo", "v:1"))
        contact = await desk.contact(one)
        assert contact in (await wangs.until("contacts"))["contacts"]
        assert contact in (await leaders.until("contacts"))["contacts"]
        other = await desk.queued("v:2")
        assert (await lis.until("contacts"))["contacts"] == [await desk.contact(other)]


async def test_words_in_one_s_own_chat_are_told_of_at_once_and_fetched_by_themselves(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    one = await desk.queued()
    await desk.give(one, wang.id)
    contact = await desk.contact(one)
    seq = await desk.stage.pool.fetchval("SELECT seq FROM contacts WHERE id = $1", contact)
    async with listening(wang) as wangs, listening(li) as lis:
        await desk.stage.say("还在吗", Address("web", "demo", "v:1"))
        async with asyncio.timeout(1):
            while (heard := await wangs.next())[0] != "said":
                assert contact not in heard[1].get("contacts", ())  # It is the first to say so.
        assert heard[1]["contacts"] == [contact]
        page = await wang.get(f"/desk/c/{one}/said?after={seq}&ways=")
        assert "还在吗" in page
        assert 'hx-target="#head"' not in page
        await desk.queued("v:2")
        while not (told := await lis.next())[1].get("lists"):
            assert told[0] != "said"
        await li.get(f"/desk/c/{one}/said?after={seq}", status=404)


async def test_only_who_is_asked_to_take_a_chat_is_told_of_offers(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    one = await desk.queued()
    async with listening(wang) as wangs, listening(li) as lis:
        await desk.stage.pool.execute(
            "UPDATE conversations SET offer_to = $2, offer_until = now() + interval '1 minute', offer_passed = '{}'"
            " WHERE id = $1",
            one,
            wang.id,
        )
        desk.stage.bus.announce(["desk"])
        assert (await wangs.until("lists"))["offers"]
        assert "offers" not in await lis.until("lists")
        await desk.stage.say("还在吗", Address("web", "demo", "v:1"))
        assert (await wangs.until("lists"))["offers"]  # Its last words stand in it.


async def test_a_conversation_that_somebody_else_took_leaves_the_list(desk: DeskStage) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    one = await desk.queued()
    async with listening(li) as ears:
        await desk.give(one, wang.id)
        assert (await ears.until("lists"))["contacts"] == [await desk.contact(one)]
    assert f"/desk/c/{one}" not in await li.get("/desk/lists?tab=waiting")


async def test_the_assignee_hears_that_the_customer_writes_and_how_far_the_answer_has_got(desk: DeskStage) -> None:
    agent = await desk.agent()
    one = await desk.queued()
    await desk.give(one, agent.id)
    contact, who = await desk.contact(one), Address("web", "demo", "v:1")
    ids: Lru[Address, int] = Lru(10)
    ids.put(who, contact)
    reaches = Reaches(desk.stage.pool, desk.stage.bus, ids)
    await desk.stage.reply(contact, agent.id, "您好")
    seq = await desk.stage.pool.fetchval("SELECT seq FROM contacts WHERE id = $1", contact)
    async with listening(agent) as ears:
        reaches.typing(who)
        assert (await ears.until("typing"))["typing"] == [contact]
        for way, read in (("delivered", 0), ("read", seq)):
            await reaches.note(who, delivered=seq, read=read)
            assert (await ears.until("contacts"))["contacts"] == [contact]
            live = await agent.get(f"/desk/c/{one}/live?after={seq}&ways={seq}")
            assert f'data-way="{way}" data-seq="{seq}"' in live
    assert 'class="way way-read"' in await agent.get(f"/desk/c/{one}")


async def test_the_customer_hears_that_the_assignee_writes_and_of_nobody_else(desk: DeskStage) -> None:
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    await desk.give(one, wang.id)
    hint = f"contact:{await desk.contact(one)}#answering"
    with desk.stage.bus.watch(hint.partition("#")[0]) as ear:
        for person in (leader, wang):
            await person.post(f"/desk/c/{one}/typing", status=204, headers={"X-CSRF-Token": person.fields["csrf"]})
            assert (hint in ear.take()) == (person is wang)


async def test_an_open_desk_is_a_heartbeat_in_redis(desk: DeskStage) -> None:
    agent = await desk.agent()
    async with listening(agent):
        assert await desk.stage.wire.redis.zscore(SEEN, str(agent.id)) is not None


async def test_a_session_that_ends_closes_its_stream(desk: DeskStage) -> None:
    agent = await desk.agent()
    async with listening(agent) as ears:
        await desk.people.set_password("wangfang", "another long password")
        desk.stage.bus.announce(["desk"])
        event, _ = await ears.next()
        assert event == "bye"


async def test_presence_changed_elsewhere_reaches_the_seat(desk: DeskStage) -> None:
    agent = await desk.agent()
    async with listening(agent) as ears:
        await agent.get("/desk")
        await agent.post("/desk/presence", {"presence": "online"})
        assert (await ears.until("seat"))["seat"]
    assert 'aria-pressed="true">在线' in await agent.get("/desk/seat")


async def test_many_desks_share_one_reading_of_the_board(desk: DeskStage) -> None:
    await desk.queued()
    boards = Boards(desk.stage.pool)
    first = await boards.fresh()
    again = await asyncio.gather(*(boards.fresh() for _ in range(50)))
    assert {id(board) for board in again} == {id(again[0])}
    assert again[0] is not first
    assert len(first.cards) == 1


async def test_a_list_is_drawn_from_the_board_of_which_a_hint_spoke_and_otherwise_from_a_new_one(
    desk: DeskStage,
) -> None:
    one, two = await desk.queued("v:1"), await desk.queued("v:2")
    boards, others = Boards(desk.stage.pool), Boards(desk.stage.pool)
    first = await boards.fresh()
    assert boards.since(first.mark) is first
    await desk.stage.say("还在吗", Address("web", "demo", "v:2"))
    second = await boards.fresh()
    assert boards.since(first.mark) is boards.since(second.mark) is second
    assert first.cards[0] is second.cards[0], "what has not changed is not drawn anew"
    assert [first.cards[1].id, second.cards[1].text] == [two, "还在吗"]
    assert second.cards[0].id == one
    for strange in ("", "true", (await others.fresh()).mark, second.mark + "0", first.mark.replace(".", ".x")):
        assert boards.since(strange) is None, strange


async def test_the_board_is_read_again_after_postgresql_was_away(desk: DeskStage) -> None:
    boards = Boards(desk.stage.pool)
    await desk.stage.pool.execute("ALTER TABLE queues RENAME TO elsewhere")
    with pytest.raises(Exception, match="queues"):
        await boards.fresh()
    await desk.stage.pool.execute("ALTER TABLE elsewhere RENAME TO queues")
    assert (await boards.fresh()).cards == ()


async def test_the_card_shows_what_the_customer_wants_and_not_that_they_want_a_person(desk: DeskStage) -> None:
    agent = await desk.agent()
    await desk.queued(words="发票一直没收到")
    page = await agent.get("/desk/lists?tab=waiting")
    assert "发票一直没收到" in page
    assert 'data-due="' in page


async def test_the_most_urgent_conversation_stands_on_top(desk: DeskStage) -> None:
    agent = await desk.agent()
    first, second = await desk.queued("v:1"), await desk.queued("v:2")
    for one in (first, second):
        await desk.give(one, agent.id)
    await desk.stage.pool.execute(
        "UPDATE deadlines SET due = due - interval '5 minutes' WHERE subject_id = $1 AND met IS NULL", second
    )
    page = await agent.get("/desk/lists?tab=mine")
    assert page.index(f"/desk/c/{second}?") < page.index(f"/desk/c/{first}?")


async def test_only_what_is_near_its_limit_is_on_the_leader_s_list(desk: DeskStage) -> None:
    leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
    calm, late = await desk.queued("v:1"), await desk.queued("v:2")
    await desk.stage.pool.execute(
        "UPDATE deadlines SET due = clock_timestamp() - interval '1 minute' WHERE subject_id = $1 AND met IS NULL", late
    )
    page = await leader.get("/desk/lists?tab=late")
    assert f"/desk/c/{late}?" in page
    assert f"/desk/c/{calm}?" not in page


async def test_an_open_desk_does_not_keep_the_process_from_stopping(database_url: str, redis_url: str) -> None:
    async with open_desk(database_url, redis_url) as desk:
        agent = await desk.agent()
        async with listening(agent) as ears:
            async with asyncio.timeout(5):
                await desk.server.close()
            assert await ears.response.content.read() == b""
