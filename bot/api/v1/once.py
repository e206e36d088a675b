"""Writing calls are carried out once: the same Idempotency-Key and body get the same answer for 24 hours.

claim ─→ a row names the act ─→ the writer, which takes an act of one name once ─→ keep the answer
           └── another body: 422            └── died in between: the next call joins the very same act
"""

import re
from collections.abc import Awaitable, Callable
from hashlib import sha256
from secrets import token_hex

import msgspec

from bot.api.v1.gate import Answer, Call
from bot.api.v1.problems import Refused
from bot.db import Pool
from bot.sql import load

SQL = load(__file__, "answers.sql")
NAME = re.compile(r"[\x21-\x7e]{1,200}")
KEPT = frozenset({409, 422})
"""Refusals that are answers: what was asked for could not be done."""
REPLAYED = {"Idempotency-Replayed": "true"}


async def once(pool: Pool, call: Call, body: bytes, act: Callable[[str], Awaitable[Answer]]) -> Answer:
    """Carry a call out, or answer as before.

    Args:
        pool: connections to PostgreSQL.
        call: with its header ``Idempotency-Key``, if it has one.
        body: the bytes that came.
        act: does it, under a name that the writer knows again.

    Raises:
        Refused: the key was used for another call, or the act is refused.
    """
    name = call.request.headers.get("Idempotency-Key")
    if name is None:
        return await act(_act())
    if NAME.fullmatch(name) is None:
        raise Refused(400, "idempotency_key_wrong", "1 to 200 visible characters of ASCII")
    whose = call.key.id, name
    request = sha256(f"{call.request.method} {call.request.path}\n".encode() + body).digest()
    await pool.execute(SQL["forget"], *whose)
    known = await pool.fetchrow(SQL["claim"], *whose, request, _act())
    assert known is not None
    if known["request"] != request:
        raise Refused(422, "idempotency_key_reused", "this Idempotency-Key came with another call")
    if known["status"] is not None:
        return Answer(known["body"], known["status"], REPLAYED)
    answer = await _kept(act, known["act"])
    kept = await pool.fetchrow(SQL["keep"], *whose, answer.status, answer.body)
    assert kept is not None
    return Answer(kept["body"], kept["status"])


async def _kept(act: Callable[[str], Awaitable[Answer]], name: str) -> Answer:
    """The answer as it is kept. Raises: Refused where the call may be made again."""
    try:
        answer = await act(name)
    except Refused as refused:
        if refused.status not in KEPT:
            raise
        return Answer(msgspec.json.encode(refused.body).decode(), refused.status)
    return Answer(msgspec.json.encode(answer.body).decode(), answer.status)


def _act() -> str:
    return f"api:{token_hex(16)}"
