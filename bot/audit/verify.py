"""Verifying: the chain is computed anew from its rows; whatever was altered, removed or cut off shows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.audit.audit import SQL
from bot.db import Row, Statements

BEGINNING = sha256(b"huiying audit").digest()
"""The seal before the first row."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """A place of the chain that does not hold."""

    place: int
    kind: str
    """``altered``, ``missing``, ``cut_off`` or ``other_head``."""
    id: int | None = None
    """The row's id, where there is a row."""


@dataclass(slots=True)
class Verdict:
    """What a look at the whole chain has found."""

    sealed: int = 0
    place: int = 0
    """The last place."""
    seal: bytes = BEGINNING
    """The last seal; written down elsewhere, it shows later that nothing before it was made anew."""
    unsealed: int = 0
    unsealed_since: datetime | None = None
    faults: list[Fault] = field(default_factory=list)


async def verify(database: Statements, known: tuple[int, bytes] | None = None) -> Verdict:
    """Compute the chain anew.

    Args:
        database: where the trail is.
        known: a place and its seal as somebody wrote them down before.
    """
    verdict = Verdict()
    head = await database.fetchrow(SQL["head"])
    async for row in _rows(database):
        for place in range(verdict.place + 1, row["place"]):
            verdict.faults.append(Fault(place, "missing"))
        if link(verdict.seal, row) != row["seal"]:
            verdict.faults.append(Fault(row["place"], "altered", row["id"]))
        verdict.sealed, verdict.place, verdict.seal = verdict.sealed + 1, row["place"], row["seal"]
        if known is not None and known[0] == row["place"] and known[1] != row["seal"]:
            verdict.faults.append(Fault(row["place"], "other_head", row["id"]))
    _hold_against_head(verdict, head, known)
    tail = await database.fetchrow(SQL["tail"])
    if tail is not None:
        verdict.unsealed, verdict.unsealed_since = tail["rows"], tail["since"]
    return verdict


def link(before: bytes, row: Row) -> bytes:
    """The seal of a row: each field with its length, after the seal before."""
    at = (row["at"] - EPOCH) // timedelta(microseconds=1)
    agent = "" if row["agent_id"] is None else str(row["agent_id"])
    said = (row[name] for name in ("who", "deed", "what", "detail", "reason", "origin"))
    fields = (text.encode() for text in (str(row["id"]), str(at), agent, *said))
    return sha256(before + b"".join(b"%d:%b" % (len(one), one) for one in fields)).digest()


def _hold_against_head(verdict: Verdict, head: Row | None, known: tuple[int, bytes] | None) -> None:
    """What was sealed meanwhile lies beyond the head that was read first, so only less than it is a fault."""
    reaches = max(0 if head is None else head["place"], 0 if known is None else known[0])
    if head is None or verdict.place < reaches:
        verdict.faults.append(Fault(verdict.place + 1, "cut_off"))
    elif verdict.place == head["place"] and verdict.seal != head["seal"]:
        verdict.faults.append(Fault(verdict.place, "other_head"))


async def _rows(database: Statements) -> AsyncIterator[Row]:
    place = 0
    while rows := await database.fetch(SQL["chained"], place):
        for row in rows:
            yield row
        place = rows[-1]["place"]
