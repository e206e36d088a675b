"""Files in turns: what a message carries is written with it, told to those who read it, and never lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.db import Row
from bot.files.links import Links
from bot.files.screen import Refusal, Screen
from bot.files.storage import Folder
from bot.files.store import Owner, Store
from bot.outbox.sender import Sender
from bot.threads import Threads
from channels.door import Address, Attachment, Receipt
from router.events import Enclosed, Kind, Media, Replied, Said
from router.world import World
from tests.bot.platform import Platform
from tests.bot.stage import CUSTOMER, FOLLOWER, Stage, open_stage
from tests.bot.test_surveys import serve
from tests.files import MIB, NOTE, PHOTO, clock

PICTURE = Said("", Kind.IMAGE, media=Media("media-1", "../../IMG\u202e_1.jpg", "image/jpeg", 2048))


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
def store(stage: Stage, tmp_path: Path) -> Store:
    return Store(stage.pool, Folder(tmp_path / "files", spare=0), Screen(MIB))


async def file_of(stage: Stage, receipt: Receipt) -> Row | None:
    assert receipt.message is not None
    return await stage.pool.fetchrow(
        "SELECT * FROM files WHERE contact_id = $1 AND seq = $2", receipt.message.contact_id, receipt.message.seq
    )


async def uploaded(store: Store, owner: Owner, content: bytes = NOTE, name: str = "说明.txt") -> Attachment:
    made = await store.add(owner, content, name)
    assert isinstance(made, Attachment)
    return made


def carrying(file: Attachment, text: str = "") -> Said:
    return Said(text, Kind.FILE, media=Media(file.id, file.name, file.type, file.size))


async def test_a_file_that_a_platform_keeps_is_wanted_with_its_message_and_asked_for_after_the_commit(
    stage: Stage,
) -> None:
    row = await file_of(stage, await stage.say("", FOLLOWER, event=PICTURE))
    assert row is not None
    assert (row["state"], row["ref"], row["type"], row["size"]) == ("wanted", "media-1", "image/jpeg", 2048)
    assert (row["channel"], row["account"], row["address"]) == FOLLOWER
    assert row["name"] == "IMG_1.jpg"
    assert stage.files.requested == [row["id"]]
    assert len(row["id"]) == 24


async def test_a_message_that_comes_twice_wants_its_file_once(stage: Stage) -> None:
    await stage.say("", FOLLOWER, event=PICTURE, source_id="m")
    await stage.say("", FOLLOWER, event=PICTURE, source_id="m")
    assert await stage.pool.fetchval("SELECT count(*) FROM files") == 1


async def test_a_plain_question_writes_nothing_about_files(stage: Stage) -> None:
    await stage.say("怎么查话费")
    assert await stage.pool.fetchval("SELECT count(*) FROM files") == 0
    assert stage.files.requested == []


async def test_the_file_of_a_message_over_which_the_bot_fails_is_kept_all_the_same(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(database_url, redis_url) as stage:
        monkeypatch.setattr("router.dialogue._to_bot", _fails)
        row = await file_of(stage, await stage.say("", FOLLOWER, event=PICTURE))
        assert row is not None
        assert row["ref"] == "media-1"


def _fails(*_: object) -> World:
    raise LookupError


async def test_an_uploaded_file_goes_with_its_author_s_message_and_shows_in_the_thread(
    stage: Stage, store: Store
) -> None:
    file = await uploaded(store, Owner(CUSTOMER))
    row = await file_of(stage, await stage.say("", event=carrying(file, "请看附件")))
    assert row is not None
    assert (row["id"], row["state"]) == (file.id, "stored")
    links = Links("the key of these tests", clock)
    *_, first = reversed(await Threads(stage.pool, stage.bus, links).after(CUSTOMER, 0, 10))
    assert first.kind is Kind.FILE
    assert first.attachment is not None
    assert (first.attachment.id, first.attachment.name, first.attachment.size) == (file.id, "说明.txt", len(NOTE))
    assert first.attachment.url.startswith(f"/channels/web/demo/files/{file.id}?")
    assert await store.unsent(Owner(CUSTOMER), file.id) is None


@pytest.mark.parametrize(
    "owner", [Owner(Address("web", "demo", "stranger")), Owner(CUSTOMER, 1), Owner(FOLLOWER)], ids=str
)
async def test_nobody_sends_a_file_that_somebody_else_has_uploaded(stage: Stage, store: Store, owner: Owner) -> None:
    file = await uploaded(store, owner)
    assert await file_of(stage, await stage.say("", event=carrying(file))) is None
    assert await store.unsent(Owner(CUSTOMER), file.id) is None


async def test_a_file_is_carried_by_one_message_only(stage: Stage, store: Store) -> None:
    file = await uploaded(store, Owner(CUSTOMER))
    receipts = await asyncio.gather(*(stage.say("", event=carrying(file)) for _ in range(3)))
    assert [await file_of(stage, receipt) is not None for receipt in receipts].count(True) == 1


async def test_an_agent_s_file_goes_through_the_outbox_with_its_message_and_the_door_can_read_it(
    stage: Stage, store: Store
) -> None:
    contact_id, agent = await serve(stage, FOLLOWER)
    await stage.say("人工", FOLLOWER)
    await stage.assigner.round()
    file = await uploaded(store, Owner(FOLLOWER, agent), PHOTO, "bill")
    media = Media(file.id, file.name, file.type, file.size)
    act = Replied(agent, "王芳", "请看图", await stage.version(contact_id), (Enclosed(Kind.IMAGE, media),))
    await stage.act(contact_id, act)
    platform = Platform()
    sender = Sender(pool=stage.pool, writer=stage.writer, doors={"wechat": platform})
    await stage.pool.execute("UPDATE outbox SET state = 'queued', due = clock_timestamp() WHERE state = 'offered'")
    while await sender.round():
        await sender.settled()
    message = platform.arrived[-1].messages[-1]
    assert (message.text, message.kind) == ("请看图", Kind.IMAGE)
    assert message.attachment == Attachment(file.id, "bill.jpg", "image/jpeg", file.size)
    assert (await store.read(file.id)).startswith(b"\xff\xd8\xff")


async def test_reading_a_file_that_is_not_there_is_a_key_error(store: Store) -> None:
    for file_id in ("x" * 24, "", "../../etc/passwd"):
        with pytest.raises(KeyError):
            await store.read(file_id)


async def test_only_so_many_files_may_wait_for_their_message(store: Store) -> None:
    for _ in range(10):
        await uploaded(store, Owner(CUSTOMER))
    assert await store.add(Owner(CUSTOMER), NOTE, "") == Refusal("too_many")
    assert isinstance(await store.add(Owner(FOLLOWER), NOTE, ""), Attachment)
