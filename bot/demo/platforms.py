"""Platforms of the demo: they take what is sent, and refuse some answers of people as real ones do."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web

from bot.demo.play import Play
from bot.outbox.sender import Sender
from bot.sql import load
from channels.door import Outbound, Undeliverable
from channels.wechat.door import WeChatDoor

SQL = load(__file__, "platforms.sql")
EVERY = 97
"""Of so many rows of people's answers, one is not taken."""
REASONS = ("45047", "45015", "43004")
"""Of WeChat: too many messages, too late, not followed any more."""


class Refusing:
    """A platform that takes nothing."""

    name = WeChatDoor.name
    capabilities = WeChatDoor.capabilities

    def __init__(self, play: Play) -> None:
        self._play = play

    def routes(self) -> Iterable[web.RouteDef]:
        """It reaches nobody."""
        return ()

    async def send(self, outbound: Outbound) -> str:
        """Refuse; of some messages nobody knows whether they came through."""
        if self._play.happens(0.3):
            raise Undeliverable("timeout", unsure=True)
        raise Undeliverable(self._play.chance.choice(REASONS))


@dataclass(frozen=True, slots=True)
class Platforms:
    """What becomes of the outbox."""

    play: Play
    refused: set[int] = field(default_factory=set)
    """Contacts to whom no answer of people gets through."""

    def refuse(self, contact: int) -> None:
        """Take no more answers of people to a contact."""
        self.refused.add(contact)

    async def deliver(self) -> None:
        """Take what is waiting; what is refused goes the way that a real refusal goes."""
        house = self.play.house
        if await house.pool.fetchval(SQL["take"], EVERY, list(self.refused)):
            sender = Sender(pool=house.pool, writer=house.writer, doors={Refusing.name: Refusing(self.play)})
            await sender.round()
            await sender.settled()
