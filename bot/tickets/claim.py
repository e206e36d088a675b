"""A job takes a row on that somebody has asked for: once at a time, and only as long as they may."""

from collections.abc import Mapping

import structlog

from bot.db import Pool, Row
from bot.people.agent import Agent
from bot.people.people import People
from bot.people.rights import Permission

TRIES = 3
"""How often a row is taken on at the most."""

log = structlog.get_logger()


async def claim(
    pool: Pool, people: People, sql: Mapping[str, str], number: int, *, seconds: int, right: Permission
) -> tuple[Row, Agent] | None:
    """Take a row on for whoever asked for it; None where it is not due, or they may no longer have it.

    Args:
        pool: where the rows are.
        people: of whom one asked.
        sql: with the statements ``claim``, which returns its ``agent_id``, and ``barred``.
        number: the row.
        seconds: how long one try may last; nobody else tries meanwhile.
        right: what they need.

    Raises:
        OSError: PostgreSQL is away.
    """
    row = await pool.fetchrow(sql["claim"], number, seconds, TRIES)
    if row is None:
        log.info("tickets.job_not_due", number=number)
        return None
    agent = next((one for one in await people.all() if one.id == row["agent_id"]), None)
    if agent is None or not agent.may(right):
        await pool.execute(sql["barred"], number)
        return None
    return row, agent
