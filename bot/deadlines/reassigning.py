"""What a leader decides about several chats at once: each is given away or urged by itself, and says how it went."""

from dataclasses import dataclass

from bot.db import Pool
from bot.desk.acts import Acts
from bot.desk.deeds import source_id
from bot.desk.guard import Visit
from bot.desk.marks import natural
from bot.desk.targets import Goal, Targets
from bot.desk.watching import SQL
from bot.people.access import Dossier, access_conversation
from router.conversation import Status
from router.events import AgentAct, Reassigned, Urged

PICKED = "pick."
"""How the field of a picked row begins; a conversation's id follows, its value is the version that was seen."""
URGE, REASSIGN = "urge", "reassign"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row."""

    conversation: int
    contact_id: int
    name: str
    did: str
    """``urge`` or ``reassign``."""
    to: str
    """The name of whoever has it now, or the queue."""
    refused: str
    """A key of the words below ``refused.``; empty where it was done."""


class Reassigning:
    """Carries decisions out, each as an act of its own.

    Args:
        pool: connections to PostgreSQL.
        writer: takes the acts.
        targets: to whom conversations can be given.
    """

    def __init__(self, pool: Pool, writer: Acts, targets: Targets) -> None:
        self._pool = pool
        self._writer = writer
        self._targets = targets

    async def decide(self, visit: Visit, picked: str, seen: str) -> Outcome:
        """Do to one conversation what the form says. Raises: Busy when it could not be written now."""
        number, version = natural(picked), natural(seen)
        dossier = None if number is None else await access_conversation(self._pool, visit.agent, number)
        did = URGE if visit.form.get("do") == URGE else REASSIGN
        if dossier is None or version is None or not dossier.led or dossier.by_telephone:
            return Outcome(number or 0, 0, "", did, "", "unfit")
        if dossier.status is Status.CLOSED:
            return _outcome(dossier, did, None, "ended")
        goal = None if did == URGE else await self._targets.goal(visit.form.get("whom", ""), dossier.queue)
        act = await self._act(visit, did, goal, version)
        if act is None:
            return _outcome(dossier, did, goal, "goal")
        receipt = await self._writer.act(dossier.contact_id, f"{source_id(visit, did)}:{dossier.id}", act)
        return _outcome(dossier, did, goal, receipt.refused)

    async def _act(self, visit: Visit, did: str, goal: Goal | None, version: int) -> AgentAct | None:
        agent, reason = visit.agent, visit.form.get("reason", "")
        if did == URGE:
            return Urged(agent.id, agent.name)
        if goal is None or reason not in {row["code"] for row in await self._pool.fetch(SQL["reasons"])}:
            return None
        return Reassigned(agent.id, agent.name, version, goal.agent, goal.name, goal.queue, reason)


def _outcome(dossier: Dossier, did: str, goal: Goal | None, refused: str) -> Outcome:
    to = "" if goal is None else goal.name or goal.queue
    return Outcome(dossier.id, dossier.contact_id, dossier.name, did, to, refused)
