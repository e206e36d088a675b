"""What the last batches left behind: a contact that has only talked with the bot need not be read again.

A remembered standing is as good as the row it came from. Whoever changes a contact, its conversation or its deadlines
rewrites the contact's row in the same transaction, and PostgreSQL marks each version of a row with the transaction
that wrote it (``xmin``). So the lock, which is taken from the database in any case, also tells whether what this
process remembers still holds; where another process has served the contact since, it is read as ever.
"""

from msgspec import Struct

from bot.lru import Lru
from bot.turns.standing import Standing
from router.conversation import Status
from router.ledger import Line

MOST = 20_000
"""Contacts kept in memory, about 2 KiB each."""


class Kept(Struct, frozen=True, gc=False):
    """A standing as a committed batch left it."""

    version: int
    """The transaction that wrote the contact's row."""
    where: Standing
    lines: tuple[Line, ...]
    """The running deadlines of its conversation."""


class Memory:
    """Remembers contacts whose conversation is with the bot.

    Args:
        most: how many to keep.
    """

    def __init__(self, most: int = MOST) -> None:
        self._kept: Lru[int, Kept] = Lru(most)

    def recall(self, contact_id: int, version: int) -> Standing | None:
        """The standing of a locked contact; None where its row is of another version than the one remembered."""
        kept = self._kept.get(contact_id)
        if kept is None or kept.version != version:
            return None
        return kept.where.again(kept.lines)

    def keep(self, where: Standing, version: int) -> None:
        """Remember a standing that has been committed by the transaction ``version``."""
        contact = where.contact
        conversation = contact.conversation
        if conversation is None or conversation.status is not Status.BOT or contact.survey is not None:
            return
        if conversation.last_used is not None:  # A sibling may change it without touching this contact's row.
            return
        self._kept.put(contact.id, Kept(version, where, where.lines.get(("conversation", conversation.id), ())))
