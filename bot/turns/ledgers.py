"""The deadlines of the subjects that a batch touches: derived with each save, moved when they fire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from bot.db import Connection
from bot.sql import load
from bot.subscriptions.events import of_fire
from bot.turns.ids import Ids
from bot.turns.rows import Rows
from bot.turns.standing import Standing, line
from bot.turns.turn import FiredDeadline
from router import ledger
from router.events import Fired
from router.ledger import Line
from router.standard import Subject
from router.world import World

SQL = load(__file__, "turns.sql")


@dataclass(slots=True)
class Ledgers:
    """Brings the ledger of each subject in line with its marks."""

    connection: Connection
    world: World
    deadline_ids: Ids
    rows: Rows
    owners: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """Whose the records of the deadlines that fire are, by kind and id."""
    gathered: set[tuple[str, int]] = field(default_factory=set)
    """Subjects all of whose running lines are known: those that were read apart."""

    def claimed(self, due: Line, claim: FiredDeadline) -> Line | None:
        """A deadline as the turns before this one have left it; None where it is not what the clock saw any more."""
        _, present = self.rows.old_lines.get(due.id, (0, due))
        return present if claim.still(present) else None

    def fire(self, where: Standing, due: Line, now: datetime) -> Fired:
        """Move a deadline to the step it has reached and tell it as an event."""
        fired = ledger.fire(due, now)
        key = (due.subject, due.subject_id)
        others = tuple(one for one in where.lines.get(key, ()) if one.id != due.id)
        where.lines[key] = (*others, fired)
        self.rows.change_line(where.contact.id, due, fired)
        event = Fired(due.clause, due.subject, due.subject_id, fired.step, due.due_step, None, due.edition, due.step)
        if event.breached or not event.late:
            self.rows.happened.append(of_fire(fired, now))
        conversation = where.contact.conversation
        owner = conversation.assignee if conversation and due.subject == "conversation" else self.owners.get(key)
        return replace(event, agent=owner)

    def derive(self, where: Standing, subject: Subject, subject_id: int, now: datetime) -> None:
        """Derive the deadlines of a subject whose running lines are known."""
        key = (subject.kind, subject_id)
        lines = where.lines.get(key, ())
        edition = self.world.measuring(subject, now)
        derived = ledger.bring_in_line(
            lines, subject, subject_id, edition.standard, now, self.deadline_ids.take, edition.number
        )
        if derived is lines:
            return
        known = {one.id: one for one in lines}
        for one in derived:
            if known.get(one.id) is not one:
                self.rows.change_line(where.contact.id, known.get(one.id), one)
        where.lines[key] = tuple(one for one in derived if one.running)

    async def derive_apart(self, where: Standing, subject: Subject, subject_id: int, now: datetime) -> None:
        """Derive the deadlines of a subject whose lines were not loaded with the contact."""
        key = (subject.kind, subject_id)
        if key not in self.gathered:
            self.gathered.add(key)
            known = {one.id: one for one in where.lines.get(key, ())}  # One of them may have fired just now.
            found = await self.connection.fetch(SQL["load_lines_of"], *key)
            where.lines[key] = tuple(known.get(row["id"]) or line(row) for row in found)
        self.derive(where, subject, subject_id, now)
