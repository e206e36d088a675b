"""Files that platforms keep: fetched by a job, tried again by the sweep, screened before they are kept."""

import asyncio
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot.db import Row
from bot.files.enqueue import FileQueue
from bot.files.fetch import Fetcher
from bot.files.scanner import Clamd
from bot.files.screen import Screen
from bot.files.storage import Folder
from bot.files.store import Owner, Store
from bot.files.sweep import clear, sweep
from channels.door import Attachment, Fetched, TryAgain, Undeliverable
from router.events import Kind, Media, Said
from tests.bot.stage import CUSTOMER, FOLLOWER, Stage, open_stage
from tests.files import EICAR, HTML, MIB, NOTE, PHOTO, VOICE

Answer = bytes | BaseException


@dataclass
class Cupboard:
    """A platform that keeps files and hands them out by a script."""

    script: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, Media]] = field(default_factory=list)

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Answer by the script, then always with the photograph."""
        self.asked.append((account, media))
        answer = self.script.pop(0) if self.script else PHOTO
        if isinstance(answer, BaseException):
            raise answer
        return Fetched(answer)


@dataclass
class House:
    """A stage, a platform, and what fetches from it."""

    stage: Stage
    store: Store
    platform: Cupboard
    fetcher: Fetcher

    async def sent(self, media: Media | None = None) -> str:
        """A customer sends a picture; the id of its file."""
        said = Said("", Kind.IMAGE, media=media or Media("media-1"))
        await self.stage.say("", FOLLOWER, event=said)
        return self.stage.files.requested[-1]

    async def row(self, file_id: str) -> Row:
        """The file as it stands."""
        row = await self.stage.pool.fetchrow("SELECT * FROM files WHERE id = $1", file_id)
        assert row is not None
        return row

    async def pass_time(self, seconds: float) -> None:
        """Let time pass for all files."""
        await self.stage.pool.execute(
            "UPDATE files SET due = due - $1::float8 * interval '1 s', created = created - $1::float8 * interval '1 s'",
            seconds,
        )


@pytest.fixture
async def house(database_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with open_stage(database_url, redis_url) as stage:
        store = Store(stage.pool, Folder(tmp_path / "files", spare=0), Screen(MIB))
        platform = Cupboard()
        yield House(stage, store, platform, Fetcher(stage.pool, store, stage.bus, {"wechat": platform}))


@pytest.fixture
async def queue(redis_url: str) -> AsyncIterator[FileQueue]:
    opened = FileQueue(redis_url)
    yield opened
    await asyncio.to_thread(opened.close)


async def test_a_file_is_fetched_screened_and_kept_and_open_pages_are_told(house: House) -> None:
    file_id = await house.sent(Media("media-1", "photo", "image/png", 10))
    row = await house.row(file_id)
    with house.stage.bus.watch(f"contact:{row['contact_id']}") as ear:
        assert await house.fetcher.fetch(file_id)
        assert await ear.wait(5)
    row = await house.row(file_id)
    assert (row["state"], row["type"], row["name"]) == ("stored", "image/jpeg", "photo.jpg")
    assert (row["width"], row["height"]) == (48, 64)
    assert house.platform.asked == [("demo", Media("media-1", "photo", "image/png", 10))]
    assert b"26.6470N" not in await house.store.read(file_id)


async def test_a_file_that_is_here_is_not_fetched_again(house: House) -> None:
    file_id = await house.sent()
    assert await house.fetcher.fetch(file_id)
    assert not await house.fetcher.fetch(file_id)
    assert len(house.platform.asked) == 1


async def test_two_jobs_for_one_file_make_one_call(house: House) -> None:
    file_id = await house.sent()
    outcomes = await asyncio.gather(*(house.fetcher.fetch(file_id) for _ in range(5)))
    assert sorted(outcomes) == [False, False, False, False, True]
    assert len(house.platform.asked) == 1


async def test_a_platform_that_is_busy_is_asked_again_later_and_no_sooner(house: House, queue: FileQueue) -> None:
    house.platform.script = [TryAgain("45009", after=timedelta(seconds=100)), TimeoutError()]
    file_id = await house.sent()
    await house.fetcher.fetch(file_id)
    await house.pass_time(95)
    assert not await house.fetcher.fetch(file_id)
    assert await sweep(house.stage.pool, queue) == 0
    await house.pass_time(11)
    assert await sweep(house.stage.pool, queue) == 1
    await asyncio.to_thread(queue.settle)
    assert queue.waiting() == [file_id]
    await house.fetcher.fetch(file_id)
    assert (await house.row(file_id))["error"] == "timeout"
    await house.pass_time(60)
    await house.fetcher.fetch(file_id)
    assert (await house.row(file_id))["state"] == "stored"


async def test_a_job_whose_worker_died_is_found_and_requested_again(house: House, queue: FileQueue) -> None:
    file_id = await house.sent()
    house.platform.script = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await house.fetcher.fetch(file_id)
    assert not await house.fetcher.fetch(file_id)
    await house.pass_time(120)
    assert await sweep(house.stage.pool, queue) == 1
    assert await house.fetcher.fetch(file_id)
    assert (await house.row(file_id))["state"] == "stored"


@pytest.mark.parametrize(
    ("answer", "state", "error"),
    [
        (Undeliverable("40007"), "gone", "40007"),
        (HTML, "refused", "type"),
        (b"", "refused", "empty"),
        (b"x" * (MIB + 1), "refused", "too_large"),
        (PHOTO[:200], "refused", "broken"),
    ],
)
async def test_what_is_gone_or_refused_is_not_asked_for_again(
    house: House, answer: Answer, state: str, error: str
) -> None:
    house.platform.script = [answer]
    file_id = await house.sent()
    await house.fetcher.fetch(file_id)
    row = await house.row(file_id)
    assert (row["state"], row["error"], row["place"]) == (state, error, None)
    assert not await house.fetcher.fetch(file_id)


async def test_a_file_that_says_it_is_too_large_is_not_even_fetched(house: House) -> None:
    file_id = await house.sent(Media("media-1", size=MIB + 1))
    await house.fetcher.fetch(file_id)
    assert (await house.row(file_id))["error"] == "too_large"
    assert house.platform.asked == []


async def test_after_three_days_a_file_counts_as_gone(house: House) -> None:
    house.platform.script = [TryAgain("-1")]
    file_id = await house.sent()
    await house.pass_time(3 * 24 * 3600 + 1)
    await house.fetcher.fetch(file_id)
    row = await house.row(file_id)
    assert (row["state"], row["error"]) == ("gone", "-1")


async def test_a_door_that_cannot_fetch_loses_no_message(house: House) -> None:
    file_id = await house.sent()
    await Fetcher(house.stage.pool, house.store, house.stage.bus, {"wechat": object()}).fetch(file_id)
    assert (await house.row(file_id))["error"] == "no_door"
    assert await house.stage.pool.fetchval("SELECT count(*) FROM messages WHERE kind = 'image'") == 1


async def test_an_upload_that_was_never_sent_is_removed_after_a_day_and_a_sent_one_stays(
    house: House, tmp_path: Path
) -> None:
    forsaken, kept = [await house.store.add(Owner(CUSTOMER), NOTE, "a.txt") for _ in range(2)]
    assert isinstance(forsaken, Attachment)
    assert isinstance(kept, Attachment)
    await house.stage.say("", event=Said("", Kind.FILE, media=Media(kept.id)))
    assert await clear(house.stage.pool, house.store.storage) == 0
    await house.pass_time(25 * 3600)
    assert await clear(house.stage.pool, house.store.storage) == 1
    assert await house.store.find(forsaken.id) is None
    assert await house.store.read(kept.id) == NOTE
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


async def test_a_virus_is_refused_and_while_the_scanner_is_away_nothing_is_kept(house: House, tmp_path: Path) -> None:
    path = tmp_path / "clamd.sock"
    store = Store(house.stage.pool, Folder(tmp_path / "files", spare=0), Screen(MIB, Clamd(f"unix://{path}")))
    fetcher = Fetcher(house.stage.pool, store, house.stage.bus, {"wechat": house.platform})
    house.platform.script = [EICAR, EICAR]
    file_id = await house.sent()
    await fetcher.fetch(file_id)
    assert ((await house.row(file_id))["state"], (await house.row(file_id))["error"]) == ("wanted", "ScannerAway")
    await house.pass_time(60)
    server = await asyncio.start_unix_server(scan, path)
    try:
        await fetcher.fetch(file_id)
        assert ((await house.row(file_id))["state"], (await house.row(file_id))["error"]) == ("refused", "virus")
        clean = await store.add(Owner(CUSTOMER), NOTE, "a.txt")
        assert isinstance(clean, Attachment)
    finally:
        server.close()


async def scan(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A clamd that knows one virus."""
    assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(length)
    found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
    writer.write(b"stream: " + found + b"\0")
    await writer.drain()
    writer.close()


async def test_a_voice_that_no_browser_plays_is_kept_as_wav(house: House) -> None:
    pytest.importorskip("av")
    house.platform.script = [VOICE]
    file_id = await house.sent(Media("media-1", "voice.amr"))
    assert await house.fetcher.fetch(file_id)
    row = await house.row(file_id)
    assert (row["type"], row["name"]) == ("audio/wav", "voice.wav")
    with wave.open(BytesIO(await house.store.read(file_id))) as sound:
        assert (sound.getnchannels(), sound.getnframes() / sound.getframerate()) == (1, pytest.approx(1, abs=0.05))


async def test_a_voice_that_nobody_can_read_is_kept_as_it_came(house: House) -> None:
    house.platform.script = [VOICE[:6] + b"\xff" * 40]
    file_id = await house.sent()
    assert await house.fetcher.fetch(file_id)
    assert (await house.row(file_id))["type"] == "audio/amr"
    assert await house.store.read(file_id) == VOICE[:6] + b"\xff" * 40


async def test_an_agent_s_own_amr_is_left_as_it_is_for_the_platform_takes_it(house: House) -> None:
    file = await house.store.add(Owner(FOLLOWER, 1), VOICE, "v.amr")
    assert isinstance(file, Attachment)
    assert file.type == "audio/amr"
