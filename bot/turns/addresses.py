"""Which contact an address is: remembered, looked up, or taken in for the first time."""

from collections.abc import Sequence

from bot.db import Connection
from bot.lru import Lru
from bot.sql import load
from bot.turns.turn import Turn
from bot.turns.values import columns
from channels.door import Address

SQL = load(__file__, "turns.sql")
REMEMBERED = 20_000
"""Addresses kept in memory; their contacts never change."""
DEFAULT = "zh"
"""The language of whoever has not told one."""


class Addresses:
    """Finds the contacts of addresses."""

    def __init__(self) -> None:
        self._known: Lru[Address, int] = Lru(REMEMBERED)

    async def resolve(self, turns: Sequence[Turn], connection: Connection) -> None:
        """Fill in the contact of each turn, taking in those who have never written before."""
        unknown: dict[Address, tuple[str, str]] = {}
        for turn in turns:
            if isinstance(turn.target, int):
                turn.contact_id = turn.target
            elif (known := self._known.get(turn.target)) is not None:
                turn.contact_id = known
            else:
                unknown[turn.target] = turn.name, turn.language or DEFAULT
        if not unknown:
            return
        found = await self._find(unknown, connection)
        for turn in turns:
            if not turn.contact_id and isinstance(turn.target, Address):
                turn.contact_id = found[turn.target]
        for address, contact_id in found.items():
            self._known.put(address, contact_id)

    async def _find(self, unknown: dict[Address, tuple[str, str]], connection: Connection) -> dict[Address, int]:
        addresses = sorted(unknown, key=lambda one: (one.channel, one.account, one.contact))
        named = [
            [one.channel for one in addresses],
            [one.account for one in addresses],
            [one.contact for one in addresses],
        ]
        told = columns([unknown[one] for one in addresses], 2)
        await connection.execute(SQL["add_contacts"], *named, *told)
        rows = await connection.fetch(SQL["find_contacts"], *named)
        return {addresses[row["position"] - 1]: row["id"] for row in rows}
