"""What must hold after a run, whatever was killed in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from bot.bench.customers import Customer
from bot.db import Pool, Row
from bot.doctor import examine
from bot.outbox.letters import State
from bot.sql import load
from bot.turns.batch import stored_message
from bot.turns.standing import line, standing
from bot.wire import Wire
from channels.door import Message
from channels.wechat.replies import merged
from router.ledger import bring_in_line
from router.standard import Standard

SQL = load(__file__, "verdict.sql")
TURNS = load(__file__, "../turns/turns.sql")
NONE = {
    "heard_twice": "messages stored twice",
    "stopped": "running deadlines without a next step",
    "unfired": "deadlines not fired",
    "early": "deadlines fired early",
    "halfway": "deadlines that ran out with a step to come",
    "silenced": "chats that silence ended without their deadline, or deadlines without that end",
    "warned": "handed-off chats whose warnings were told twice, out of time, or not as the ledger says",
    "alarms": "breaches of which people were not told exactly once",
    "told": "breaches of which the customer was not told exactly once",
}
"""Statements that have to count nothing, and what they count."""


Key = tuple[str, str, str, str]
"""Channel, account, address and source id of a message."""


class Stored(NamedTuple):
    """A message that was taken in."""

    row: Row
    replies: tuple[Message, ...]


async def judge(pool: Pool, wire: Wire, customers: Sequence[Customer], standard: Standard) -> list[str]:
    """All that does not hold."""
    stored = await _stored(pool)
    found = Counter(problem for customer in customers for problem in _of(customer, stored))
    found.update(_unheard(customers, stored))
    problems = [f"{number} {problem}" for problem, number in found.items()]
    for statement, counted in NONE.items():
        if number := await pool.fetchval(SQL[statement]):
            problems.append(f"{number} {counted}")
    problems += [f"{one.check}: {one.count} exceptions" for one in await examine(pool, wire) if not one.healthy]
    return problems + await _underived(pool, standard)


async def _stored(pool: Pool) -> dict[Key, Stored]:
    said = {(row["contact_id"], row["seq"]): stored_message(row) for row in await pool.fetch(SQL["replies"])}
    return {
        (row["channel"], row["account"], row["address"], row["source_id"]): Stored(
            row, tuple(said[row["contact_id"], seq] for seq in range(row["reply_from"], row["reply_to"] + 1) if seq)
        )
        for row in await pool.fetch(SQL["taken"])
    }


def _of(customer: Customer, stored: Mapping[Key, Stored]) -> Iterator[str]:
    """What does not hold for the messages that were acknowledged to one customer."""
    last = 0
    for heard in customer.heard:
        found = stored.get((customer.channel, customer.account, customer.address, customer.source_id(heard.line)))
        if found is None or found.row["text"] != heard.line.text:
            yield f"acknowledged messages are not stored as they were sent ({customer.channel})"
            continue
        if found.row["seq"] <= last:
            yield f"acknowledged messages are out of order ({customer.channel})"
        last = found.row["seq"]
        if len(found.replies) != 1:
            yield f"messages have {len(found.replies)} replies ({customer.channel})"
        elif customer.read(heard.answer) != merged(found.replies):
            yield f"customers heard another reply than the stored one ({customer.channel})"
        if found.row["attempts"]:
            yield f"replies that a customer had heard were pushed as well ({customer.channel})"


def _unheard(customers: Sequence[Customer], stored: Mapping[Key, Stored]) -> Iterator[str]:
    """What does not hold for pushed replies whose messages were never acknowledged, but stored."""
    heard = {
        (one.channel, one.account, one.address, one.source_id(message.line))
        for one in customers
        for message in one.heard
    }
    for key, found in stored.items():
        if key not in heard and found.row["state"] == State.SENT and not found.row["attempts"]:
            yield f"replies count as heard by customers who heard nothing ({key[0]})"


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
