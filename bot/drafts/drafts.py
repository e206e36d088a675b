"""Drafts: what an agent has typed and not sent, for each conversation and apart for reply and note.

A page numbers its saves, so that of two on their way the later one counts. The count of sends tells a save from before
a send from one after it: the former is refused, and what was sent never comes back as a draft.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.db import Connection, Statements
from bot.sql import load

SQL = load(__file__, "drafts.sql")


class Kind(StrEnum):
    """For whom it is typed."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft is kept."""

    agent: int
    conversation: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Save:
    """What a page has to say of a draft."""

    text: str
    page: str
    """Names the opened page."""
    number: int
    """Counts the page's saves."""
    sends: int
    """How many sends the page knows of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft as it is kept."""

    text: str = ""
    sends: int = 0
    sent: str = ""
    """What was sent last."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that leaves the composer for good."""

    where: Place
    text: str


async def save(pool: Statements, where: Place, one: Save) -> Standing | None:
    """Keep a draft unless it comes too late; how it stands then, None where the conversation is not open."""
    values = where.agent, where.conversation, where.kind.value, one.text, one.page, one.number, one.sends
    await pool.fetchval(SQL["save"], *values)
    return (await _standings(pool, where.agent, where.conversation)).get(where.kind)


async def read(pool: Statements, agent: int, conversation: int) -> dict[Kind, Standing]:
    """An agent's drafts in a conversation."""
    return {kind: Standing() for kind in Kind} | await _standings(pool, agent, conversation)


async def drafted(pool: Statements, agent: int) -> frozenset[int]:
    """The open conversations in which an agent has typed something."""
    return frozenset(row["conversation_id"] for row in await pool.fetch(SQL["drafted"], agent))


async def leave(connection: Connection, sent: Sequence[Sent], ended: Sequence[int]) -> None:
    """In a batch's transaction: what was sent leaves the drafts, and conversations that ended keep none."""
    if sent:
        last = {one.where: one.text for one in sent}
        rows = [
            (where.agent, where.conversation, where.kind.value, sum(one.where == where for one in sent), text)
            for where, text in last.items()
        ]
        await connection.execute(SQL["send"], *map(list, zip(*rows, strict=True)))
    if ended:
        await connection.execute(SQL["drop"], ended)


def shown(standing: Standing) -> dict[str, object]:
    """A draft as scripts read it."""
    return {"text": standing.text, "sends": standing.sends, "sent": standing.sent}


def packed(drafts: Mapping[Kind, Standing]) -> str:
    """The drafts of a conversation as a page carries them."""
    return json.dumps({kind.value: shown(one) for kind, one in drafts.items()}, ensure_ascii=False)


async def _standings(pool: Statements, agent: int, conversation: int) -> dict[Kind, Standing]:
    rows = await pool.fetch(SQL["of"], agent, conversation)
    return {Kind(row["kind"]): Standing(row["text"], row["sends"], row["sent"]) for row in rows}
