"""All that ``/api/v1`` serves."""

from aiohttp import web
from redis.asyncio import Redis

from bot.api.v1.gate import Gate, nowhere
from bot.api.v1.pace import Pace
from bot.api.v1.reading import Reading
from bot.api.v1.tickets import Tickets
from bot.db import Pool
from bot.desk.acts import Acts


def routes(pool: Pool, redis: Redis, writer: Acts) -> list[web.RouteDef]:
    """The operations, and what is none."""
    gate = Gate(pool, Pace(redis))
    return [
        *Reading(gate, pool).routes(),
        *Tickets(gate, pool, writer).routes(),
        web.route("*", "/api/v1/{rest:.*}", nowhere),
    ]
