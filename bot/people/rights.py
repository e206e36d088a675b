"""Rights: what a role may do at the desk (clause ``org.roles``) and whose chats it may see; every page names one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person at the desk may see and do."""

    AGENT = "agent"
    LEADER = "leader"
    """Sees the conversations of their unit and of all below it, and hears of breaches there."""
    MANAGER = "manager"
    """Runs operations: what a leader may, on the way to reports and standards."""
    TRAINER = "trainer"
    """Reads what nobody could answer, and answers it."""
    INSPECTOR = "inspector"
    """Scores services that were drawn for inspection."""
    HANDLER = "handler"
    """Works on the tickets of a responsible department; does not chat, and sees no chats."""
    ADMIN = "admin"
    AUDITOR = "auditor"
    """Reads what was done by whom, and nothing of what customers said."""


class Permission(StrEnum):
    """What a page or a form of the desk asks of whoever opens it."""

    SEAT = "seat"
    """To be logged in: one's own account, language, alerts, the stream, the way out."""
    SERVE = "serve"
    """To be present and to talk with customers."""
    LEAD = "lead"
    """To see other people's conversations, to hear of breaches, and to change whose a contact is."""
    ANSWER = "answer"
    """To read and answer the questions that wait."""
    TICKETS = "tickets"
    """To see and work on tickets."""
    IMPORT = "import"
    """To take tickets of another system in."""
    SHIFTS = "shifts"
    """To change the kinds of shifts for which people are planned."""
    VISIT = "visit"
    """To take down visits at a counter."""
    CALLS = "calls"
    """To see the figures of the hotline."""
    PEOPLE = "people"
    """To change accounts."""
    PROGRAMS = "programs"
    """To give programs keys, and to have them told of what happens."""
    AUDIT = "audit"
    """To read the trail."""


class Scope(StrEnum):
    """Whose conversations a person sees."""

    OWN = "own"
    """Those that they have, had, or could take."""
    UNIT = "unit"
    """Those of their own unit and of all units below it: a team, a city, a province, or everything."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may."""

    permissions: frozenset[Permission]
    scope: Scope


_SERVING = frozenset({Permission.SEAT, Permission.SERVE, Permission.ANSWER, Permission.TICKETS, Permission.VISIT})
_LEADING = _SERVING | {Permission.LEAD, Permission.CALLS}
_MANAGING = _LEADING | {Permission.IMPORT, Permission.SHIFTS}
_RUNNING = frozenset({Permission.PEOPLE, Permission.PROGRAMS, Permission.AUDIT})

RIGHTS: Mapping[Role, Rights] = MappingProxyType(
    {
        Role.AGENT: Rights(_SERVING, Scope.OWN),
        Role.LEADER: Rights(_LEADING, Scope.UNIT),
        Role.MANAGER: Rights(_MANAGING, Scope.UNIT),
        Role.TRAINER: Rights(frozenset({Permission.SEAT, Permission.ANSWER}), Scope.OWN),
        Role.INSPECTOR: Rights(frozenset({Permission.SEAT}), Scope.OWN),
        Role.HANDLER: Rights(frozenset({Permission.SEAT, Permission.TICKETS}), Scope.OWN),
        Role.ADMIN: Rights(_MANAGING | _RUNNING, Scope.ALL),
        Role.AUDITOR: Rights(frozenset({Permission.SEAT, Permission.AUDIT}), Scope.OWN),
    }
)
