"""Shows customers that an agent is writing, wherever their channel can show it."""

import asyncio
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from bot.lru import Lru
from bot.reach.reaches import Reaches
from channels.door import Address

APART = 10.0
"""Seconds between two calls to a platform for one contact, which shows each of them for about as long."""
WITHIN = 3.0
"""Seconds that a platform has for one."""
MOST = 10_000


@runtime_checkable
class ShowsTyping(Protocol):
    """A door whose platform shows that somebody is typing."""

    async def typing(self, address: Address) -> None:
        """Show it. Whether it shows changes nothing, so it raises nothing."""
        ...


class Typing:
    """Tells contacts that an agent is writing.

    Args:
        reaches: tells those who read the thread from us.
        doors: by channel; those that show typing are asked.
    """

    def __init__(self, reaches: Reaches, doors: Mapping[str, object]) -> None:
        self._reaches = reaches
        self._doors = doors
        self._told: Lru[Address, float] = Lru(MOST)

    async def show(self, contact_id: int, address: Address) -> None:
        """An agent is writing to this contact at this moment."""
        self._reaches.answering(contact_id)
        door = self._doors.get(address.channel)
        now = asyncio.get_running_loop().time()
        if not isinstance(door, ShowsTyping) or (self._told.get(address) or -APART) > now - APART:
            return
        self._told.put(address, now)
        try:
            async with asyncio.timeout(WITHIN):
                await door.typing(address)
        except TimeoutError:
            return
