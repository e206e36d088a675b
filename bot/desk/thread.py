"""The thread as the desk shows it: messages with their author, their day, and how far they have got."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from bot.db import Row, Statements
from bot.desk import shared
from bot.files.attached import attached
from bot.people.access import Dossier
from bot.reach.reaches import reach_at
from bot.sql import load
from channels.door import Attachment

SQL = load(__file__, "thread.sql")
PAGE = 50
"""Messages that are read at once."""
NEWEST = 2**62
OURS = ("agent", "bot", "system")
TELLING = frozenset({"web", "app"})
"""Channels whose devices tell how far a thread has got."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a thread."""

    seq: int
    conversation_id: int | None
    sender: str
    """contact, bot, agent, system or note."""
    kind: str
    text: str
    choices: tuple[str, ...]
    """Labels of the choices that were offered."""
    sent_at: datetime
    author: str
    """The agent's name, where an agent wrote it."""
    way: str
    """How far it has got: queued, sending, sent, failed or in_doubt where it is pushed to a platform; kept, delivered
    or read where the contact's devices tell; empty where nobody can say."""
    day: date | None = None
    """Set on the first message of each day, in the operator's zone."""
    follows: bool = False
    """Whether the message before is of the same author, so that the name need not be shown again."""
    earlier: bool = False
    """Whether it belongs to an earlier conversation."""
    file: Attachment | None = None
    """What it carries."""
    channel: str = ""
    """Where it was said, in a thread that several channels share."""
    file_state: str = ""
    """wanted, stored, refused or gone, where it carries a file."""
    whispered: bool = False
    """Whether it was said to one colleague, by whoever leads them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a thread, oldest first."""

    lines: tuple[Line, ...]
    before: int | None
    """The cursor for older messages, None where these are the first."""

    @property
    def last(self) -> int:
        """The number of the newest message, 0 where there is none."""
        return self.lines[-1].seq if self.lines else 0


async def read_page(pool: Statements, dossier: Dossier, before: int, pushes: Collection[str], zone: tzinfo) -> Page:
    """Messages ahead of a number: of this conversation, and of the contact's earlier ones behind them.

    Args:
        pool: connections to PostgreSQL.
        dossier: what gave access.
        before: the cursor; ``NEWEST`` for the end of the thread.
        pushes: names of the channels whose messages go through the outbox.
        zone: the operator's, in which days begin.
    """
    if dossier.shared:
        rows = await shared.read_said(pool, dossier.id, least=0, below=before, most=PAGE + 1)
    else:
        rows = await pool.fetch(SQL["tail"], dossier.contact_id, dossier.id, dossier.first_seq, before, PAGE + 1)
    first = rows[PAGE - 1]["seq"] if len(rows) > PAGE else None
    arranged = _arranged(_lines(reversed(rows), dossier, pushes), zone)
    return Page(tuple(line for line in arranged if first is None or line.seq >= first), first)


async def read_since(
    pool: Statements, dossier: Dossier, after: int, pushes: Collection[str], zone: tzinfo
) -> tuple[Line, ...]:
    """Messages behind a number, oldest first; the number itself is read too, to see where its author goes on."""
    if dossier.shared:
        newest = await shared.read_said(pool, dossier.id, least=after, below=NEWEST, most=shared.MOST)
        rows = list(reversed(newest))
    else:
        rows = await pool.fetch(SQL["since"], dossier.contact_id, dossier.id, after)
    return tuple(line for line in _arranged(_lines(rows, dossier, pushes), zone) if line.seq > after)


async def read_one(
    pool: Statements, dossier: Dossier, conversation_id: int, pushes: Collection[str], zone: tzinfo
) -> tuple[Line, ...]:
    """The messages of an earlier conversation of the same contact, oldest first."""
    if await shared.is_of_customer(pool, dossier, conversation_id):
        newest = await shared.read_said(pool, conversation_id, least=0, below=NEWEST, most=shared.MOST)
        rows = list(reversed(newest))
    else:
        rows = await pool.fetch(SQL["one"], dossier.contact_id, conversation_id, dossier.first_seq)
    return _arranged(_lines(rows, dossier, pushes), zone)


async def read_ways(
    pool: Statements, dossier: Dossier, seqs: Collection[int], pushes: Collection[str]
) -> Mapping[int, str]:
    """How far messages have got that the page shows as being on their way."""
    if dossier.shared and seqs:
        said = await shared.read_said(pool, dossier.id, least=min(seqs), below=max(seqs) + 1, most=shared.MOST)
        return {row["seq"]: _way(row, row["channel"], pushes) for row in said if row["seq"] in seqs}
    if seqs and dossier.channel in TELLING:
        reached = await reach_at(pool, dossier.contact_id)
        return {
            seq: "read" if seq <= reached.read else "delivered" if seq <= reached.delivered else "kept" for seq in seqs
        }
    if not seqs or dossier.channel not in pushes:
        return {}
    rows = await pool.fetch(SQL["ways"], dossier.contact_id)
    return {
        seq: next((row["state"] for row in rows if row["from_seq"] <= seq <= row["to_seq"]), "sent") for seq in seqs
    }


async def read_earlier(pool: Statements, dossier: Dossier) -> list[Row]:
    """The contact's conversations before this one, the latest first."""
    if dossier.customer is not None:
        return await shared.read_history(pool, dossier)
    return await pool.fetch(SQL["earlier"], dossier.contact_id, dossier.id, dossier.first_seq)


def _arranged(lines: Sequence[Line], zone: tzinfo) -> tuple[Line, ...]:
    """Mark where a day begins and where an author goes on."""
    arranged: list[Line] = []
    for before, line in zip([None, *lines], lines, strict=False):
        new_day = before is None or _day(before, zone) != _day(line, zone)
        same = before is not None and not new_day and (before.sender, before.author) == (line.sender, line.author)
        arranged.append(replace(line, day=_day(line, zone) if new_day else None, follows=same))
    return tuple(arranged)


def _day(line: Line, zone: tzinfo) -> date:
    return line.sent_at.astimezone(zone).date()


def _lines(rows: Iterable[Row], dossier: Dossier, pushes: Collection[str]) -> list[Line]:
    """What whoever looks may read."""
    return [_line(row, dossier, pushes) for row in rows if dossier.reads(row["agent"], row["whispered"])]


def _line(row: Row, dossier: Dossier, pushes: Collection[str]) -> Line:
    channel = row.get("channel", "")
    return Line(
        seq=row["seq"],
        conversation_id=row["conversation_id"],
        sender=row["sender"],
        kind=row["kind"],
        text=row["text"],
        choices=tuple(str(label) for _, label in row["choices"] or ()),
        sent_at=row["sent_at"],
        author=row["author"] or "",
        way=_way(row, channel or dossier.channel, pushes),
        earlier=row["conversation_id"] != dossier.id if channel else row["seq"] < dossier.first_seq,
        channel=channel,
        file=attached(row),
        file_state=row["file_state"] or "",
        whispered=row["whispered"] is not None,
    )


def _way(row: Row, channel: str, pushes: Collection[str]) -> str:
    """How far a message has got."""
    if row["sender"] not in OURS:
        return ""
    if channel in pushes:
        return str(row["state"] or "sent")
    return str(row["got"] or "kept") if channel in TELLING else ""
