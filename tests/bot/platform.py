"""A platform that answers by a script, behind a door of the kind that pushes."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web

from channels.door import Address, Capabilities, Outbound

Answer = str | Exception | asyncio.Event
"""Its id for the message, a refusal, or silence until the event."""


PUSHING = Capabilities(text_limit=600, choices=True, pushes=True)


@dataclass
class Platform:
    """Takes what is sent, in order, and answers each with the next line of its script, then always with an id."""

    name: str = "wechat"
    capabilities: Capabilities = PUSHING
    script: list[Answer] = field(default_factory=list)
    always: dict[str, Answer] = field(default_factory=dict)
    """By account: its one answer to everything."""
    arrived: list[Outbound] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> Iterable[web.RouteDef]:
        """It is never called from outside."""
        return ()

    async def send(self, outbound: Outbound) -> str:
        """Answer by the script."""
        self.arrived.append(outbound)
        self.called.set()
        answer = self.always.get(outbound.address.account)
        if answer is None:
            answer = self.script.pop(0) if self.script else f"p{len(self.arrived)}"
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return f"p{len(self.arrived)}"
        if isinstance(answer, Exception):
            raise answer
        return answer

    def texts(self, who: Address) -> list[str]:
        """What has arrived for one contact."""
        return [message.text for one in self.arrived if one.address == who for message in one.messages]
