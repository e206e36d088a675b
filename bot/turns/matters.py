"""What a conversation leaves behind for later: questions that somebody answers, and surveys about the service."""

from dataclasses import dataclass
from datetime import datetime

from bot.db import Connection
from bot.sql import load
from bot.subscriptions.events import of_score
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.effects import (
    DeferSurvey,
    Effect,
    EndInvitation,
    KeepInvitation,
    KeepTakeOver,
    KeepTransfer,
    MarkSurveyAsked,
    QuestionKind,
    RecordComment,
    RecordQuestion,
    RecordScore,
    ReleaseSurvey,
    RequestSurvey,
    Say,
    ScheduleSurvey,
    SettleQuestion,
    SurveyUndelivered,
    WantAnswer,
)
from router.events import SurveyDue
from router.questions import Question
from router.survey import Asking, normalised

SQL = load(__file__, "turns.sql")


@dataclass(slots=True)
class Matters:
    """Writes questions and surveys down within the turn's transaction."""

    connection: Connection
    rows: Rows
    ledgers: Ledgers

    async def question(
        self, where: Standing, effect: RecordQuestion | WantAnswer | SettleQuestion, now: datetime
    ) -> None:
        """Write a question down, have it answered later, or note its answer."""
        contact_id = where.contact.id
        self.rows.topics.add("questions")
        if isinstance(effect, SettleQuestion):
            row = await self.connection.fetchrow(
                SQL["settle_question"], effect.question_id, contact_id, now, effect.agent, effect.answer
            )
            if row is not None and row["kind"] != QuestionKind.GAP:
                settled = Question(effect.question_id, QuestionKind(row["kind"]), row["asked"], now)
                await self.ledgers.derive_apart(where, settled, settled.id, now)
            return
        if isinstance(effect, WantAnswer):
            number = await self.connection.fetchval(SQL["want_answer"], contact_id, effect.kind.value, now)
        else:
            number = await self._record(where, effect, now)
        if number is not None and effect.kind is not QuestionKind.GAP:
            await self.ledgers.derive_apart(where, Question(number, effect.kind, now), number, now)

    async def _record(self, where: Standing, effect: RecordQuestion, now: datetime) -> int:
        conversation = where.contact.conversation
        number = conversation.id if conversation else None
        text = effect.text or await self._last_words(number)
        found: int = await self.connection.fetchval(
            SQL["add_question"], where.contact.id, number, effect.kind.value, text, now
        )
        return found

    async def _last_words(self, conversation_id: int | None) -> str:
        rows = await self.connection.fetch(SQL["last_words"], conversation_id)
        return "\n".join(row["text"] for row in reversed(rows))

    async def survey(self, where: Standing, effect: Effect, now: datetime) -> None:
        """Carry out an effect on a survey."""
        contact_id = where.contact.id
        match effect:
            case ScheduleSurvey():
                await self.schedule(where, effect, now)
            case MarkSurveyAsked(number):
                ended_at = await self.connection.fetchval(SQL["mark_survey_asked"], number, contact_id, now)
                if ended_at is not None:
                    await self.ledgers.derive_apart(where, Asking(number, ended_at, now), number, now)
            case RequestSurvey(number):
                await self.connection.execute(SQL["mark_survey_requested"], number, contact_id, now)
                self.rows.surveys.append(number)
            case SurveyUndelivered(number):
                await self.connection.execute(SQL["survey_undelivered"], number, contact_id, now)
            case DeferSurvey(number):
                await self.connection.execute(SQL["defer_survey"], number, contact_id, now)
            case ReleaseSurvey():
                released = await self.connection.fetch(SQL["release_surveys"], contact_id, now)
                self.rows.surveys.extend(row["id"] for row in released)
            case RecordComment(number, text):
                await self.connection.execute(SQL["record_comment"], number, contact_id, text)

    async def transfer(self, where: Standing, effect: KeepTransfer, now: datetime) -> None:
        """Write down that a conversation is passed on, and what its next agent should know."""
        conversation = where.contact.conversation
        assert conversation is not None
        await self.connection.execute(
            SQL["add_transfer"], conversation.id, effect.agent, effect.to, effect.queue, effect.note, now
        )

    async def take_over(self, where: Standing, effect: KeepTakeOver, now: datetime) -> None:
        """Write down from whom a conversation was taken."""
        conversation = where.contact.conversation
        assert conversation is not None
        await self.connection.execute(SQL["add_take_over"], conversation.id, effect.agent, effect.previous, now)

    async def invitation(self, where: Standing, effect: KeepInvitation | EndInvitation, now: datetime) -> None:
        """Let a colleague see a conversation, or no longer."""
        conversation = where.contact.conversation
        assert conversation is not None
        if isinstance(effect, EndInvitation):
            await self.connection.execute(SQL["excuse"], conversation.id, effect.whom, now)
            return
        values = conversation.id, effect.whom, effect.by, effect.answers, now
        await self.connection.execute(SQL["invite"], *values)

    async def score(self, where: Standing, effect: RecordScore, now: datetime) -> Say | None:
        """Record a score once; returns what is to be said, which tells a second score from the first."""
        score = normalised(effect.stars)
        recorded = await self.connection.fetchval(
            SQL["record_score"], effect.survey_id, where.contact.id, now, effect.stars, score
        )
        self.rows.topics.add("surveys")
        if recorded is None:
            return effect.again
        self.rows.happened.append(of_score(effect.survey_id, where.contact.id, effect.stars, score, now))
        return effect.first

    async def schedule(self, where: Standing, effect: ScheduleSurvey, now: datetime) -> SurveyDue | None:
        """Have a service asked about; None where it has been already. Surveys about earlier ones give way."""
        conversation = where.contact.conversation
        assert conversation is not None
        contact_id, ended = where.contact.id, effect.ended
        row = await self.connection.fetchrow(SQL["schedule_survey"], contact_id, conversation.id, effect.agent, ended)
        assert row is not None
        for number in row["skipped"]:
            await self.ledgers.derive_apart(where, Asking(number, now, now), number, now)
        if row["id"] is None:
            return None
        await self.ledgers.derive_apart(where, Asking(row["id"], ended), row["id"], now)
        return SurveyDue(row["id"], row["agent"] or "")
