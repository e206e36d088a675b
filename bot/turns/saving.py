"""Writes what a batch has gathered: usual turns by one narrow statement, all else by the statements that it needs."""

from collections.abc import Sequence

from bot.db import Connection
from bot.doors.cursors import advance
from bot.drafts.drafts import leave
from bot.mentions import mentions
from bot.sql import load
from bot.turns import belongings
from bot.turns.lines import changed_line_row, line_row, moved_line_row, only_moved, stepped_line_row
from bot.turns.rows import Rows
from bot.turns.states import States
from bot.turns.values import columns

SQL = load(__file__, "turns.sql")
MOVES_NOTHING = (None,) * 6
"""At the end of a usual turn's row where another row tells what has become of its contact."""
PUSH = load(__file__, "../push/push.sql")
BESIDE = (
    ("overridden", SQL["keep_overridden"], 7),
    ("beside_budget", SQL["go_beside_budget"], 3),
    ("ticket_letters", SQL["tell_of_tickets"], 3),
    ("alert_calls", load(__file__, "../alerts/calls.sql")["add"], 5),
    ("deeds", load(__file__, "../audit/audit.sql")["note_acts"], 5),
    ("whispers", SQL["add_whispers"], 3),
    ("snags", SQL["mark_snags"], 3),
)
"""Rows that few turns have, by their name: the statement that writes them, and how many columns it takes."""


async def save(connection: Connection, rows: Rows, states: States, fulfilled: Sequence[int]) -> None:
    """Write all rows of a batch.

    Args:
        connection: in the batch's transaction.
        rows: what was said, armed, told and noted.
        states: the contacts and conversations that changed.
        fulfilled: ids of outbox rows whose HTTP body has been written.
    """
    stepped = [line for _, line in rows.old_lines.values() if line.id in rows.stepped]
    changed = [line for _, line in rows.old_lines.values() if line.id not in rows.stepped]
    moved = [moved_line_row(line) for line in changed if only_moved(line)]
    exchanges = [(*one, *rows.moved.get(place, MOVES_NOTHING)) for place, one in enumerate(rows.exchanges)]
    if exchanges or states.talked or states.spoken or fulfilled or moved:
        usual = exchanges, states.spoken, states.talked, fulfilled, moved
        await connection.execute(SQL["save_usual"], *usual)
    await _save_chats(connection, rows, states)
    await _save_beside(connection, rows)
    if rows.new_lines:
        packed = [line_row(contact_id, line) for contact_id, line in rows.new_lines.values()]
        await connection.execute(SQL["add_lines"], *columns(packed, 16))
    if stepped:
        await connection.execute(SQL["step_lines"], [stepped_line_row(line) for line in stepped])
    if len(moved) < len(changed):
        packed = [changed_line_row(line) for line in changed if not only_moved(line)]
        await connection.execute(SQL["change_lines"], *columns(packed, 12))


async def _save_chats(connection: Connection, rows: Rows, states: States) -> None:
    """Contacts, conversations and messages that are not of the usual kind."""
    new, old, contacts = states.new_conversations, states.old_conversations, states.contacts
    if new or old or contacts or rows.messages or rows.intake or rows.outbox:
        await connection.execute(SQL["save"], new, old, contacts, rows.messages, rows.intake, rows.outbox)
    if states.offers:
        await connection.execute(SQL["offer"], *columns(states.offers, 6))
    if states.forms:
        await connection.execute(SQL["keep_forms"], *columns(states.forms, 2))
    if rows.sent or states.ended:
        await leave(connection, rows.sent, states.ended)


async def _save_beside(connection: Connection, rows: Rows) -> None:
    """What belongs to messages and contacts; it is written after them."""
    if rows.mentions:
        await mentions.keep(connection, rows.mentions)
    if rows.languages:
        await connection.execute(SQL["choose_languages"], *columns(list(rows.languages.items()), 2))
    if rows.wanted_files or rows.taken_files:
        await belongings.write(rows, connection)
    if rows.notices:
        await connection.execute(SQL["only_notices"], rows.notices)
    if rows.cursors:
        await advance(rows.cursors, connection)
    if rows.wakes:
        wakes = [(contact_id, *wake) for contact_id, wake in sorted(rows.wakes.items())]
        await connection.execute(PUSH["wake"], *columns(wakes, 4))
    if rows.alerts:
        await connection.execute(SQL["raise_alerts"], rows.alerts)
    for name, statement, width in BESIDE:
        if found := getattr(rows, name):
            await connection.execute(statement, *columns(found, width))
