"""An agent at the desk who is played: logs in, goes online, answers who waits, and closes what is settled."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from random import Random

from aiohttp import ClientError, ClientSession, ClientTimeout, CookieJar

from bot.demo.data import Talk

HIDDEN = re.compile(r'name="(csrf|act|version)" value="([^"]+)"')
WAITING = re.compile(r'class="card waits[^"]*">\s*<a href="[^"]*" data-open="(\d+)"')
ENOUGH = 3
"""Answers after which a chat is closed."""
CLOSED = "billing.balance"
"""The wrap-up code that is given."""


class NotLetIn(Exception):
    """The desk does not know this log-in with this password."""


class Deskhand:
    """A played agent.

    Args:
        base_url: where the service listens.
        login: whose account.
        password: its password.
        talk: what to answer.
        chance: which of it, and how fast.
        rest: seconds between two looks at one's list, on the average.
    """

    def __init__(
        self, base_url: str, login: str, password: str, talk: Talk, chance: Random, *, rest: float = 6.0
    ) -> None:
        self.answered = 0
        self._base_url = base_url
        self._login = login
        self._password = password
        self._talk = talk
        self._chance = chance
        self._rest = rest
        self._fields: dict[str, str] = {}
        self._said: Counter[str] = Counter()

    async def work(self) -> None:
        """Work until cancelled.

        Raises:
            NotLetIn: wrong log-in or password.
            aiohttp.ClientError: the service cannot be reached.
        """
        jar = CookieJar(unsafe=True)
        async with ClientSession(cookie_jar=jar, timeout=ClientTimeout(total=30)) as session:
            await self._get(session, "/desk/login")
            await self._post(session, "/desk/login", {"login": self._login, "password": self._password})
            page = await self._get(session, "/desk")
            if 'id="lists"' not in page:
                raise NotLetIn(self._login)
            await self._post(session, "/desk/presence", {"presence": "online"})
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(session))
                tasks.create_task(self._serve(session))

    async def _listen(self, session: ClientSession) -> None:
        """An open desk is what tells that somebody is there."""
        while True:
            try:
                async with session.get(f"{self._base_url}/desk/stream", timeout=ClientTimeout(total=None)) as stream:
                    async for _ in stream.content:
                        pass
            except (ClientError, TimeoutError):
                await asyncio.sleep(self._rest)

    async def _serve(self, session: ClientSession) -> None:
        while True:
            await asyncio.sleep(self._rest * self._chance.uniform(0.5, 1.5))
            with suppress(ClientError, TimeoutError):  # It comes back; then there is more to answer.
                page = await self._get(session, "/desk/lists?tab=mine")
                for conversation in WAITING.findall(page):
                    await self._answer(session, conversation)

    async def _answer(self, session: ClientSession, conversation: str) -> None:
        await self._get(session, f"/desk/c/{conversation}")
        self._said[conversation] += 1
        if self._said[conversation] > ENOUGH:
            await self._post(session, f"/desk/c/{conversation}/close", {"wrapup": CLOSED})
            return
        said: Sequence[str] = self._talk.openings if self._said[conversation] == 1 else self._talk.answers
        text = self._chance.choice(said).replace("{name}", "")
        await self._post(session, f"/desk/c/{conversation}/say", {"text": text, "as": "reply"})
        self.answered += 1

    async def _get(self, session: ClientSession, path: str) -> str:
        async with session.get(self._base_url + path) as response:
            page = await response.text()
        self._fields |= dict(HIDDEN.findall(page))
        return page

    async def _post(self, session: ClientSession, path: str, form: Mapping[str, str]) -> None:
        body = {**self._fields, **form}
        async with session.post(self._base_url + path, data=body, allow_redirects=False) as response:
            self._fields |= dict(HIDDEN.findall(await response.text()))
