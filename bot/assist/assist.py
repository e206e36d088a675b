"""Assistance for agents: an answer to look over, and a summary for the wrap-up (clause assist.ai).

Rules alone give both; a model, where the operator has one, gives better ones. What it is told is masked first, and what
it says is looked at like an agent's own words before anybody sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import metrics
from bot.assist.model import Line, Model
from bot.db import Statements
from bot.knowledge.lookups import Lookups
from bot.people.access import Dossier
from bot.people.agent import Agent
from bot.sql import load
from bot.words import words
from router.fields import Fields, fields_of
from router.wording.masking import masked
from router.wording.wording import Level, Wording, check

SQL = load(__file__, "assist.sql")
ROLES = {"contact": "user", "agent": "assistant", "bot": "assistant"}
LONGEST_LINE = 500
"""Characters of a message that a model is told."""
LONGEST_QUOTE = 60
"""Characters of the customer's words in a summary by rules."""


@dataclass(frozen=True, slots=True)
class Help:
    """Something for an agent to look over."""

    text: str
    by_model: bool


@dataclass(frozen=True, slots=True)
class Assist:
    """Gives assistance.

    Args:
        pool: knows what was said.
        lookups: finds knowledge.
        wording: what had better not be said.
        model: None where the operator has none.
    """

    pool: Statements
    lookups: Lookups
    wording: Wording
    model: Model | None

    async def answer(self, agent: Agent, dossier: Dossier) -> Help | None:
        """An answer to the customer's last question; None where nobody knows one."""
        known = await self.lookups.suggest(dossier.id)
        rules = known.hits[0].article.answer if known.hits else ""
        facts = "\n".join(f"{hit.article.question}: {hit.article.answer}" for hit in known.hits)
        said = await self._ask(agent, dossier, "assist.answer", facts) if known.text else None
        if said is not None and any(one.level is Level.BLOCK for one in check(said, self.wording)):
            metrics.assisted("unfit")
            said = None
        return Help(said, by_model=True) if said else Help(rules, by_model=False) if rules else None

    async def summary(self, agent: Agent, dossier: Dossier, today: date) -> Help | None:
        """What the conversation was about; None where the customer has said nothing.

        Args:
            agent: for whom.
            dossier: the conversation.
            today: the day in the operator's zone.
        """
        said = await self.pool.fetch(SQL["said"], dossier.id)
        by_contact = [row["text"] for row in said if row["sender"] == "contact"]
        if not by_contact:
            return None
        by_model = await self._ask(agent, dossier, "assist.summary", "")
        if by_model:
            return Help(by_model, by_model=True)
        return Help(summed_up(by_contact, fields_of(by_contact, today), agent.language), by_model=False)

    async def _ask(self, agent: Agent, dossier: Dossier, task: str, facts: str) -> str | None:
        if self.model is None:
            return None
        rows = await self.pool.fetch(SQL["said"], dossier.id)
        names = (dossier.name, agent.name, dossier.assignee_name)
        told = [Line(ROLES[row["sender"]], masked(row["text"][:LONGEST_LINE], names)) for row in rows]
        system = "\n".join(filter(None, (words(agent.language)[task], facts)))
        return await self.model.ask([Line("system", system), *told])


def summed_up(said: Sequence[str], fields: Fields, language: str) -> str:
    """A summary by rules: the business, when and where, and the customer's first words that are more than a call."""
    told = words(language)
    first = next((text for text in said if len(text.strip()) > 3), said[0]).strip()
    parts = [
        told[f"assist.business.{fields.business}"] if fields.business else "",
        f"{first[:LONGEST_QUOTE]}{'…' if len(first) > LONGEST_QUOTE else ''}",
        " ".join(filter(None, (fields.day.isoformat() if fields.day else "", fields.time))),
        fields.place,
    ]
    return told["assist.joint"].join(filter(None, parts))
