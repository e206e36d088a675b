"""A row of the outbox that this process holds for one call, with the messages that it carries."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from bot.db import Row
from bot.files.attached import attached
from bot.outbox.keys import key_of
from channels.door import Address, Choice, Message, Outbound, Voucher
from router.events import Kind


class Held(Struct, frozen=True):
    """One try to send one row."""

    id: int
    contact_id: int
    kind: str
    """bot, agent, system or survey."""
    attempt: int
    """1 for the first try."""
    outbound: Outbound


def held(rows: Sequence[Row]) -> list[Held]:
    """Read the rows of the statement ``claim``: one for each message, sorted by row of the outbox."""
    return [_held(list(group)) for _, group in groupby(rows, key=itemgetter("id"))]


def _held(rows: list[Row]) -> Held:
    first = rows[0]
    address = Address(first["channel"], first["account"], first["address"])
    messages = tuple(_message(row) for row in rows if row["seq"] is not None)
    outbound = Outbound(
        address,
        messages,
        survey=first["kind"] == "survey",
        notice=first["notice"],
        voucher=Voucher(first["voucher"], first["voucher_until"]) if first["voucher"] is not None else None,
        ends=first["ends"],
        key=key_of(first["id"], messages[0].sent_at, first["renamed"]) if messages else "",
        again=first["unsure"],
    )
    return Held(first["id"], first["contact_id"], first["kind"], first["attempts"], outbound)


def _message(row: Row) -> Message:
    choices = tuple(Choice(str(number), str(label)) for number, label in row["choices"] or ())
    return Message(
        contact_id=row["contact_id"],
        seq=row["seq"],
        sender=row["sender"],
        text=row["text"],
        choices=choices,
        sent_at=row["sent_at"],
        kind=Kind(row["medium"]),
        attachment=attached(row),
    )
