"""Publishing knowledge: entries are written in one transaction, and every process takes the new edition."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.audit.audit import Deed, note, on_command_line
from bot.business.forms import read_editions
from bot.db import Pool
from bot.sql import load

SQL = load(__file__, "knowledge.sql")
SUBJECT = "knowledge"


class InvalidDraft(Exception):
    """An entry cannot be published; the message names the entry and what is missing."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be published."""

    id: str
    question: str
    similar: tuple[str, ...]
    answer: str
    category: str = ""
    hot: bool = False
    form: str = ""
    """The guided business that it leads to; empty for none."""


def drafts(document: Mapping[str, object]) -> list[Draft]:
    """Read the ``[[entry]]`` tables of a document.

    Raises:
        InvalidDraft: an entry lacks its id, question or answer, or an id stands twice.
    """
    entries = document.get("entry")
    if not isinstance(entries, list) or not entries:
        raise InvalidDraft("there are no [[entry]] tables")
    found = [_draft(number, entry) for number, entry in enumerate(entries, start=1)]
    seen: set[str] = set()
    for draft in found:
        if draft.id in seen:
            raise InvalidDraft(f"{draft.id} stands twice")
        seen.add(draft.id)
    return found


async def publish(pool: Pool, entries: Iterable[Draft]) -> int:
    """Write entries and count the edition up; returns its number.

    Raises:
        InvalidDraft: an entry leads to a form that there is not.
    """
    async with pool.acquire() as connection, connection.transaction():
        forms = (await read_editions(connection)).latest
        for one in entries:
            if one.form and one.form not in forms:
                raise InvalidDraft(f"{one.id}: there is no form {one.form}")
            values = one.id, one.category, one.question, list(one.similar), one.answer, one.hot, one.form
            await connection.execute(SQL["put"], *values)
        version: int = await connection.fetchval(SQL["publish"], SUBJECT)
        await note(connection, on_command_line(), Deed.KNOWLEDGE_PUBLISHED, f"knowledge:{version}")
        return version


async def withdraw(pool: Pool, entry: str) -> bool:
    """Take an entry out; whether it was published."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(SQL["withdraw"], entry) is None:
            return False
        version = await connection.fetchval(SQL["publish"], SUBJECT)
        by = on_command_line()
        await note(connection, by, Deed.KNOWLEDGE_WITHDRAWN, f"knowledge:{version}", detail=f"entry={entry}")
        return True


def _draft(number: int, entry: object) -> Draft:
    if not isinstance(entry, Mapping):
        raise InvalidDraft(f"entry {number} is not a table")
    name = entry.get("id") or f"entry {number}"
    for key in ("id", "question", "answer"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise InvalidDraft(f"{name}: {key} is missing")
    similar = entry.get("similar", [])
    if not isinstance(similar, list) or not all(isinstance(one, str) for one in similar):
        raise InvalidDraft(f"{name}: similar is not a list of texts")
    return Draft(
        entry["id"],
        entry["question"].strip(),
        tuple(similar),
        entry["answer"].strip(),
        str(entry.get("category", "")),
        bool(entry.get("hot", False)),
        str(entry.get("form", "")),
    )
