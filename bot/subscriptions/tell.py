"""Writes down what subscribers are told, in the transaction of what it tells; the deliverer does the rest."""

import json
from collections.abc import Iterator, Sequence

from bot.db import Statements
from bot.sql import load
from bot.subscriptions.events import Happening, of_conversations, of_exchanges, of_messages
from bot.turns.rows import Rows
from bot.turns.standing import Standing

SQL = load(__file__, "subscriptions.sql")


async def tell(database: Statements, subscribed: frozenset[str], rows: Rows, standings: Sequence[Standing]) -> None:
    """Write down what somebody has subscribed to; the caller holds the transaction."""
    news = [one for one in happenings(rows, standings) if one[0] in subscribed]
    if news:
        types, moments, told = zip(*news, strict=True)
        await database.execute(SQL["tell"], types, moments, [json.dumps(one, ensure_ascii=False) for one in told])


def happenings(rows: Rows, standings: Sequence[Standing]) -> Iterator[Happening]:
    """All that a batch tells."""
    for where in standings:
        yield from of_conversations(where)
    yield from of_messages(rows.messages)
    yield from of_exchanges(rows.exchanges)
    yield from rows.happened
