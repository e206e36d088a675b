"""Two desks at once on one chat: one wins, the other is shown how things stand, and nothing typed is lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest

from bot.people.rights import Role
from channels.door import Receipt
from router.events import AgentAct, Offered
from tests.bot.desk_stage import DeskStage, Person, open_desk

TYPED = "写了很久的答复"


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def served(desk: DeskStage) -> tuple[Person, Person, int]:
    """An agent who serves somebody, and their leader; both have the chat before them."""
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    await desk.stage.pool.execute("UPDATE agents SET presence = 'online'")
    one = await desk.queued()
    await desk.give(one, wang.id)
    await wang.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    return wang, leader, one


async def press(person: Person, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Send a form with what the person's page says; the status, and what is shown."""
    body = {**person.fields, **(form or {})}
    async with person.session.post(person.base + path, data=body, allow_redirects=False) as response:
        return response.status, await response.text()


async def test_of_two_who_take_what_waits_one_has_it(desk: DeskStage) -> None:
    one = await desk.queued()
    both = [await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)]
    for person in both:
        await person.get(f"/desk/c/{one}")
    answers = await asyncio.gather(*(press(person, f"/desk/c/{one}/take") for person in both))
    won = [status for status, _ in answers].index(303)
    status, shown = answers[1 - won]
    assert status in (404, 409)  # The leader is shown who has it; to the agent it is nobody's business.
    assert "没有执行" in shown
    assert (await desk.row(one))["assignee"] == both[won].id
    said = await desk.messages(one, "system")
    assert len([text for text in said if "已接入" in text]) == 1


@pytest.mark.parametrize("name", ["take", "accept"])
async def test_whoever_sends_a_form_while_another_takes_it_is_told_so_on_the_desk(
    desk: DeskStage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The page was theirs to see as the form came in, and no longer as it was written."""
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    if name == "accept":
        contact = await desk.contact(one)
        await desk.stage.act(contact, Offered(wang.id, None, await desk.stage.version(contact)))
    await wang.get(f"/desk/c/{one}")
    await leader.get(f"/desk/c/{one}")
    write = desk.stage.writer.act

    async def write_after_the_leader(contact: int, source: str, act: AgentAct) -> Receipt:
        monkeypatch.undo()
        assert (await press(leader, f"/desk/c/{one}/take"))[0] == 303
        return await write(contact, source, act)

    monkeypatch.setattr(desk.stage.writer, "act", write_after_the_leader)
    status, shown = await press(wang, f"/desk/c/{one}/{name}")
    assert status == 404
    assert ("没有执行" if name == "take" else "可能班长或同事先接走了") in shown
    assert 'id="lists"' in shown, "the desk goes on around it"
    assert f"/desk/c/{one}/" not in shown, "it is not theirs to see any longer"


async def test_accepting_in_two_windows_takes_it_once_and_against_a_leader_s_taking_one_wins(desk: DeskStage) -> None:
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one, other = [await desk.queued(f"v:{number}") for number in (1, 2)]
    for conversation in (one, other):
        contact = await desk.contact(conversation)
        await desk.stage.act(contact, Offered(wang.id, None, await desk.stage.version(contact)))
    await wang.get(f"/desk/c/{one}")
    twice = await asyncio.gather(*(press(wang, f"/desk/c/{one}/accept") for _ in range(2)))
    assert [status for status, _ in twice] == [303, 303]  # The same form: the same act.
    await leader.get(f"/desk/c/{other}")
    await wang.get(f"/desk/c/{other}")
    accepted, taken = await asyncio.gather(
        press(wang, f"/desk/c/{other}/accept"), press(leader, f"/desk/c/{other}/take")
    )
    assert sorted([accepted[0] == 303, taken[0] == 303]) == [False, True]
    assert (await desk.row(other))["assignee"] == (wang.id if accepted[0] == 303 else leader.id)


async def test_whoever_accepts_after_a_leader_took_it_is_told_so_on_a_page_of_the_desk(desk: DeskStage) -> None:
    wang, leader = await desk.agent(), await desk.agent("chenjing", "陈静", role=Role.LEADER)
    one = await desk.queued()
    contact = await desk.contact(one)
    await desk.stage.act(contact, Offered(wang.id, None, await desk.stage.version(contact)))
    await wang.get("/desk")
    await leader.get(f"/desk/c/{one}")
    assert (await press(leader, f"/desk/c/{one}/take"))[0] == 303
    status, shown = await press(wang, f"/desk/c/{one}/accept")
    assert status == 404
    assert "可能班长或同事先接走了" in shown
    assert 'id="lists"' in shown, "the desk goes on around it"
    assert (await press(wang, f"/desk/c/{one}/decline"))[0] == 404
    part = await wang.post(f"/desk/c/{one}/decline", status=404, headers={"HX-Request": "true"})
    assert 'id="offers"' in part


async def test_a_transfer_against_a_take_over(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    passed, taken = await asyncio.gather(
        press(wang, f"/desk/c/{one}/transfer", {"whom": "queue:broadband", "text": "请宽带组看"}),
        press(leader, f"/desk/c/{one}/take"),
    )
    assert sorted([passed[0] == 303, taken[0] == 303]) == [False, True]
    row = await desk.row(one)
    assert (row["status"], row["assignee"]) == (("queued", None) if passed[0] == 303 else ("assigned", leader.id))
    lost = taken if passed[0] == 303 else passed
    assert "这个会话刚刚有了变化" in lost[1]


async def test_a_close_against_a_take_over(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    closed, taken = await asyncio.gather(
        press(wang, f"/desk/c/{one}/close", {"wrapup": "billing.balance"}), press(leader, f"/desk/c/{one}/take")
    )
    assert sorted([closed[0] == 303, taken[0] == 303]) == [False, True]
    row = await desk.row(one)
    assert (row["status"], row["assignee"]) == ("closed", wang.id) if closed[0] == 303 else ("assigned", leader.id)


async def test_who_is_taken_from_while_typing_keeps_every_word_and_sees_who_has_it(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    await leader.post(f"/desk/c/{one}/take")
    status, page = await press(wang, f"/desk/c/{one}/say", {"as": "reply", "text": TYPED})
    assert status == 409
    assert f"{TYPED}</textarea>" in page
    assert "陈静" in page
    assert await desk.messages(one, "agent") == []
    assert await desk.messages(one, "note") == ["陈静 正在旁听这个会话", "陈静 接管了这个会话"]


async def test_an_answer_against_a_take_over_goes_once_or_stays_in_the_composer(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    said, taken = await asyncio.gather(
        press(wang, f"/desk/c/{one}/say", {"as": "reply", "text": TYPED}), press(leader, f"/desk/c/{one}/take")
    )
    assert taken[0] == 303
    assert await desk.messages(one, "agent") == ([TYPED] if said[0] == 303 else [])
    assert said[0] == 303 or f"{TYPED}</textarea>" in said[1]


async def test_a_whisper_to_who_has_it_no_longer_is_refused_and_shown_as_things_stand(desk: DeskStage) -> None:
    wang, leader, one = await served(desk)
    second = await desk.agent("zhaolei", "赵磊", role=Role.LEADER)
    await second.get(f"/desk/c/{one}")
    await second.post(f"/desk/c/{one}/take")
    status, page = await press(leader, f"/desk/c/{one}/whisper", {"text": "先安抚"})
    assert status == 409
    assert "先安抚" in page
    assert "先安抚" not in await wang.get(f"/desk/c/{one}")
