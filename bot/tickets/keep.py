"""Keeps tickets within a turn's transaction: read and locked, decided about, written with their ledger, and told of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.db import Connection
from bot.sql import load
from bot.subscriptions.events import of_ticket
from bot.tickets.row import changed_row, new_row, read_ticket
from bot.turns.belongings import belong
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from bot.turns.values import columns
from router.alarms import told_systems
from router.contact import SPOKEN
from router.effects import Effect, Option, Refuse, Say, Sender, Words, WriteNote, words
from router.events import Fired, Kind, Media, TicketActed, TicketImported, TicketOpened, Undelivered
from router.forms.progress import Progress
from router.tickets.acts import Attached, Draft, Linked, Merged, TicketAct
from router.tickets.alarms import fired
from router.tickets.decide import decide_ticket, merged, unproven
from router.tickets.decision import Alarm, By, Circumstances, Step, TicketDecision, Whom
from router.tickets.opening import imported, opened
from router.tickets.ticket import Ticket, TicketKind

SQL = load(__file__, "tickets.sql")
HUMAN = Option("human", words("choice.human"))
Happened = TicketOpened | TicketImported | TicketActed | Fired | Undelivered


@dataclass(frozen=True, slots=True)
class Tickets:
    """Brings tickets in line with what happens to them. The contact's lock is held."""

    connection: Connection
    rows: Rows
    ledgers: Ledgers

    async def keep(self, where: Standing, event: Happened, now: datetime) -> tuple[Effect, ...]:
        """Carry an event out; returns what is said, or that it was refused."""
        at = self._circumstances(where, now)
        match event:
            case TicketOpened(agent, name, draft):
                return await self.open(where, draft, By(agent, name), at)
            case TicketImported():
                return await self._bring(where, event, at)
            case TicketActed(act=Merged(into)):
                return await self._merge(where, event, into, at)
            case TicketActed():
                return await self._act(where, event, at)
            case Fired():
                return await self._fire(where, event, at)
            case Undelivered():
                return await self._undelivered(where, event, at)

    async def open(
        self, where: Standing, draft: Draft, by: By, at: Circumstances, *, request: int | None = None
    ) -> tuple[Effect, ...]:
        """Write a ticket down, if it is complete."""
        decision = opened(draft, by, at, repeats=await self._repeats(where, draft, at))
        if decision.refused:
            return (Refuse(decision.refused),)
        held = where.contact.conversation
        conversation = draft.conversation or (held.id if held else None)
        number: int = await self.connection.fetchval(
            SQL["add"], where.contact.id, conversation, request, by.agent, None, *new_row(decision.ticket)
        )
        decision = replace(decision, ticket=replace(decision.ticket, id=number))
        if conversation is not None:
            await self.connection.execute(SQL["link"], number, conversation, where.contact.id)
        return await self._write(where, decision, by, at)

    async def from_form(self, where: Standing, progress: Progress, request: int, now: datetime) -> Say | None:
        """Make a ticket of a finished form; None where forms of this kind stay requests."""
        at = self._circumstances(where, now)
        made = at.rules.forms.get(progress.form)
        if made is None:
            return None
        answers = {one.step: one.value for one in progress.answers}
        pick = answers.get(made.step, "")
        draft = Draft(
            made.kind,
            "\n".join(answers[step] for step in made.text if step in answers),
            made.picks.get(pick, ""),
            cause=pick if made.kind is TicketKind.COMPLAINT else "",
        )
        said, *_ = await self.open(where, draft, By(), at, request=request)
        if not isinstance(said, Say) or said.ticket is None:
            return None
        await self.connection.execute(SQL["of_request"], request, said.ticket)
        return replace(said, options=(HUMAN,), sender=Sender.BOT, not_before=None, key="form.done")

    async def _bring(self, where: Standing, event: TicketImported, at: Circumstances) -> tuple[Effect, ...]:
        """Follow a ticket of another system, once."""
        decision = imported(event.draft, event.origin, at, repeats=await self._repeats(where, event.draft, at))
        if decision.refused:
            return (Refuse(decision.refused),)
        row = new_row(decision.ticket)
        number = await self.connection.fetchval(
            SQL["add"], where.contact.id, None, None, None, event.origin.number, *row
        )
        if number is None:
            return (Refuse("ticket.known"),)
        return await self._write(where, replace(decision, ticket=replace(decision.ticket, id=number)), By(), at)

    async def _repeats(self, where: Standing, draft: Draft, at: Circumstances) -> int:
        """How often the same customer has complained about the same matter lately."""
        since = at.now - at.rules.grading.within
        found: int = await self.connection.fetchval(SQL["repeats"], where.contact.id, draft.business, since)
        return found

    # What happens to one -------------------------------------------------------------------------------------------

    async def _act(self, where: Standing, event: TicketActed, at: Circumstances) -> tuple[Effect, ...]:
        found = await self._hold(where, event.ticket_id)
        if not found:
            return (Refuse("stale"),)
        by = By(event.agent, event.name)
        standard = self.ledgers.world.measuring(found[0], at.now).standard
        decision = decide_ticket(found[0], event.act, event.version, by, at, standard)
        if decision.refused:
            return (Refuse(decision.refused),)
        if not await self._belong(where, event.ticket_id, event.act, by, at):
            return (Refuse("ticket.link"),)
        return await self._write(where, decision, by, at)

    async def _merge(self, where: Standing, event: TicketActed, into: int, at: Circumstances) -> tuple[Effect, ...]:
        found = {ticket.id: ticket for ticket in await self._hold(where, event.ticket_id, into)}
        if len(found) < 2 or found[event.ticket_id].version != event.version:
            return (Refuse("ticket.merge" if len(found) < 2 else "stale"),)
        gone, kept = merged(found[event.ticket_id], found[into], at)
        if gone.refused:
            return (Refuse(gone.refused),)
        by = By(event.agent, event.name)
        said = await self._write(where, gone, by, at)
        return (*said, *await self._write(where, kept, by, at))

    async def _fire(self, where: Standing, event: Fired, at: Circumstances) -> tuple[Effect, ...]:
        clause = self.ledgers.world.clause(event.clause, event.edition)
        rows = await self.connection.fetch(SQL["heard"], event.subject_id, clause.id)
        heard = [row["rung"] for row in rows]
        tickets = await self._hold(where, event.subject_id)
        decisions = [fired(ticket, event, clause, at, heard=heard) for ticket in tickets]
        said = [one for decision in decisions for one in await self._write(where, decision, By(), at)]
        return (*said, *told_systems(clause, event))

    async def _undelivered(self, where: Standing, event: Undelivered, at: Circumstances) -> tuple[Effect, ...]:
        """What told of an extension did not arrive: the extension counts no longer."""
        assert event.ticket is not None
        for ticket in await self._hold(where, event.ticket):
            if not ticket.ended and await self.connection.fetchval(SQL["unproven"], ticket.id):
                return await self._write(where, unproven(ticket), By(), at)
        return ()

    async def _belong(self, where: Standing, number: int, act: TicketAct, by: By, at: Circumstances) -> bool:
        """What an act adds besides its line: a conversation, or a file, which stands in the thread as a note.

        Returns whether it could be added: a conversation is the same customer's, and not linked yet.
        """
        match act:
            case Linked(conversation):
                linked = await self.connection.fetchval(SQL["link"], number, conversation, where.contact.id)
                return linked is not None
            case Attached(file, name):
                note = self.rows.add_message(where, "note", by.agent, Kind.FILE, name, (), at.now)
                belong(self.rows, where, note, Media(file, name), at.now, agent=by.agent)
                await self.connection.execute(SQL["attach"], number, file)
        return True

    # Writing -------------------------------------------------------------------------------------------------------

    async def _write(self, where: Standing, decision: TicketDecision, by: By, at: Circumstances) -> tuple[Effect, ...]:
        """Write a ticket with its timeline and its ledger; returns what is said."""
        ticket = decision.ticket
        self.rows.topics.add("tickets")
        await self._steps(where, decision, by, at)
        for subject in ticket.subjects:
            await self.ledgers.derive_apart(where, subject, ticket.id, at.now)
        lines = [line for subject in ticket.subjects for line in where.lines[subject.kind, ticket.id]]
        await self.connection.execute(SQL["change"], *changed_row(ticket, tuple(lines)))
        for alarm in decision.alarms:
            await self._alert(where, ticket, alarm, at)
        if decision.steps:
            self.rows.happened.append(of_ticket(ticket, where.contact.id, decision.steps, at.now))
        return self._told(where, decision, by, at)

    async def _steps(self, where: Standing, decision: TicketDecision, by: By, at: Circumstances) -> None:
        """The first line says whether the customer was told, for the message comes next in the thread."""
        if not decision.steps:
            return
        told = where.seq + 1 if decision.told is not None else None
        rows = [_step_row(step, None if place else told) for place, step in enumerate(decision.steps)]
        await self.connection.execute(SQL["add_steps"], decision.ticket.id, at.now, by.agent, *columns(rows, 4))

    def _told(self, where: Standing, decision: TicketDecision, by: By, at: Circumstances) -> tuple[Effect, ...]:
        if decision.told is None:
            return ()
        number = decision.ticket.id
        said = Words(decision.told.key, (("number", number), *decision.told.fields))
        if not at.written:
            return (WriteNote(said, by.agent),)
        zone = self.ledgers.world.zone
        quiet = at.rules.quiet.until(decision.waits, at.now, zone) if decision.waits else None
        return (Say(said, sender=Sender.SYSTEM, ticket=number, not_before=quiet),)

    async def _alert(self, where: Standing, ticket: Ticket, alarm: Alarm, at: Circumstances) -> None:
        whom = await self._whom(ticket, alarm)
        about = f"#{ticket.id} {at.rules.title(ticket.business, 'zh')}"
        leading = "manager" if alarm.whom is Whom.MANAGER else "leader"
        values = whom, alarm.kind, where.contact.id, ticket.id, about, at.now, leading
        await self.connection.execute(SQL["alert"], *values)
        self.rows.topics |= {f"agent:{one}" if one else "leaders" for one in whom}

    async def _whom(self, ticket: Ticket, alarm: Alarm) -> Sequence[int | None]:
        match alarm.whom:
            case Whom.OWNER:
                return [ticket.owner]
            case Whom.HANDLER if ticket.handler is not None:
                return [ticket.handler]
            case Whom.HANDLER:
                return [row["id"] for row in await self.connection.fetch(SQL["handlers"], ticket.department)] or [None]
            case Whom.LEADER | Whom.MANAGER:
                return [None]

    async def _hold(self, where: Standing, *numbers: int) -> list[Ticket]:
        rows = await self.connection.fetch(SQL["hold"], list(numbers), where.contact.id)
        return [read_ticket(row) for row in rows]

    def _circumstances(self, where: Standing, now: datetime) -> Circumstances:
        contact = where.contact
        return Circumstances(now, self.ledgers.world.tickets, contact.language, contact.channel not in SPOKEN)


def _step_row(step: Step, told: int | None) -> tuple[object, ...]:
    return step.what, step.text, json.dumps(step.fields, ensure_ascii=False), told
