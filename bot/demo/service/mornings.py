"""Mornings of the demo operator: who wrote at night is called, and whoever was dissatisfied is won back."""

from dataclasses import dataclass
from datetime import datetime

from bot.demo.play import Play
from bot.sql import load
from router.callbacks import Cause, Step
from router.events import CallbackMoved, QuestionAnswered

SQL = load(__file__, "mornings.sql")
CAUSES = (Cause.WAITING, Cause.UNSOLVED, Cause.UNSOLVED, Cause.BILLING, Cause.NETWORK, Cause.ATTITUDE, Cause.KNOWLEDGE)


@dataclass(frozen=True, slots=True)
class Mornings:
    """What is done each morning about what lies there."""

    play: Play

    async def call_back(self, morning: datetime) -> None:
        """Who left a message at night is called before eight (clause ``message.overnight``)."""
        play = self.play
        await play.past.until(morning)
        for row in await play.house.pool.fetch(SQL["overnight"]):
            clerk = play.chance.choice(play.staff.clerks)
            said = play.chance.choice(play.operator.talk.notes)
            await play.act(row["contact_id"], QuestionAnswered(clerk.id, row["id"], row["text"], said, called=True))

    async def win_back(self, morning: datetime) -> None:
        """Leaders call about low scores, and visit again (clauses ``survey.low``, ``survey.revisit``)."""
        play = self.play
        await play.past.until(morning)
        for row in await play.house.pool.fetch(SQL["dissatisfied"]):
            leader = row["leader"] or play.chance.choice(play.staff.clerks).id
            cause, said = play.chance.choice(CAUSES), play.chance.choice(play.operator.talk.notes)
            act = CallbackMoved(leader, row["id"], Step.CALL, cause, said)
            if row["called"]:
                act = CallbackMoved(leader, row["id"], Step.REVISIT, won_back=play.happens(0.7))
            if play.happens(0.9):
                await play.act(row["contact_id"], act)
