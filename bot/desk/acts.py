"""The writer as the desk knows it: what takes the acts of people."""

from typing import Protocol

from bot.turns.turn import Delivery
from channels.door import Inbound, Receipt
from router.events import AgentAct, Arrived, Rebased, Undelivered


class Acts(Protocol):
    """Takes acts of agents: the writer."""

    async def act(self, contact_id: int, source_id: str, act: AgentAct) -> Receipt:
        """Write an act. Raises: Busy when it could not be written now."""
        ...

    async def take(self, inbound: Inbound) -> Receipt:
        """Write what a customer did. Raises: Busy when it could not be written now."""
        ...

    async def measure(self, contact_id: int, event: Rebased, change: str) -> Receipt:
        """Have a record measured whose marks are set elsewhere. Raises: Busy when it could not be written now."""
        ...

    async def delivered(self, contact_id: int, delivery: Delivery, event: Undelivered | Arrived) -> Receipt:
        """Write the outcome of a delivery. Raises: Busy when it could not be written now."""
        ...
