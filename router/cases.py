"""Cases: records of the kinds that packs declare. What they are called, and what they wait for, is data alone."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from router.clauses.subjects import SubjectKind
from router.contact import Contact
from router.decision import Decision
from router.effects import MarkCase, OpenCase, Refuse
from router.events import CaseMarked, CaseOpened
from router.world import World

LONGEST_TITLE = 200
"""Characters."""


class Case(Struct, frozen=True):
    """A case as a subject of the standard; its marks are aware UTC."""

    id: int
    kind: str
    facts: Mapping[str, str]
    marks: Mapping[str, datetime]

    def fact(self, name: str) -> str | None:
        """The value of a fact that clauses ask for in ``when``."""
        return self.facts.get(name)

    def mark(self, name: str) -> datetime | None:
        """The mark of that name."""
        return self.marks.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        """No clause of a case can be extended."""
        return None


def next_marks(kind: SubjectKind, marks: Mapping[str, datetime]) -> tuple[str, ...]:
    """The marks that can be reached now: those that have not been, in the order of the pack."""
    return tuple(name for name in kind.marks if name not in marks)


def opened(contact: Contact, act: CaseOpened, world: World) -> Decision:
    """A case begins with the first mark of its kind."""
    kind = world.editions.kinds.get(act.kind)
    facts = dict(act.facts)
    if kind is None or not act.title.strip() or len(act.title) > LONGEST_TITLE or not _fits(kind, facts):
        return Decision(contact, (Refuse("unfit"),))
    return Decision(contact, (OpenCase(act.kind, act.title.strip(), facts, kind.beginning, act.agent),))


def marked(contact: Contact, act: CaseMarked, world: World) -> Decision:
    """A mark of a case was reached; whether it comes next is found when it is saved."""
    kind = world.editions.kinds.get(act.kind)
    if kind is None or act.mark not in kind.marks:
        return Decision(contact, (Refuse("unfit"),))
    last = act.mark == kind.marks[-1]
    return Decision(contact, (MarkCase(act.case_id, act.mark, act.agent, last=last),))


def _fits(kind: SubjectKind, facts: Mapping[str, str]) -> bool:
    return all(
        name in kind.facts and (not kind.facts[name] or value in kind.facts[name]) for name, value in facts.items()
    )
