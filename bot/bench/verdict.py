"""What must hold after a run, whatever was killed in it."""

from collections.abc import Sequence
from itertools import count

from bot.bench.customers import Customer
from bot.db import Pool, Row
from bot.doctor import examine
from bot.sql import load
from bot.turns.standing import line, standing
from bot.wire import Wire
from router.ledger import bring_in_line
from router.standard import Standard

SQL = load(__file__, "verdict.sql")
TURNS = load(__file__, "../turns/turns.sql")
NONE = {
    "heard_twice": "messages stored twice",
    "stopped": "running deadlines without a next step",
    "unfired": "deadlines not fired",
    "early": "deadlines fired early",
    "alarms": "breaches of which people were not told exactly once",
    "told": "breaches of which the customer was not told exactly once",
}
"""Statements that have to count nothing, and what they count."""


async def judge(pool: Pool, wire: Wire, customers: Sequence[Customer], standard: Standard) -> list[str]:
    """All that does not hold."""
    rows = await pool.fetch(SQL["taken"])
    stored = {(row["channel"], row["account"], row["address"], row["source_id"]): row for row in rows}
    problems = [problem for customer in customers for problem in _of(customer, stored)]
    for statement, counted in NONE.items():
        if number := await pool.fetchval(SQL[statement]):
            problems.append(f"{number} {counted}")
    problems += [f"{one.check}: {one.count} exceptions" for one in await examine(pool, wire) if not one.healthy]
    return problems + await _underived(pool, standard)


def _of(customer: Customer, stored: dict[tuple[str, str, str, str], Row]) -> list[str]:
    """What does not hold for the messages that were acknowledged to one customer."""
    problems = []
    last = 0
    for heard in customer.heard:
        row = stored.get((customer.channel, customer.account, customer.address, customer.source_id(heard.line)))
        if row is None or row["text"] != heard.line.text:
            problems.append(f"{customer.channel}: an acknowledged message is not stored as it was sent")
            continue
        if row["seq"] <= last:
            problems.append(f"{customer.channel}: acknowledged messages are out of order")
        if row["replies"] > 1:
            problems.append(f"{customer.channel}: a message has more than one reply")
        last = row["seq"]
    return problems


async def _underived(pool: Pool, standard: Standard) -> list[str]:
    """Whether the ledger is what the marks of the open conversations give."""
    contacts = [row["id"] for row in await pool.fetch(SQL["open"])]
    found = {row["v_id"]: row for row in await pool.fetch(TURNS["load_contacts"], contacts)}
    lines: dict[int, list[Row]] = {number: [] for number in found}
    for row in await pool.fetch(TURNS["load_lines"], list(found)):
        lines[row["subject_id"]].append(row)
    now = await pool.fetchval("SELECT clock_timestamp()")
    wrong = 0
    for number, row in found.items():
        conversation, ledger = standing(row, None).contact.conversation, tuple(map(line, lines[number]))
        assert conversation is not None
        derived = bring_in_line(ledger, conversation, number, standard, now, count(-1, -1).__next__)
        wrong += {one.id for one in derived if one.running} != {one.id for one in ledger}
    return [f"{wrong} ledgers are not what the marks give"] if wrong else []
