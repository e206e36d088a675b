"""An agent is a person who works at the desk."""

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
    language: str
    presence: Presence
    presence_since: datetime
    """Aware, UTC."""
    unit: str
    """The path of the unit that they belong to, as table ``units`` has it."""

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
        language=row["language"],
        presence=Presence(row["presence"]),
        presence_since=row["presence_since"],
        unit=row["unit"],
    )
