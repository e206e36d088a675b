"""Publishes a routing: its text for all processes, and its queues for the desk."""

from bot.audit.audit import Deed, note, on_command_line
from bot.db import Pool
from bot.sql import load
from router.routing import Routing

SQL = load(__file__, "queues.sql")
KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "routing"


async def publish(pool: Pool, text: str, routing: Routing) -> int:
    """Put a routing in force; running processes take it within seconds. Returns the number of this edition.

    What waits in a queue that is gone goes on waiting, and asks of people what the default asks.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["add_routing"], text)
        for queue in routing.queues.values():
            names = queue.names["zh"], queue.names["en"]
            required = sorted(queue.required)
            await connection.execute(SQL["put_queue"], queue.id, *names, queue.priority, queue.longest, required)
        await connection.execute(SQL["drop_queues"], list(routing.queues))
        edition: int = await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        await note(connection, on_command_line(), Deed.ROUTING_PUBLISHED, f"routing:{edition}")
    return edition
