"""An agent is a person who works at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.db import Row
from bot.people.rights import RIGHTS, Permission, Role, Scope

ROOT = "/"
"""The path of the headquarters: every path begins with it."""


class Presence(StrEnum):
    """What an agent has chosen to be; only ``online`` is given conversations."""

    ONLINE = "online"
    BUSY = "busy"
    BREAK = "break"
    TRAINING = "training"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who works at the desk."""

    id: int
    login: str
    name: str
    """As customers see it."""
    role: Role
    team: str
    skills: tuple[str, ...]
    capacity: int
    """The most conversations at once."""
    channel_limits: Mapping[str, int]
    """The same for single channels that have a limit of their own."""
    language: str
    presence: Presence
    presence_since: datetime
    """Aware, UTC."""
    presence_reason: str
    """Why a break; ``unanswered`` where an offer was let pass, ``lost`` where the desk fell silent."""
    presence_by: int | None
    """The leader who set it; None where the agent chose it."""
    unit: str
    """The path of the unit that they belong to, as table ``units`` has it."""
    department: str = ""
    """The responsible department whose tickets they handle; empty for all others."""

    def may(self, permission: Permission) -> bool:
        """Whether the person's role has a permission."""
        return permission in RIGHTS[self.role].permissions

    @property
    def scope(self) -> str | None:
        """The path below which other people's conversations are open to this person; None for no such path."""
        match RIGHTS[self.role].scope:
            case Scope.OWN:
                return None
            case Scope.UNIT:
                return self.unit
            case Scope.ALL:
                return ROOT

    @property
    def manages(self) -> bool:
        """Whether the person hears of what the standard puts before managers."""
        return self.role in (Role.MANAGER, Role.ADMIN)

    @property
    def leads(self) -> bool:
        """Whether other people's conversations are open to this person."""
        return self.may(Permission.LEAD)


def read_agent(row: Row) -> Agent:
    """Read an agent's row."""
    return Agent(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        team=row["team"],
        skills=tuple(row["skills"]),
        capacity=row["capacity"],
        channel_limits=row["channel_limits"],
        language=row["language"],
        presence=Presence(row["presence"]),
        presence_since=row["presence_since"],
        presence_reason=row["presence_reason"],
        presence_by=row["presence_by"],
        unit=row["unit"],
        department=row["department"],
    )
