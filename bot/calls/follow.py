"""Follows calls within the turn's transaction: the call's facts, its conversation, deadlines, score and questions."""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.db import Connection, Row
from bot.sql import load
from bot.subscriptions.events import of_call, of_score
from bot.surveys.callbacks import Callbacks
from bot.turns.belongings import belong
from bot.turns.ids import Ids
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing, line
from bot.words import render
from router import calls
from router.calls import Call, State
from router.conversation import Status
from router.effects import FollowCall, GiveUpCall, Words, words
from router.events import CallEvent, Kind, Media, RecordingReady, VoicemailLeft
from router.ledger import Line
from router.questions import Question, question_kind

SQL = load(__file__, "calls.sql")
PICKUP = "hotline.pickup"
QUEUE = "hotline"
"""That of every call's conversation."""
STATUSES = {State.RINGING: Status.BOT, State.TALKING: Status.ASSIGNED, State.OVER: Status.CLOSED}
"""The status of a call's conversation: the telephone system has the word until somebody picks up."""


@dataclass(slots=True)
class Held:
    """A call with the ids of its rows, and who serves it."""

    id: int
    conversation_id: int
    call: Call
    agent: int | None = None
    agent_name: str = ""


@dataclass(slots=True)
class Calls:
    """Brings calls in line with what is told of them. The contact's lock is held."""

    connection: Connection
    rows: Rows
    ledgers: Ledgers
    conversation_ids: Ids

    async def follow(self, where: Standing, effect: FollowCall, now: datetime) -> None:
        """Add a report to its call; one that says nothing new changes nothing."""
        event = effect.event
        row = await self.connection.fetchrow(SQL["find"], where.contact.id, event.call)
        held = held_of(row) if row is not None else await self._begin(where, event)
        before = held.call
        held.call = calls.told(before, event)
        if held.call == before:
            return
        await self._find_agent(held)
        first_seq = where.seq + 1
        await self._write(where, held, event, now)
        await self._keep(where, held, first_seq, now)
        self._tell(where, held, before)

    async def give_up(self, where: Standing, effect: GiveUpCall, now: datetime) -> None:
        """Nothing more was heard of a call: it counts as over, until the telephone system says otherwise."""
        row = await self.connection.fetchrow(SQL["by_id"], where.contact.id, effect.call_id)
        if row is None:
            return
        held = held_of(row)
        before = held.call
        held.call = replace(before, given_up=now)
        await self._find_agent(held)
        first_seq = where.seq + 1
        self._add(where, held, words("call.given_up"), "system", now)
        await self._keep(where, held, first_seq, now)
        self._tell(where, held, before)

    async def _begin(self, where: Standing, event: CallEvent) -> Held:
        conversation_id = self.conversation_ids.take()
        number = await self.connection.fetchval(SQL["add"], where.contact.id, conversation_id, event.call, event.at)
        return Held(number, conversation_id, Call(event.call))

    async def _find_agent(self, held: Held) -> None:
        call = held.call
        if not (call.login or call.extension):
            return
        row = await self.connection.fetchrow(SQL["agent"], call.login, call.extension)
        if row is not None:
            held.agent, held.agent_name = row["id"], row["name"]

    # What the thread says ------------------------------------------------------------------------------------------

    async def _write(self, where: Standing, held: Held, event: CallEvent, now: datetime) -> None:
        said = calls.line(event, held.agent_name)
        match event:
            case VoicemailLeft(transcript=transcript, media=media):
                text = transcript or said
                self._add(where, held, text, "contact", now, kind=Kind.VOICE, media=media)
                await self._ask(where, held, transcript, now)
            case RecordingReady(media=media):
                self._add(where, held, said, "system", now, kind=Kind.VOICE, media=media)
            case _:
                self._add(where, held, said, "system", now)

    def _add(
        self,
        where: Standing,
        held: Held,
        text: str | Words,
        sender: str,
        now: datetime,
        *,
        kind: Kind = Kind.TEXT,
        media: Media | None = None,
    ) -> None:
        said = render(text, where.contact.language, self.ledgers.world.zone)
        message = self.rows.add_message(where, sender, None, kind, said, (), now, apart=held.conversation_id)
        if media is not None:
            belong(self.rows, where, message, media, now, agent=None)

    async def _ask(self, where: Standing, held: Held, transcript: str, now: datetime) -> None:
        """A message on the machine waits for an answer (clauses ``message.overnight`` and ``enquiry.follow_up``)."""
        kind = question_kind(self.ledgers.world.standard, now)
        number = await self.connection.fetchval(
            SQL["add_question"], where.contact.id, held.conversation_id, kind.value, transcript, now
        )
        await self.ledgers.derive_apart(where, Question(number, kind, now), number, now)
        self.rows.topics.add("questions")

    # What is kept --------------------------------------------------------------------------------------------------

    async def _keep(self, where: Standing, held: Held, first_seq: int, now: datetime) -> None:
        call = held.call
        calendar = self.ledgers.world.standard.calendar
        await self.connection.execute(
            SQL["save"], held.id, call.began, call.offered, call.picked_up, call.served, call.login, call.extension,
            held.agent, call.abandoned, call.hung_up, call.ended_by, call.seconds, call.voicemail, list(call.files),
            call.scored, call.score, call.stars, call.given_up, calendar.is_open(call.offered or call.began or now),
        )  # fmt: skip
        await self.connection.execute(
            SQL["save_conversation"], held.conversation_id, where.contact.id, held.id, STATUSES[call.state].value,
            QUEUE, held.agent, call.began, call.rang, call.picked_up, call.ended, _wrapup(call), first_seq,
        )  # fmt: skip
        if call.score is not None:
            row = await self.connection.fetchrow(
                SQL["save_score"], where.contact.id, held.conversation_id, held.agent, call.ended or call.scored,
                call.scored, call.stars, call.score,
            )  # fmt: skip
            self.rows.topics.add("surveys")
            assert row is not None
            if row["added"]:
                self.rows.happened.append(of_score(row["id"], where.contact.id, call.stars, call.score, now))
            await Callbacks(self.connection, self.ledgers, self.rows).scored(where, row["id"], call.score, now)
        await self._derive(where, held, now)
        self.rows.topics |= {"desk", "calls"}

    def _tell(self, where: Standing, held: Held, before: Call) -> None:
        """Have subscribers told what the conversation has come to."""
        status = STATUSES[held.call.state].value
        told = {"conversation": held.conversation_id, "status": status, "queue": QUEUE, "assignee": held.agent}
        self.rows.happened.extend(of_call(where, before, held.call, told, _wrapup(held.call)))

    async def _derive(self, where: Standing, held: Held, now: datetime) -> None:
        """Bring the deadlines in line, as if the reports had come in the order in which they happened.

        1. What was said of the pick-up may have been wrong: unless it runs still, it is judged anew.
        2. A caller who gave up after the limit had run out waited too long, even if no clock has seen it.
        """
        call, key = held.call, ("call", held.id)
        lines = await self._lines(held)
        pickup = tuple(one for one in lines if one.clause == PICKUP)
        others = tuple(one for one in lines if one.clause != PICKUP and one.running)
        if call.offered is not None and not any(one.running for one in pickup):
            where.lines[key] = tuple(map(_judged_anew, pickup))
            self.ledgers.derive(where, Call(call.ref, offered=call.offered), held.id, now)
            pickup = where.lines[key]
        where.lines[key] = (*pickup, *others)
        missed = call.missed
        for one in pickup:
            if missed is not None and one.breached is None and one.due <= missed:
                self.ledgers.fire(where, one, missed)
        self.ledgers.derive(where, call, held.id, now)

    async def _lines(self, held: Held) -> list[Line]:
        """All deadlines that the call has or had; what this batch is about to write counts."""
        rows = await self.connection.fetch(SQL["lines"], held.id)
        stored = [replace(line(row), met=row["met"], voided=row["voided"]) for row in rows]
        written = [one for one in self.rows.lines if (one.subject, one.subject_id) == ("call", held.id)]
        return list({one.id: one for one in (*stored, *written)}.values())


def held_of(row: Row) -> Held:
    """Read a call's row."""
    facts = {name: value for name, value in row.items() if name not in ("id", "conversation_id")}
    return Held(row["id"], row["conversation_id"], Call(**{**facts, "files": tuple(facts["files"])}))


def _wrapup(call: Call) -> str:
    """What the conversation is shown as once it is over."""
    if call.ended is None:
        return ""
    if call.connected:
        return "call.served"
    return "call.voicemail" if call.voicemail is not None else "call.missed"


def _judged_anew(one: Line) -> Line:
    return replace(one, met=None, voided=None, breached=None, step=0, next_at=one.due)
