"""The whole service under load, its processes killed at random: what was acknowledged is stored, once and in order."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from secrets import randbelow

from aiohttp import ClientSession, TCPConnector

from bot.bench import report
from bot.bench.customers import Follower, Line, Person, Visitor, patience, persist, talk
from bot.bench.ground import ACCOUNTS, Ground, free_port, until_none
from bot.bench.killer import OURS, SERVERS, Killer
from bot.bench.questions import Questions, choose
from bot.bench.verdict import SQL, judge
from bot.demo.basics import demo_standard
from bot.wire import Wire
from channels.accounts import Mode
from router.standard import Standard, parse

LINES = 10
"""Messages of one customer: too few to count as a flood."""
AT_ONCE = 64
"""Customers who write at the same time."""
ASKED_AGAIN = 500
"""Acknowledged messages that are sent once more at the end."""
HANDED_OFF = 10
"""One customer in so many asks for a person at last."""
SETTLE = 120.0
"""Seconds after the load in which all deadlines have to come to their end."""
SHORT = (
    ('within = "30m"\nwarn = ["10m", "3m"]', 'within = "6s"\nwarn = ["4s", "2s"]'),
    ('within = "30m"\nround = "5m"', 'within = "3s"'),
)
"""Limits of the demo's standard, and those of the run."""


@dataclass(slots=True)
class Course:
    """One run."""

    ground: Ground
    seed: int
    messages: int
    kills: int
    problems: list[str] = field(default_factory=list)
    said: int = 0
    acknowledged: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    fired: dict[str, int] = field(default_factory=dict)
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - a load that can be played again, not a secret

    async def run(self, standard: Standard) -> None:
        """Start, load, kill, wait until all has settled, and judge."""
        questions = await choose(self.ground.pool)
        port = free_port()
        killer = Killer(self.ground, self.chance, ours=OURS, servers=SERVERS, port=port)
        await killer.start()
        customers = self._customers(f"http://127.0.0.1:{port}")
        async with ClientSession(timeout=patience(), connector=TCPConnector(limit=AT_ONCE)) as session:
            with report.progress() as bar:
                task = bar.add_task(f"seed {self.seed}", total=self.messages)

                def said() -> None:
                    self.said += 1
                    bar.advance(task)
                    wanted = min(self.said * (self.kills + 1) // self.messages, self.kills)
                    if wanted > sum(killer.killed.values()):
                        killer.kill()

                turn = asyncio.Semaphore(AT_ONCE)

                async def one(number: int, customer: Person) -> None:
                    async with turn:
                        await talk(customer, session, self._lines(number, questions), said)

                async with asyncio.TaskGroup() as talks:
                    for number, customer in enumerate(customers):
                        talks.create_task(one(number, customer))
            await killer.all_up()
            self.killed = dict(killer.killed)
            self.problems += killer.fallen
            self.acknowledged = sum(len(customer.heard) for customer in customers)
            await self._ask_again(customers, session)
        for statement in ("unfired", "on_their_way"):
            await until_none(self.ground.pool, SQL[statement], patience=SETTLE)
        async with Wire(self.ground.servers.redis_url) as wire:
            self.problems += await judge(self.ground.pool, wire, customers, standard)
        ends = (await self.ground.pool.fetch(SQL["ends"]))[0]
        self.fired = {"idle": ends["idle"], "first_response": ends["waited"]}

    def _customers(self, url: str) -> list[Person]:
        """Half of them on WeChat, in both modes, and half on the web."""
        modes = (Mode.PLAIN, Mode.SAFE)
        return [
            Visitor(url)
            if number % 2
            else Follower(ACCOUNTS[modes[number // 2 % 2]], url, f"o{number:07d}", self.chance)
            for number in range(self.messages // LINES)
        ]

    def _lines(self, number: int, questions: Questions) -> list[Line]:
        lines = [Line(f"{number * LINES + place + 10**9}", questions.any(self.chance)) for place in range(LINES)]
        if number % HANDED_OFF == 0:
            lines[-1] = Line(lines[-1].id, "人工")
        return lines

    async def _ask_again(self, customers: list[Person], session: ClientSession) -> None:
        """A repeat of an acknowledged message gets the very same answer."""
        heard = [(customer, one) for customer in customers for one in customer.heard]
        for customer, one in self.chance.sample(heard, min(ASKED_AGAIN, len(heard))):
            if await persist(customer, session, one.line) != one.answer:
                self.problems.append(f"{customer.channel}: a repeat got another answer")


def run(*, as_json: bool, kills: int = 50, messages: int = 100_000, seed: int | None = None) -> int:
    """Run and print; returns the exit code, 1 where something did not hold.

    Args:
        as_json: print one JSON document.
        kills: how many processes are killed, evenly over the run.
        messages: how many messages are sent, over WeChat and web.
        seed: plays a run again: the same messages, and the same processes killed.
    """
    course = asyncio.run(measured(kills=kills, messages=messages, seed=randbelow(10**6) if seed is None else seed))
    figures: dict[str, object] = {
        "seed": course.seed,
        "messages": course.said,
        "acknowledged": course.acknowledged,
        "killed": course.killed,
        "fired": course.fired,
        "problems": course.problems,
    }
    rows = [[name, str(value)] for name, value in figures.items()]
    report.show(figures, report.table("Killed at random", ("", "found"), rows), as_json=as_json)
    return 1 if course.problems else 0


async def measured(*, kills: int, messages: int, seed: int) -> Course:
    """One run and what was found."""
    text = _short(demo_standard())
    async with Ground(standard=text) as ground:
        course = Course(ground, seed, messages, kills)
        await course.run(parse(text))
        return course


def _short(standard: str) -> str:
    for limit, shorter in SHORT:
        assert limit in standard, limit
        standard = standard.replace(limit, shorter)
    return standard
