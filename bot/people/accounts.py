"""Accounts of the people at the desk: who they are, what they may, and until when their skills count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import asyncpg

from bot.audit.audit import By, Deed, note
from bot.bus import Bus
from bot.db import Pool, Row, Statements
from bot.people.rights import RIGHTS, Permission, Role
from bot.people.units import HEADQUARTERS
from bot.sql import load
from router.calendar import SHANGHAI

SQL = load(__file__, "accounts.sql")


@dataclass(frozen=True, slots=True)
class Skill:
    """What somebody has learnt (clause ``people.certified``)."""

    name: str
    until: date | None = None
    """The last day on which the certificate counts, in the operator's zone; None where it never expires."""

    @property
    def expires(self) -> datetime | None:
        """The first moment at which it counts no longer."""
        return None if self.until is None else datetime.combine(self.until + timedelta(days=1), time(), SHANGHAI)

    def __str__(self) -> str:
        return self.name if self.until is None else f"{self.name}:{self.until.isoformat()}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What an administrator says of somebody."""

    name: str
    role: Role
    team: str = ""
    skills: tuple[Skill, ...] = ()
    capacity: int = 5
    extension: str = ""
    unit: int = HEADQUARTERS
    limits: Mapping[str, int] = field(default_factory=dict)
    """The most conversations at once of single channels that have a limit of their own."""
    department: str = ""
    """The responsible department whose tickets they handle."""

    def told(self) -> Mapping[str, str]:
        """The same as the trail tells it."""
        skills = ",".join(map(str, self.skills))
        facts = {"name": self.name, "role": self.role.value, "team": self.team, "skills": skills}
        limits = ",".join(f"{channel}={most}" for channel, most in sorted(self.limits.items()))
        counts = {"capacity": str(self.capacity), "limits": limits}
        places = {"extension": self.extension, "unit": str(self.unit), "department": self.department}
        return {**facts, **counts, **places}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account as it stands."""

    id: int
    login: str
    profile: Profile
    presence: str
    disabled: bool
    paused: bool
    """Whether it pauses after wrong passwords."""
    sessions: int
    """Browsers in which they are logged in."""
    factor: bool
    """Whether they have a second factor."""


class Outcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    NOBODY = "nobody"
    """There is no such account, or it is so already."""
    TAKEN = "taken"
    """Somebody else has the extension."""
    NO_UNIT = "no_unit"
    """There is no such unit."""
    OWN = "own"
    """Nobody takes their own rights away: somebody has to be left who could give them back."""


class Accounts:
    """Reads and changes accounts; every change is on record."""

    def __init__(self, pool: Pool, bus: Bus) -> None:
        self._pool = pool
        self._bus = bus

    async def all(self) -> list[Account]:
        """Everybody, those in use first."""
        return [_account(row) for row in await self._pool.fetch(SQL["all"], None)]

    async def find(self, agent_id: int) -> Account | None:
        """One account."""
        return await _find(self._pool, agent_id)

    async def change(self, agent_id: int, to: Profile, by: By) -> Outcome:
        """Let an account be this from now on."""
        if agent_id == by.agent and Permission.PEOPLE not in RIGHTS[to.role].permissions:
            return Outcome.OWN
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL["hold"], agent_id)
                before = await _find(connection, agent_id)
                if before is None:
                    return Outcome.NOBODY
                await _write(connection, agent_id, to)
                changed = to.told().items() - before.profile.told().items()
                detail = " ".join(f"{name}={value}" for name, value in sorted(changed))
                if detail:
                    await note(connection, by, Deed.ACCOUNT_CHANGED, f"agent:{agent_id}", detail=detail)
        except asyncpg.UniqueViolationError:
            return Outcome.TAKEN
        except asyncpg.ForeignKeyViolationError:
            return Outcome.NO_UNIT
        self._tell(agent_id)
        return Outcome.DONE

    async def disable(self, agent_id: int, by: By) -> Outcome:
        """Take an account out of use; its sessions end, and its chats go to others."""
        if agent_id == by.agent:
            return Outcome.OWN
        return await self._act("disable", Deed.ACCOUNT_DISABLED, agent_id, by)

    async def enable(self, agent_id: int, by: By) -> Outcome:
        """Take an account into use again."""
        return await self._act("enable", Deed.ACCOUNT_ENABLED, agent_id, by)

    async def end_sessions(self, agent_id: int, by: By) -> Outcome:
        """Log somebody out everywhere."""
        return await self._act("end_sessions", Deed.SESSIONS_ENDED, agent_id, by)

    async def drop_factor(self, agent_id: int, by: By) -> Outcome:
        """Take the second factor of somebody who has lost it away; their sessions end."""
        return await self._act("drop_factor", Deed.FACTOR_DROPPED, agent_id, by)

    async def required(self) -> frozenset[Role]:
        """The roles that need a second factor."""
        return frozenset(Role(row["role"]) for row in await self._pool.fetch(SQL["required"]))

    async def require(self, roles: Collection[Role], by: By) -> None:
        """Let these roles need a second factor and no others; sessions that began without one count no more."""
        async with self._pool.acquire() as connection, connection.transaction():
            for role in Role:
                if await connection.fetchval(SQL["require"], role.value, role in roles) is not None:
                    detail = "required" if role in roles else "optional"
                    await note(connection, by, Deed.FACTOR_RULE, f"role:{role.value}", detail=detail)

    async def _act(self, statement: str, deed: Deed, agent_id: int, by: By) -> Outcome:
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(SQL[statement], agent_id) is None:
                return Outcome.NOBODY
            await note(connection, by, deed, f"agent:{agent_id}")
        self._tell(agent_id)
        return Outcome.DONE

    def _tell(self, agent_id: int) -> None:
        self._bus.announce(["desk", "presence", f"agent:{agent_id}"])


def parse_skills(text: str) -> tuple[Skill, ...]:
    """Read skills such as ``mobile, broadband:2027-01-31``; the day is the last on which the certificate counts.

    Raises:
        ValueError: a day is none, or a skill stands twice.
    """
    found = [one.strip().partition(":") for one in text.replace("，", ",").replace("：", ":").split(",") if one.strip()]
    skills = tuple(Skill(name.strip(), date.fromisoformat(day.strip()) if day else None) for name, _, day in found)
    if len({skill.name for skill in skills}) < len(skills) or not all(skill.name for skill in skills):
        raise ValueError("a skill has no name or stands twice")
    return skills


async def _find(database: Statements, agent_id: int) -> Account | None:
    row = await database.fetchrow(SQL["all"], agent_id)
    return None if row is None else _account(row)


async def _write(database: Statements, agent_id: int, to: Profile) -> None:
    serves = Permission.SERVE in RIGHTS[to.role].permissions
    names = [skill.name for skill in to.skills]
    values = to.name, to.role.value, to.team, names, to.capacity, to.extension, serves, to.unit, to.department
    await database.execute(SQL["change"], agent_id, *values)
    await database.execute(SQL["limit"], agent_id, dict(to.limits))
    await database.execute(SQL["forget_certificates"], agent_id)
    dated = [(skill.name, skill.expires) for skill in to.skills if skill.expires is not None]
    if dated:
        await database.execute(SQL["certify"], agent_id, [name for name, _ in dated], [at for _, at in dated])


def _account(row: Row) -> Account:
    profile = Profile(
        name=row["name"],
        role=Role(row["role"]),
        team=row["team"],
        skills=_skills(row["skills"], row["expires"]),
        capacity=row["capacity"],
        extension=row["extension"],
        unit=row["unit_id"],
        limits=row["channel_limits"],
        department=row["department"],
    )
    return Account(
        id=row["id"],
        login=row["login"],
        profile=profile,
        presence=row["presence"],
        disabled=row["disabled"],
        paused=row["paused"],
        sessions=row["sessions"],
        factor=row["factor"],
    )


def _skills(names: Sequence[str], expires: Sequence[datetime | None]) -> tuple[Skill, ...]:
    pairs = zip(names, expires, strict=True)
    return tuple(Skill(name, None if at is None else _last_day(at)) for name, at in pairs)


def _last_day(expires: datetime) -> date:
    return expires.astimezone(SHANGHAI).date() - timedelta(days=1)
