"""The weekly look at complaints: topics that grew become tasks, and managers hear of them."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import structlog

from bot.bus import Bus
from bot.db import UNREACHABLE, Connection, Pool
from bot.desk.acts import Acts
from bot.improvements.limits import SQL, settle
from bot.tickets.rules import read_rules
from channels.door import Busy
from router.tickets.surges import WEEKS, Surge, Topic, growth

EVERY = 600.0
"""Seconds between two looks at whether a week has ended."""

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


async def watch_complaints(
    pool: Pool, bus: Bus, writer: Acts, zone: tzinfo, clock: Callable[[], datetime] = _now
) -> None:
    """Examine each week once it has ended, and have what it opens measured, until cancelled."""
    while True:
        try:
            await examine(pool, bus, zone, clock())
            await settle(pool, writer)
        except (*UNREACHABLE, Busy) as error:
            log.debug("improvements.wait", error=type(error).__name__)
        await asyncio.sleep(EVERY)


async def examine(pool: Pool, bus: Bus, zone: tzinfo, now: datetime) -> list[Surge]:
    """Open a task for each topic that grew in the last whole week; a week that has been examined brings nothing.

    Args:
        pool: connections to PostgreSQL.
        bus: is told where managers have something to hear.
        zone: the operator's, in which weeks begin on Monday.
        now: aware.

    Raises:
        OSError: PostgreSQL is away.
    """
    mondays = _mondays(now.astimezone(zone).date())
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["begin"], mondays[-2]) is None:
            return []
        found = growth(await _counted(connection, [datetime.combine(day, time(), zone) for day in mondays]))
        for one in found:
            await _open(connection, mondays[-2], one)
    if found:
        bus.announce(["leaders"])
    log.info("improvements.examined", week=mondays[-2].isoformat(), surges=len(found))
    return found


def _mondays(today: date) -> list[date]:
    """The Mondays of the weeks of a baseline, of the week that is examined, and of the present one."""
    present = today - timedelta(days=today.weekday())
    return [present - timedelta(weeks=back) for back in range(WEEKS + 1, -1, -1)]


async def _counted(connection: Connection, begins: Sequence[datetime]) -> dict[Topic, list[int]]:
    """Complaints by topic, province and week, of the whole weeks since the first complaint."""
    first: datetime | None = await connection.fetchval(SQL["first"])
    known = [at for at in begins if first is not None and at >= first]
    if len(known) < 2:
        return {}
    weeks: dict[Topic, list[int]] = {}
    for row in await connection.fetch(SQL["counts"], known, known[0], known[-1]):
        counts = weeks.setdefault(Topic(row["cause"], row["business"], row["unit"]), [0] * (len(known) - 1))
        counts[row["place"] - 1] = row["n"]
    return weeks


async def _open(connection: Connection, week: date, one: Surge) -> None:
    rules, topic = await read_rules(connection), one.topic
    department = rules.department_of(topic.business)
    values = (week, topic.cause, topic.business, department, one.count, one.usual, topic.unit)
    made = await connection.fetchrow(SQL["open"], *values)
    assert made is not None
    cause = rules.causes[topic.cause].read("zh") if topic.cause in rules.causes else topic.cause
    where = f"{made['province']} · " if made["province"] else ""
    about = f"{where}{rules.title(topic.business, 'zh')} · {cause}：{one.usual:g} → {one.count}"
    await connection.execute(SQL["alert"], about, made["id"])
