"""A bare server of the ``websockets`` library to measure against: it broadcasts each hint from Redis to all sockets.

Run as ``python -m bot.bench.crowd PORT REDIS_URL CHANNEL FRAME``.
"""

import sys

from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, broadcast, serve

from bot import loop
from bot.descriptors import raise_limit

WELCOME = '{"type": "welcome"}'


class Server:
    """All open sockets."""

    def __init__(self) -> None:
        self._open: set[ServerConnection] = set()

    async def follow(self, connection: ServerConnection) -> None:
        """Keep one socket until it closes."""
        await connection.recv()
        self._open.add(connection)
        try:
            await connection.send(WELCOME)
            await connection.wait_closed()
        finally:
            self._open.discard(connection)

    async def tell(self, redis: Redis, channel: str, frame: str) -> None:
        """Send the frame to all whenever a hint comes over a channel of Redis."""
        async with redis.pubsub() as subscription:
            await subscription.subscribe(channel)
            async for message in subscription.listen():
                if message["type"] == "message":
                    broadcast(self._open, frame)


async def run(port: int, redis_url: str, channel: str, frame: str) -> None:
    """Serve until killed, with the heartbeat and the limits of our own sockets."""
    server = Server()
    async with (
        Redis.from_url(redis_url, socket_timeout=None) as redis,
        serve(server.follow, "127.0.0.1", port, compression=None, ping_interval=20, max_size=64 * 1024, backlog=1024),
    ):
        await server.tell(redis, channel, frame)


if __name__ == "__main__":
    raise_limit()
    loop.run(run(int(sys.argv[1]), *sys.argv[2:5]))
