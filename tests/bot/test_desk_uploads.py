"""Files that go with an answer: screened, kept until they go, fit for the channel, and sent once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from channels.door import Address
from router.budget import KEPT_FOR_SURVEY
from tests.bot.desk_stage import DeskStage, Person, open_desk
from tests.bot.stage import CUSTOMER, FOLLOWER
from tests.files import EICAR, MIB, NOTE, PHOTO, SVG, WAV


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def served(desk: DeskStage, who: Address = CUSTOMER) -> tuple[Person, int]:
    """An agent with a customer's conversation, its page read."""
    agent = await desk.agent()
    await desk.stage.say("人工", who)
    one: int = await desk.stage.pool.fetchval("SELECT max(id) FROM conversations")
    await desk.give(one, agent.id)
    await agent.get(f"/desk/c/{one}")
    return agent, one


async def upload(agent: Person, one: int, content: bytes, name: str, *, status: int = 201) -> str:
    """Put a file in; its id, or why it was not taken."""
    path = f"{agent.base}/desk/c/{one}/files?name={name}"
    headers = {"X-CSRF-Token": agent.fields["csrf"], "HX-Request": "true", "Content-Type": "image/jpeg"}
    async with agent.session.post(path, data=content, headers=headers) as response:
        text = await response.text()
        assert response.status == status, text
        return text.split('data-file="')[1].split('"')[0] if status == 201 else text


async def status_of(agent: Person, file: str) -> int:
    """What somebody gets who asks for a file."""
    async with agent.session.get(f"{agent.base}/desk/files/{file}") as response:
        return response.status


async def files_of(desk: DeskStage, one: int) -> list[tuple[str, str, str]]:
    """Kind, text and name of the file of each message that agents sent."""
    rows = await desk.stage.pool.fetch(
        "SELECT m.kind, m.text, f.name FROM messages m LEFT JOIN files f ON f.contact_id = m.contact_id"
        " AND f.seq = m.seq WHERE m.conversation_id = $1 AND m.sender = 'agent' ORDER BY m.seq",
        one,
    )
    return [(row["kind"], row["text"], row["name"]) for row in rows]


async def test_an_answer_goes_with_its_files_the_first_of_which_carries_the_text(desk: DeskStage) -> None:
    agent, one = await served(desk)
    first, second = await upload(agent, one, PHOTO, "a.png"), await upload(agent, one, NOTE, "b.txt")
    await agent.post(f"/desk/c/{one}/say", {"text": "请看", "files": f"{first},{second}", "as": "reply"})
    assert await files_of(desk, one) == [("image", "请看", "a.png.jpg"), ("file", "", "b.txt")]
    assert f'href="/desk/files/{first}"' in await agent.get(f"/desk/c/{one}")


async def test_files_that_wait_are_there_again_after_a_reload_and_can_be_taken_back(desk: DeskStage) -> None:
    agent, one = await served(desk)
    file = await upload(agent, one, PHOTO, "a.jpg")
    assert f'data-file="{file}"' in await agent.get(f"/desk/c/{one}")
    assert await status_of(agent, file) == 200
    await agent.post(f"/desk/c/{one}/files/{file}/drop", status=204)
    assert f'data-file="{file}"' not in await agent.get(f"/desk/c/{one}")
    assert await status_of(agent, file) == 404


async def test_the_same_answer_sent_twice_writes_its_files_once(desk: DeskStage) -> None:
    agent, one = await served(desk)
    form = {**agent.fields, "text": "请看", "files": await upload(agent, one, PHOTO, "a.jpg"), "as": "reply"}
    for _ in range(2):
        await agent.post(f"/desk/c/{one}/say", form)
    assert await files_of(desk, one) == [("image", "请看", "a.jpg")]


async def test_a_stale_answer_leaves_its_files_where_they_are(desk: DeskStage) -> None:
    agent, one = await served(desk)
    file = await upload(agent, one, PHOTO, "a.jpg")
    await desk.stage.close(await desk.contact(one), agent.id)
    page = await agent.post(f"/desk/c/{one}/say", {"text": "写了很久", "files": file, "as": "reply"}, status=409)
    assert "写了很久" in page
    assert f'data-file="{file}"' in page
    assert "不由您服务" in await upload(agent, one, PHOTO, "b.jpg", status=409)


@pytest.mark.parametrize(
    ("content", "status", "why"),
    [(SVG, 422, "不支持"), (b"", 422, "空文件"), (bytes(2 * MIB), 413, "太大"), (PHOTO[:200], 422, "打不开")],
    ids=["script", "empty", "large", "broken"],
)
async def test_what_the_screen_refuses_is_told_before_it_is_sent(
    desk: DeskStage, content: bytes, status: int, why: str
) -> None:
    agent, one = await served(desk)
    assert why in await upload(agent, one, content, "a", status=status)


async def test_what_the_channel_cannot_carry_is_told_before_it_is_sent(desk: DeskStage) -> None:
    agent, one = await served(desk, FOLLOWER)
    assert "发不了这种文件" in await upload(agent, one, NOTE, "a.txt", status=422)
    assert "发不了这种文件" in await upload(agent, one, WAV, "a.wav", status=422)
    await upload(agent, one, PHOTO, "a.jpg")
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM files") == 1
    page = await agent.get(f"/desk/c/{one}")
    assert "jpg png gif" in page
    assert "image/webp" not in page


async def test_files_are_refused_that_need_more_messages_than_the_platform_takes(desk: DeskStage) -> None:
    agent, one = await served(desk, FOLLOWER)
    left = 2 + KEPT_FOR_SURVEY["wechat"]
    await desk.stage.pool.execute("UPDATE contacts SET budget_left = $1", left)
    files = ",".join([await upload(agent, one, PHOTO, name) for name in ("a", "b")])
    form = {"text": "请看", "files": files, "as": "reply"}
    assert "每个文件各占一条" in await agent.post(f"/desk/c/{one}/say", form, status=409)
    assert await files_of(desk, one) == []
    await agent.post(f"/desk/c/{one}/say", {**form, "text": ""})
    assert [kind for kind, _, _ in await files_of(desk, one)] == ["image", "image"]
    row = await desk.stage.pool.fetchrow("SELECT budget_left, budget_expires - clock_timestamp() AS left FROM contacts")
    assert row is not None
    assert row["budget_left"] == KEPT_FOR_SURVEY["wechat"]
    assert row["left"] > timedelta(hours=47)


async def test_nobody_sends_or_drops_what_another_agent_has_uploaded(desk: DeskStage) -> None:
    agent, one = await served(desk)
    file = await upload(agent, one, PHOTO, "a.jpg")
    other = await desk.agent("other", "李雷")
    await desk.stage.pool.execute("UPDATE conversations SET assignee = $1, version = version + 1", other.id)
    await desk.stage.pool.execute("UPDATE contacts SET seq = seq")
    await other.get(f"/desk/c/{one}")
    assert await status_of(other, file) == 404
    await other.post(f"/desk/c/{one}/files/{file}/drop", status=204)
    page = await other.post(f"/desk/c/{one}/say", {"text": "", "files": file, "as": "reply"}, status=409)
    assert "有文件已不在" in page
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM files") == 1


async def test_an_upload_from_another_site_or_without_the_token_is_refused(desk: DeskStage) -> None:
    agent, one = await served(desk)
    path = f"{agent.base}/desk/c/{one}/files?name=a"
    for headers in ({"X-CSRF-Token": "x"}, {"X-CSRF-Token": agent.fields["csrf"], "Sec-Fetch-Site": "cross-site"}):
        async with agent.session.post(path, data=EICAR, headers=headers) as response:
            assert response.status == 403
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM files") == 0
