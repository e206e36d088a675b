"""Messages on their way while their senders are killed: none is lost, none comes twice, each crash leaves its doubt."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from secrets import randbelow

from bot.bench import report
from bot.bench.ground import Ground
from bot.bench.killer import Killer
from bot.bench.platform import Platform
from bot.db import Row
from bot.outbox import letters
from bot.outbox.letters import State
from bot.sql import load
from channels.accounts import Mode

SQL = load(__file__, "delivery.sql")
SENDERS = ("worker-1", "worker-2")
SENDING_ACCOUNTS = 8
EACH = 10
"""Messages of one contact: their order is looked at."""
FIRST_ID = 10_000_000
"""Beyond the ids that the service gives."""
PATIENCE = 120.0
"""Seconds in which something has to move: a lease, and a margin."""
QUIET = 3.0
"""Seconds without a message taken after which no living sender holds one."""


@dataclass(slots=True)
class Course:
    """One run."""

    seed: int
    messages: int
    kills: int
    hasten: bool
    """Whether the leases of the dead end early, where nobody has a minute to wait."""
    taken: int = 0
    killed: dict[str, int] = field(default_factory=dict)
    ends: Counter[str] = field(default_factory=Counter)
    """Messages by state; of those in doubt, how many the platform had taken."""
    problems: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Fill the outbox, let senders at it, kill them, wait until all has settled, and judge."""
        chance = Random(self.seed)  # noqa: S311 - a run that can be played again, not a secret
        with report.progress() as bar:
            task = bar.add_task(f"seed {self.seed}", total=self.messages)
            killers: list[Killer] = []

            def took() -> None:
                self.taken += 1
                bar.advance(task)
                wanted = min(self.taken * (self.kills + 1) // self.messages, self.kills)
                if killers and wanted > sum(killers[0].killed.values()):
                    killers[0].kill()

            async with Platform(chance, took) as platform, Ground(accounts=_accounts(platform.port)) as ground:
                await self._fill(ground)
                killers.append(Killer(ground, chance, ours=dict.fromkeys(SENDERS, "worker"), servers=()))
                await killers[0].start()
                await self._settled(ground)
                await killers[0].all_up()
                self.killed = dict(killers[0].killed)
                self.problems += killers[0].fallen
                await self._judge(ground, platform)

    async def _fill(self, ground: Ground) -> None:
        contacts = max(1, self.messages // EACH)
        await ground.pool.execute(SQL["add_contacts"], contacts, SENDING_ACCOUNTS, EACH)
        await ground.pool.execute(SQL["add_messages"], FIRST_ID, EACH)
        await ground.pool.execute("ANALYZE")
        self.messages = contacts * EACH

    async def _settled(self, ground: Ground) -> None:
        """Wait until all have come to their end, or nothing has moved for too long."""
        loop = asyncio.get_running_loop()
        before, since = (0, 0), loop.time()
        while waiting := await ground.pool.fetchval(SQL["waiting"]):
            if before != (self.taken, waiting):
                before, since = (self.taken, waiting), loop.time()
            if loop.time() - since > PATIENCE:
                return
            if self.hasten and self.taken and loop.time() - since > QUIET:
                await ground.pool.execute(SQL["end_leases"])
            await asyncio.sleep(0.5)

    async def _judge(self, ground: Ground, platform: Platform) -> None:
        rows = await ground.pool.fetch(SQL["ends"])
        self.problems += _problems(rows, platform.texts)
        for row in rows:
            self.ends[row["state"]] += 1
            if row["state"] == State.IN_DOUBT:
                self.ends["in_doubt, taken"] += platform.texts[row["address"], row["text"]]
        if unseen := await ground.pool.fetchval(SQL["unseen"]):
            self.problems.append(f"of {unseen} contacts people were not told of each doubt once")
        listed = await letters.listed(ground.pool, states=(State.IN_DOUBT,), most=self.messages)
        if len(listed) != self.ends["in_doubt"]:
            self.problems.append("the list of dead letters does not show each doubt")


def run(*, as_json: bool, kills: int = 100, messages: int = 100_000, seed: int | None = None) -> int:
    """Run and print; returns the exit code, 1 where something did not hold.

    Args:
        as_json: print one JSON document.
        kills: how many senders are killed, evenly over the run.
        messages: how many messages are sent.
        seed: plays a run again: the same senders killed.
    """
    course = asyncio.run(measured(kills=kills, messages=messages, seed=randbelow(10**6) if seed is None else seed))
    figures: dict[str, object] = {
        "seed": course.seed,
        "messages": course.messages,
        "taken": course.taken,
        "killed": course.killed,
        "ends": dict(course.ends),
        "problems": course.problems,
    }
    rows = [[name, str(value)] for name, value in figures.items()]
    report.show(figures, report.table("Senders killed at random", ("", "found"), rows), as_json=as_json)
    return 1 if course.problems else 0


async def measured(*, kills: int, messages: int, seed: int, hasten: bool = False) -> Course:
    """One run and what was found."""
    course = Course(seed, messages, kills, hasten)
    await course.run()
    return course


def _accounts(port: int) -> str:
    """A file of accounts that all send to the stand-in."""
    return "\n".join(
        f'[wechat.sends-{number}]\napp_id = "wx{number:016x}"\napp_secret = "of-a-measurement-only"\ntoken = "t"\n'
        f'mode = "{Mode.PLAIN}"\napi_base = "http://127.0.0.1:{port}"'
        for number in range(SENDING_ACCOUNTS)
    )


def _problems(rows: Iterable[Row], taken: Counter[tuple[str, str]]) -> list[str]:
    """What does not hold of what was sent and what arrived."""
    wrong: Counter[str] = Counter()
    for row in rows:
        times = taken[row["address"], row["text"]]
        match row["state"]:
            case State.SENT if times == 1:
                pass
            case State.SENT:
                wrong[f"{row['kind']} messages sent, and taken {times} times"] += 1
            case State.IN_DOUBT if times > 1:
                wrong[f"{row['kind']} messages in doubt, and taken {times} times"] += 1
            case State.IN_DOUBT if row["error"] != "sender_gone":
                wrong[f"messages in doubt because of {row['error']}"] += 1
            case State.IN_DOUBT:
                pass
            case state:
                wrong[f"messages that are {state} at the end"] += 1
    found = [f"{count} {what}" for what, count in wrong.items()]
    if turned := _out_of_order(taken):
        found.append(f"{turned} contacts got their messages out of order")
    return found


def _out_of_order(taken: Iterable[tuple[str, str]]) -> int:
    """Contacts of whom a later message was taken before an earlier one."""
    last: dict[str, int] = {}
    turned: set[str] = set()
    for contact, text in taken:
        number = int(text.rpartition("-")[2])
        if number < last.get(contact, 0):
            turned.add(contact)
        last[contact] = number
    return len(turned)
