"""The doctor: checks that what must always hold does hold, and names what does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config.shown import abroad
from bot.db import Pool
from bot.deadlines.index import DUE, member
from bot.doors.known import PUSHES
from bot.sql import load
from bot.wire import AWAY, Wire
from channels.accounts import Accounts

SQL = load(__file__, "doctor.sql")
DEADLINES = load(__file__, "deadlines/deadlines.sql")
PAGE = 5_000
SHOWN = 10
"""Ids shown of what does not hold."""

CHECKS = {
    "waiting conversations have a deadline": "waiting_without_deadline",
    "open conversations have an end": "open_without_end",
    "ended conversations have no deadline": "running_after_end",
    "waiting questions have a deadline": "questions_without_deadline",
    "due deadlines have fired": "overdue",
    "threads have no gaps": "gaps_in_threads",
    "the outbox moves": "stuck",
    "one open conversation per contact": "two_open",
    "operators' systems take what wakes phones": "pushes_failing",
}
"""What is checked, and the statement that finds the exceptions."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what it found."""

    check: str
    exceptions: tuple[str, ...] = ()
    """Ids, the first few."""
    count: int = 0
    skipped: str = ""
    """Why the check could not be made."""
    known: tuple[str, ...] = ()
    """What the operator has chosen, and should keep in mind."""

    @property
    def healthy(self) -> bool:
        """Whether it holds."""
        return not self.count


async def examine(pool: Pool, wire: Wire) -> list[Finding]:
    """Make all checks. Raises: OSError when PostgreSQL is away."""
    findings = [await _check(pool, name, SQL[statement]) for name, statement in CHECKS.items()]
    findings.append(await _check(pool, "the outbox has no gaps", SQL["undelivered"], sorted(PUSHES)))
    findings.append(await _index(pool, wire))
    return findings


def at_home(accounts: Accounts) -> Finding:
    """Whether what customers write stays in the country; an account that takes it abroad is the operator's choice."""
    return Finding("what customers write stays in the country", known=tuple(abroad(accounts)))


async def _check(pool: Pool, name: str, statement: str, *args: object) -> Finding:
    rows = await pool.fetch(statement, *args)
    return _finding(name, [str(next(iter(row.values()))) for row in rows])


async def _index(pool: Pool, wire: Wire) -> Finding:
    """Whether the index in Redis holds what the ledger says. An extra member is harmless, a missing one is not."""
    name = "the Redis index holds the ledger"
    missing: list[str] = []
    last = 0
    while rows := await pool.fetch(DEADLINES["armed"], last, PAGE):
        names = [member(row["id"], row["generation"]) for row in rows]
        try:
            (scores,) = await wire.run([("ZMSCORE", DUE, *names)])
        except AWAY as error:
            return Finding(name, skipped=type(error).__name__)
        missing += [one for one, score in zip(names, scores, strict=True) if score is None]
        last = rows[-1]["id"]
    return _finding(name, missing)


def _finding(name: str, exceptions: Sequence[str]) -> Finding:
    return Finding(name, tuple(exceptions[:SHOWN]), len(exceptions))
