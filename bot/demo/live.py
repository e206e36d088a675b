"""Live traffic for a running demo: customers who write through real doors, and played agents who answer at the desk."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from aiohttp import ClientError

from bot.demo.data import Operator
from bot.demo.deskhand import Deskhand
from bot.say.speak import NotTaken, speak
from bot.tasks import end
from channels.accounts import Accounts

CHANNELS = ("wechat", "web", "app")
ACCOUNT = "demo"
PEOPLE = 500
"""Customers who may write."""
HANDED_OFF = 0.3
"""The share of those who ask for a person."""


@dataclass(slots=True)
class Traffic:
    """What has been going on."""

    said: int = 0
    refused: int = 0


async def run(
    base_url: str,
    accounts: Accounts,
    operator: Operator,
    questions: Sequence[str],
    *,
    per_minute: float,
    hands: Sequence[Deskhand],
    tell: Callable[[Traffic], None],
    pause: float = 11.0,
) -> None:
    """Keep customers writing until cancelled.

    Args:
        base_url: where the service listens.
        accounts: the accounts that it knows.
        operator: what customers say.
        questions: what the knowledge answers.
        per_minute: how many customers begin in a minute.
        hands: agents who answer.
        tell: called after each customer's turn.
        pause: seconds between a customer's words, on the average.

    Raises:
        NotLetIn: a played agent cannot log in.
        aiohttp.ClientError: the service cannot be reached.
    """
    traffic, chance = Traffic(), Random()  # noqa: S311 - a play, not a secret
    working = [asyncio.create_task(hand.work()) for hand in hands]
    visits: set[asyncio.Task[None]] = set()

    async def visit() -> None:
        channel, contact = chance.choice(CHANNELS), f"live-{chance.randrange(PEOPLE):04d}"
        for text in _words(operator, questions, chance):
            try:
                await speak(base_url, accounts, channel=channel, account=ACCOUNT, contact=contact, text=text)
                traffic.said += 1
            except (NotTaken, ClientError, TimeoutError):
                traffic.refused += 1
            tell(traffic)
            await asyncio.sleep(pause * chance.uniform(0.2, 1.8))

    try:
        while True:
            for hand in working:
                if hand.done():
                    hand.result()
            task = asyncio.create_task(visit())
            visits.add(task)
            task.add_done_callback(visits.discard)
            await asyncio.sleep(chance.expovariate(per_minute / 60))
    finally:
        await end(*visits, *working)
        await asyncio.gather(*working, return_exceptions=True)  # Each has told why by now, or was ended.


def _words(operator: Operator, questions: Sequence[str], chance: Random) -> list[str]:
    """What one customer says, one after the other."""
    talk = operator.talk
    said = [chance.choice(questions) for _ in range(chance.choice((1, 1, 2)))]
    if chance.random() < HANDED_OFF:
        said += [chance.choice(talk.matters), chance.choice(talk.handoff), chance.choice(talk.matters)]
        said += [chance.choice(talk.thanks) for _ in range(chance.choice((1, 2)))]
    return said
