"""A pack is data: published, its kinds of record are opened at the desk, measured and alerted, until re-based."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.deadlines.index import DUE
from bot.people.rights import Role
from bot.standards.publish import publish, rebase
from bot.standards.rebasing import Rebasing
from bot.standards.shelf import Shelf
from bot.standards.shipped import shipped_packs
from router.calendar import SHANGHAI
from router.standard import parse
from tests.bot.desk_stage import open_desk
from tests.dialog import ALWAYS_OPEN, world

TEXT = shipped_packs()["miit_appeals"]
LATER = TEXT.replace('within = "15d"', 'within = "10d"')


async def test_an_appeal_is_opened_from_a_chat_and_its_deadlines_run_by_the_pack(
    database_url: str, redis_url: str
) -> None:
    async with open_desk(database_url, redis_url) as desk:
        stage, pool = desk.stage, desk.stage.pool
        shelf = Shelf(ALWAYS_OPEN, SHANGHAI)
        first = await publish(pool, TEXT, parse(TEXT, house=ALWAYS_OPEN), effective_from=None, rebase=False)
        seen = replace(world(), editions=await shelf.read(pool))
        stage.see(seen)
        agent = await desk.agent(role=Role.LEADER)
        one = await desk.queued()
        await desk.give(one, agent.id)
        page = await agent.get(f"/desk/cases?conversation={one}")
        assert "电信用户" not in page
        assert "申诉" in page
        await agent.post("/desk/cases", {"conversation": str(one), "kind": "appeal", "title": "宽带被多收费"})
        row = await pool.fetchrow(
            "SELECT clause, due - opened AS limit, edition, next_at FROM deadlines WHERE subject = 'appeal'"
        )
        assert row is not None
        assert (row["clause"], row["limit"], row["edition"]) == ("appeal.answer", timedelta(days=15), first)
        assert await stage.wire.run([("ZCARD", DUE)])
        page = await agent.get("/desk/cases")
        assert "宽带被多收费" in page
        assert "企业答复投诉" in page
        assert "用户向企业投诉" in page

        await stage.shift(15 * 24 * 60 + 1)
        await stage.clock.claim()
        kinds = [
            tuple(one.values())
            for one in await pool.fetch("SELECT audience, kind FROM alerts WHERE kind LIKE '%appeal%'")
        ]
        assert kinds == [("leader", "breached.appeal.answer"), ("manager", "breached.appeal.answer")]
        assert await pool.fetchval("SELECT kind FROM alert_calls") == "breached.appeal.answer"

        await agent.post("/desk/cases/1/mark", {"mark": "appealed"})
        await agent.post("/desk/cases/1/mark", {"mark": "appealed"}, status=303)  # A resend of the same form.
        running = {
            row["clause"]
            for row in await pool.fetch(
                "SELECT clause FROM deadlines WHERE subject = 'appeal' AND met IS NULL AND voided IS NULL"
            )
        }
        assert running == {"appeal.answer", "appeal.acceptance"}

        # Another edition leaves the open appeal alone, until somebody decides otherwise.
        second = await publish(pool, LATER, parse(LATER, house=ALWAYS_OPEN), effective_from=None, rebase=False)
        stage.see(replace(seen, editions=await shelf.read(pool)))
        rebasing = Rebasing(pool, stage.writer, lambda: stage.world.editions)
        assert await rebasing.round() == 0
        await rebase(pool, second, "新规对在办申诉更有利")
        await pool.execute(
            "UPDATE standards SET rebased = now() - interval '6 seconds',"
            " effective_from = effective_from - interval '1 minute'"
        )
        stage.see(replace(seen, editions=await shelf.read(pool)))
        assert await rebasing.round() == 1
        limit = await pool.fetchrow(
            "SELECT due - opened AS limit, edition FROM deadlines WHERE clause = 'appeal.answer'"
        )
        assert limit is not None
        assert (limit["limit"], limit["edition"]) == (timedelta(days=10), second)
        deeds = await pool.fetch("SELECT deed, reason FROM audit WHERE deed LIKE 'standard%' ORDER BY id")
        assert [tuple(one.values()) for one in deeds] == [
            ("standard_published", ""), ("standard_published", ""), ("standard_rebased", "新规对在办申诉更有利"),
        ]  # fmt: skip

        await agent.post("/desk/cases/1/mark", {"mark": "decided"})
        open_ones = await pool.fetchval(
            "SELECT count(*) FROM deadlines WHERE subject = 'appeal' AND met IS NULL AND voided IS NULL"
        )
        assert open_ones == 0
        await agent.post("/desk/cases/1/mark", {"mark": "answered"}, status=409)
        assert datetime.now(UTC) >= await pool.fetchval("SELECT closed FROM cases")
