"""Announcements: made on the command line, shown on the chat's home while they are up, gone when they end."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from bot.announcements.announcement import Announcement, Level, announce
from bot.announcements.cli import app
from bot.announcements.live import LiveAnnouncements
from bot.audit.audit import By
from bot.db import Pool, open_pool

BOSS = By(None, "boss", "")


@pytest.fixture
async def pool(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a key of this test only")
    opened = await open_pool(database_url, size=1)
    yield opened
    await opened.close()


async def invoke(*args: str) -> Result:
    """Run a command; it brings a loop of its own, so it gets a thread of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(args))


async def titles(pool: Pool) -> list[str]:
    shown = await LiveAnnouncements(pool).shown("zh", datetime.now(UTC))
    return [one.title for one in shown]


async def test_what_is_announced_is_shown_until_it_is_ended(pool: Pool) -> None:
    added = await invoke("add", "宽带故障", "--text", "正在抢修", "--level", "emergency", "--json")
    number = json.loads(added.stdout)["id"]
    await invoke("add", "国庆放假安排")
    assert await titles(pool) == ["宽带故障", "国庆放假安排"]
    assert "宽带故障" in (await invoke("list")).stdout
    assert json.loads((await invoke("end", str(number), "--json")).stdout) == {"ok": True, "id": number}
    assert await titles(pool) == ["国庆放假安排"]
    assert (await invoke("end", str(number))).exit_code == 1
    listed = json.loads((await invoke("list", "--ended", "--json")).stdout)["announcements"]
    assert [one["title"] for one in listed] == ["国庆放假安排", "宽带故障"]
    deeds = [row["deed"] for row in await pool.fetch("SELECT deed FROM audit ORDER BY id")]
    assert deeds == ["announced", "announced", "announcement_ended"]


async def test_an_announcement_keeps_to_its_language_and_its_time(pool: Pool) -> None:
    now = datetime.now(UTC)
    await announce(pool, Announcement(Level.INFO, "English only", language="en", starts=now), BOSS)
    await announce(
        pool, Announcement(Level.INFO, "中文", language="zh", starts=now, ends=now + timedelta(hours=1)), BOSS
    )
    await announce(pool, Announcement(Level.INFO, "稍后", starts=now + timedelta(minutes=1)), BOSS)
    live = LiveAnnouncements(pool)

    async def shown(language: str, at: datetime) -> list[str]:
        return [one.title for one in await live.shown(language, at)]

    assert await shown("en", now) == ["English only"]
    assert await shown("zh-TW", now) == ["中文"]
    assert await shown("zh", now + timedelta(minutes=1)) == ["稍后", "中文"]
    assert await shown("zh", now + timedelta(hours=2)) == ["稍后"]


@pytest.mark.parametrize(
    "args",
    [
        (" ",),
        ("长" * 81,),
        ("好", "--text", "长" * 1_001),
        ("好", "--language", "fr"),
        ("好", "--ends", "2020-01-01"),
    ],
)
async def test_what_does_not_fit_is_refused(pool: Pool, args: tuple[str, ...]) -> None:
    result = await invoke("add", *args)
    assert result.exit_code == 2
    assert await pool.fetchval("SELECT count(*) FROM announcements") == 0
