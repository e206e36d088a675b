"""The files of messages, written in their turn: what a platform keeps is wanted, what was uploaded before is taken."""

from datetime import datetime

from bot.db import Connection
from bot.files.ids import fresh_id
from bot.files.names import clean
from bot.sql import load
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.values import columns
from channels.door import Message
from router.events import Media

SQL = load(__file__, "belongings.sql")
UPLOADS = frozenset({"web", "app"})
"""Channels whose customers upload a file before they send it."""
LONGEST_TYPE = 100


def belong(rows: Rows, where: Standing, message: Message, media: Media, at: datetime, *, agent: int | None) -> None:
    """Have a message carry a file.

    Args:
        rows: the batch's.
        where: the contact.
        message: as it was added to the thread.
        media: the file, as the platform or the upload names it.
        at: the moment of the turn.
        agent: who sends it, where that is somebody at the desk.
    """
    contact = where.contact
    if agent is not None or contact.channel in UPLOADS:
        rows.taken_files.append((_storable(media.ref), contact.id, message.seq, agent))
        return
    name, type_ = clean(media.name), _storable(media.type)[:LONGEST_TYPE]
    wanted = fresh_id(), contact.id, message.seq, _storable(media.ref), name, type_, media.size, at
    rows.wanted_files.append(wanted)


async def write(rows: Rows, connection: Connection) -> None:
    """Write the files of a batch that has any."""
    if rows.wanted_files:
        await connection.execute(SQL["want"], *columns(rows.wanted_files, 8))
    if rows.taken_files:
        await connection.execute(SQL["take"], *columns(rows.taken_files, 4))


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
