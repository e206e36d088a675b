"""Publishes a version of a form: what begins from now on is of it, what is under way ends in the one it began in."""

from bot.audit.audit import Deed, note, on_command_line
from bot.business.forms import SQL, read_editions
from bot.db import Pool
from bot.sql import load
from router.forms.form import Form

KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "forms"


async def publish(pool: Pool, text: str, form: Form) -> int | None:
    """Put a version in force; running processes take it within seconds.

    Returns:
        The number of this edition of all forms; None where the form has that version already, or a later one.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["lock"])
        known = (await read_editions(connection)).latest.get(form.id)
        if known is not None and known.version >= form.version:
            return None
        await connection.execute(SQL["add"], form.id, form.version, text)
        edition: int = await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        await note(
            connection, on_command_line(), Deed.FORM_PUBLISHED, f"form:{form.id}", detail=f"version={form.version}"
        )
    return edition
