"""What a conversation leaves behind for later: questions that somebody answers, and surveys about the service."""

from dataclasses import dataclass
from datetime import datetime

from bot.db import Connection
from bot.sql import load
from bot.subscriptions.events import of_score
from bot.surveys.callbacks import Callbacks
from bot.turns.ledgers import Ledgers
from bot.turns.rows import Rows
from bot.turns.standing import Standing
from router.conversation import Conversation
from router.effects import (
    DeferSurvey,
    Effect,
    EndInvitation,
    GiveQuestion,
    KeepInvitation,
    KeepTakeOver,
    KeepTransfer,
    MarkSurveyAsked,
    QuestionKind,
    RecordAnswers,
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
from router.questionnaire.questionnaire import Answers
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
            number = await self._want(where, effect, now)
        else:
            number = await self._record(where, effect, now)
        if number is not None and effect.kind is not QuestionKind.GAP:
            await self.ledgers.derive_apart(where, Question(number, effect.kind, now), number, now)

    async def give(self, where: Standing, effect: GiveQuestion) -> str:
        """Make a question somebody's; returns why it was refused, empty where it was not."""
        self.rows.topics.add("questions")
        values = effect.question_id, where.contact.id, effect.owner, effect.before
        return "" if await self.connection.fetchval(SQL["give_question"], *values) is not None else "answered"

    async def _want(self, where: Standing, effect: WantAnswer, now: datetime) -> int | None:
        """The question missed last in this conversation; where none was kept, what the customer said last."""
        conversation = where.contact.conversation
        values = where.contact.id, effect.kind.value, now, conversation.id if conversation else None
        found: int | None = await self.connection.fetchval(SQL["want_answer"], *values)
        return await self._record(where, RecordQuestion(effect.kind, ""), now) if found is None else found

    async def _record(self, where: Standing, effect: RecordQuestion, now: datetime) -> int | None:
        conversation = where.contact.conversation
        number = conversation.id if conversation else None
        text = effect.text or await self._last_words(number)
        found: int | None = await self.connection.fetchval(
            SQL["add_question"], where.contact.id, number, effect.kind.value, text, now, effect.owner
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
            case MarkSurveyAsked(number, version):
                values = number, contact_id, now, version or None
                ended_at = await self.connection.fetchval(SQL["mark_survey_asked"], *values)
                if ended_at is not None:
                    await self.ledgers.derive_apart(where, Asking(number, ended_at, now), number, now)
            case RequestSurvey(number):
                await self._request(where, number, now)
            case SurveyUndelivered(number):
                await self.connection.execute(SQL["survey_undelivered"], number, contact_id, now)
            case DeferSurvey(number):
                await self.connection.execute(SQL["defer_survey"], number, contact_id, now)
            case ReleaseSurvey():
                for row in await self.connection.fetch(SQL["release_surveys"], contact_id):
                    await self._request(where, row["id"], now)
            case RecordAnswers(number, answers):
                await self._answers(where, number, answers)
            case RecordComment(number, text):
                await self.connection.execute(SQL["record_comment"], number, contact_id, text)

    async def _answers(self, where: Standing, number: int, answers: Answers) -> None:
        """Record what the survey's own questionnaire asks after its score; what was answered before stays."""
        row = await self.connection.fetchrow(SQL["scored"], number, where.contact.id)
        if row is None:
            return
        asked = self.ledgers.world.questionnaires.of(row["questionnaire"])
        if fit := asked.fitting(row["stars"], answers):
            values = number, fit.solved, list(fit.reasons), fit.nps, asked.version
            await self.connection.execute(SQL["record_answers"], *values)
            self.rows.topics.add("surveys")

    async def _request(self, where: Standing, number: int, now: datetime) -> None:
        """Give a survey to the job that sends it, unless its contact was asked not long ago."""
        since = now - self.ledgers.world.standard.surveys.apart
        row = await self.connection.fetchrow(SQL["request_survey"], number, where.contact.id, now, since)
        if row is None:
            return
        if row["requested"]:
            self.rows.surveys.append(number)
        else:
            await self.ledgers.derive_apart(where, Asking(number, row["ended"], now), number, now)

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
        await Callbacks(self.connection, self.ledgers, self.rows).scored(where, recorded, score, now)
        self.rows.happened.append(of_score(effect.survey_id, where.contact.id, effect.stars, score, now))
        return effect.first

    async def _not_asked(
        self, where: Standing, conversation: Conversation, effect: ScheduleSurvey, now: datetime
    ) -> str:
        """Why a service is not asked about; empty where it is. A day later it is looked at once more."""
        contact, rules = where.contact, self.ledgers.world.standard.surveys
        facts = {
            "channel": contact.channel,
            "wrapup": conversation.wrapup,
            "queue": conversation.queue,
            "region": contact.region,
            "level": contact.level,
        }
        if rules.excludes(facts):
            return "excluded"
        lately = effect.at_close and await self.connection.fetchval(SQL["asked_lately"], contact.id, now - rules.apart)
        return "apart" if lately else ""

    async def schedule(self, where: Standing, effect: ScheduleSurvey, now: datetime) -> SurveyDue | None:
        """Have a service asked about; None where it has been already. Surveys about earlier ones give way."""
        conversation = where.contact.conversation
        assert conversation is not None
        contact_id, ended = where.contact.id, effect.ended
        why = await self._not_asked(where, conversation, effect, now)
        row = await self.connection.fetchrow(
            SQL["schedule_survey"], contact_id, conversation.id, effect.agent, ended, why
        )
        assert row is not None
        for number in row["skipped"]:
            await self.ledgers.derive_apart(where, Asking(number, now, now), number, now)
        if row["id"] is None:
            return None
        await self.ledgers.derive_apart(where, Asking(row["id"], ended, ended if why else None), row["id"], now)
        return None if why else SurveyDue(row["id"], row["agent"] or "")
