"""Administrators make keys and webhooks at the desk: each secret is shown once, and what failed is told again."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.people.rights import Role
from tests.bot.desk_stage import DeskStage, open_desk

SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


async def test_an_administrator_makes_a_key_which_is_shown_once_and_revokes_it(desk: DeskStage) -> None:
    admin = await desk.agent("admin", role=Role.ADMIN)
    await admin.get("/desk/keys")
    form = {"name": "仓库系统", "unit": "1", "login": "", "right.surveys:read": "on"}
    page = await admin.post("/desk/keys", form, status=200)
    (secret,) = SECRET.findall(page)
    assert secret.startswith("hy_")
    listed = await admin.get("/desk/keys")
    assert secret not in listed
    assert "仓库系统" in listed
    assert "读满意度" in listed
    await admin.post("/desk/keys", {**form, "right.tickets:write": "on"}, status=422)
    await admin.post("/desk/keys", {**form, "unit": "x"}, status=422)
    await admin.post("/desk/keys/1/revoke")
    assert "已吊销" in await admin.get("/desk/keys")


async def test_an_administrator_subscribes_a_system_and_sees_what_it_was_told(desk: DeskStage) -> None:
    admin = await desk.agent("admin", role=Role.ADMIN)
    await admin.get("/desk/webhooks")
    form = {"name": "企业资源系统", "url": "https://erp.example/hook", "event.conversation.created": "on"}
    page = await admin.post("/desk/webhooks", form, status=200)
    (secret,) = SECRET.findall(page)
    assert secret.startswith("whsec_")
    await admin.post("/desk/webhooks", {**form, "url": "https://10.0.0.1/hook"}, status=422)
    desk.stage.subscribed.add("conversation.created")
    await desk.queued()
    await desk.stage.pool.execute("UPDATE hook_deliveries SET due = NULL, attempts = 10")
    await desk.stage.pool.execute("INSERT INTO hook_tries VALUES (1, now(), '503', 12)")
    page = await admin.get("/desk/webhooks/1")
    assert secret not in page
    assert "会话开始" in page
    assert "503" in page
    await admin.post("/desk/webhooks/1/replay")
    assert await desk.stage.pool.fetchval("SELECT due IS NOT NULL FROM hook_deliveries")
    (renewed,) = SECRET.findall(await admin.post("/desk/webhooks/1/rotate", status=200))
    assert renewed != secret
    await admin.post("/desk/webhooks/1/disable")
    assert "停用" in await admin.get("/desk/webhooks/1?done=disable")
    await admin.get("/desk/webhooks/2", status=404)
    deeds = [
        row["deed"] for row in await desk.stage.pool.fetch("SELECT deed FROM audit WHERE deed LIKE 'hook%' ORDER BY id")
    ]
    assert deeds == ["hook_added", "hook_replayed", "hook_rotated", "hook_disabled"]
