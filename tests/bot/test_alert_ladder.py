"""The rungs of the ladder: managers hear at the bell, the operator's own system by signed calls, and notes are kept."""

import json
from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.alerts.caller import TRIES, AlertCaller
from bot.people.rights import Role
from bot.webhooks import caller
from channels.accounts import AlertsAccount
from channels.webhooks import key_of, require
from tests.bot.desk_stage import open_desk

SECRET = "whsec_c2VjcmV0IG9mIHRoaXMgdGVzdA=="


async def test_who_takes_note_of_an_alert_is_kept_and_managers_hear_of_what_leaders_do_not(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url) as desk:
        pool = desk.stage.pool
        leader = await desk.agent("chenjing", "陈静", role=Role.LEADER)
        manager = await desk.agent("linlan", "林岚", role=Role.MANAGER)
        await pool.execute(
            "INSERT INTO alerts (audience, kind, raised) VALUES ('leader', 'warned.enquiry.first_response', now()),"
            " ('manager', 'breached.enquiry.follow_up', now()), ('leader', 'breached.message.overnight', now())"
        )
        assert "待答问题超时了" not in await leader.get("/desk/alerts")
        assert "待答问题超时了" in await manager.get("/desk/alerts")
        await leader.post("/desk/alerts/seen", {"one": "2"})  # Not theirs: nothing happens.
        await leader.post("/desk/alerts/seen", {"one": "3"})
        page = await leader.get("/desk/alerts")
        assert ("留言答复超时了" in page, "请尽快首次答复" in page) == (False, True)
        await manager.post("/desk/alerts/seen", {"upto": "99"})
        rows = await pool.fetch("SELECT id, seen_by FROM alerts ORDER BY id")
        assert [tuple(row.values()) for row in rows] == [(1, manager.id), (2, manager.id), (3, leader.id)]

        # The operator's own system: signed, again until it takes it, and given up at last.
        told: list[dict[str, object]] = []
        numbers: list[str] = []
        script = [503, 204]

        async def take(request: web.Request) -> web.Response:
            signature, number, at = (request.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp"))
            body = await request.read()
            require([signature], key_of(SECRET), message_id=number, timestamp=int(at), body=body)
            numbers.append(number)
            told.append(json.loads(body))
            return web.Response(status=script.pop(0) if script else 500)

        app = web.Application()
        app.router.add_post("/alerts", take)
        async with TestServer(app) as server, caller(private=True) as session:
            account = AlertsAccount("main", str(server.make_url("/alerts")), SECRET, private=True)
            calls = AlertCaller(pool, account, chance=lambda: 0.0)
            await pool.execute(
                "INSERT INTO alert_calls (kind, subject, subject_id, contact_id, raised, due)"
                " VALUES ('breached.appeal.answer', 'appeal', 7, 9, now(), now())"
            )
            assert await calls.round(session) == 1
            waits = await pool.fetchval("SELECT due - now() FROM alert_calls")
            assert timedelta(seconds=3) < waits <= timedelta(seconds=5)
            assert await calls.round(session) == 0, "not before its pause is over"
            await pool.execute("UPDATE alert_calls SET due = now()")
            assert await calls.round(session) == 1
            assert numbers == ["alert_1", "alert_1"]
            assert told[0]["type"] == "deadline.breached"
            assert told[0]["data"] == {
                "clause": "appeal.answer", "subject": "appeal", "subject_id": "7", "contact": "9",
            }  # fmt: skip
            await pool.execute("UPDATE alert_calls SET due = now()")
            assert await calls.round(session) == 0, "what was taken is not told again"
            await pool.execute("UPDATE alert_calls SET told = NULL, tries = $1", TRIES - 1)
            assert await calls.round(session) == 1
            assert await pool.fetchval("SELECT given_up IS NOT NULL FROM alert_calls")
