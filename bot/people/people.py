"""Who works at the desk: sessions, presence and language, all in PostgreSQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.audit.audit import By, Deed, note, on_command_line
from bot.bus import Bus
from bot.db import Pool
from bot.people.agent import Agent, Presence, read_agent
from bot.people.passwords import Passwords
from bot.people.rights import Role
from bot.sql import load

SQL = load(__file__, "agents.sql")
SESSIONS = load(__file__, "sessions.sql")
TOKEN_BYTES = 32
TOKEN_LENGTH = 43
"""Characters of 32 bytes in URL-safe base64."""


@dataclass(frozen=True, slots=True)
class Session:
    """An agent's presence in one browser."""

    agent: Agent
    csrf: str
    """Goes with every form of this session."""
    token_hash: bytes
    strong: bool
    """Whether a second factor was proved."""
    means: str = ""
    """By what they logged in."""


class People:
    """Knows the agents and their sessions.

    Args:
        pool: connections to PostgreSQL.
        bus: is told of changes of presence.
    """

    def __init__(self, pool: Pool, bus: Bus) -> None:
        self._pool = pool
        self._bus = bus
        self.passwords = Passwords()

    async def find(self, token: str) -> Session | None:
        """The session of a token, None where there is none any more."""
        if len(token) != TOKEN_LENGTH or not token.isascii():
            return None
        return await self.revisit(hash_of(token))

    async def revisit(self, token_hash: bytes) -> Session | None:
        """The session as it now stands, None where it has ended."""
        row = await self._pool.fetchrow(SESSIONS["find"], token_hash)
        return None if row is None else Session(read_agent(row), row["csrf"], token_hash, row["strong"], row["means"])

    async def log_out(self, session: Session, origin: str = "") -> None:
        """End a session; who has no other goes offline."""
        agent = session.agent
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SESSIONS["close"], session.token_hash)
            await note(connection, By(agent.id, agent.login, origin), Deed.LOG_OUT, f"agent:{agent.id}")
        self._tell(agent.id)

    async def choose_presence(self, agent_id: int, presence: Presence, reason: str = "") -> None:
        """An agent chose what to be, and for a break, why."""
        await self._pool.execute(SQL["choose_presence"], agent_id, presence.value, reason)
        self._tell(agent_id)

    async def force_presence(self, agent_id: int, presence: Presence, leader: Agent, by: By) -> bool:
        """A leader sets what somebody is, on record; False where there is nobody or nothing changes."""
        async with self._pool.acquire() as connection, connection.transaction():
            changed = await connection.fetchval(SQL["force_presence"], agent_id, presence.value, leader.id, leader.name)
            if changed is None:
                return False
            await note(connection, by, Deed.PRESENCE_FORCED, f"agent:{agent_id}", detail=presence.value)
        self._tell(agent_id)
        return True

    async def reasons(self) -> Mapping[str, Mapping[str, str]]:
        """Why one can be on a break: labels by code and language, in order."""
        rows = await self._pool.fetch(SQL["reasons"])
        return {row["code"]: {"zh": row["label_zh"], "en": row["label_en"]} for row in rows}

    async def choose_language(self, agent_id: int, language: str) -> None:
        """An agent chose the desk's language."""
        await self._pool.execute(SQL["choose_language"], agent_id, language)

    async def add(
        self,
        login: str,
        password: str,
        *,
        name: str,
        role: Role,
        skills: tuple[str, ...] = (),
        capacity: int = 5,
        team: str = "",
        language: str = "zh",
        by: By | None = None,
    ) -> int | None:
        """Take in a new agent; None where the log-in is taken."""
        kept = await self.passwords.hash(password)
        async with self._pool.acquire() as connection, connection.transaction():
            added: int | None = await connection.fetchval(
                SQL["add"], login.strip().lower(), name, kept, role.value, team, list(skills), capacity, language
            )
            if added is not None:
                detail = f"role={role.value}"
                await note(connection, by or on_command_line(), Deed.ACCOUNT_ADDED, f"agent:{added}", detail=detail)
        return added

    async def set_password(self, login: str, password: str, by: By | None = None) -> bool:
        """Give an agent a new password, which ends all sessions; False where there is no such log-in."""
        kept = await self.passwords.hash(password)
        return await self._change(Deed.PASSWORD_SET, "", by, SQL["set_password"], login.strip().lower(), kept, None)

    async def set_own_password(self, session: Session, password: str, by: By) -> bool:
        """The same for whoever is logged in; this session goes on."""
        values = session.agent.login, await self.passwords.hash(password), session.token_hash
        return await self._change(Deed.PASSWORD_SET, "own", by, SQL["set_password"], *values)

    async def set_extension(self, login: str, extension: str, by: By | None = None) -> bool:
        """Note the extension at which an agent picks up, empty for none; False where there is no such log-in.

        Raises:
            asyncpg.UniqueViolationError: it is somebody else's.
        """
        wanted = extension.strip()
        values = login.strip().lower(), wanted
        return await self._change(Deed.ACCOUNT_CHANGED, f"extension={wanted}", by, SQL["set_extension"], *values)

    async def set_capacity(
        self, login: str, capacity: int | None, limits: Mapping[str, int | None], by: By | None = None
    ) -> bool:
        """Change how many conversations an agent carries at once; False where there is no such log-in.

        Args:
            login: whose.
            capacity: of all channels together; None leaves it as it is.
            limits: by channel; None takes the channel's own limit away.
            by: who does it; None on the command line.
        """
        said = {} if capacity is None else {"capacity": str(capacity)}
        said |= {f"limit.{channel}": "" if most is None else str(most) for channel, most in limits.items()}
        detail = " ".join(f"{name}={value}" for name, value in said.items())
        values = login.strip().lower(), capacity, dict(limits)
        return await self._change(Deed.ACCOUNT_CHANGED, detail, by, SQL["set_capacity"], *values)

    async def all(self) -> list[Agent]:
        """Everyone who works at the desk."""
        return [read_agent(row) for row in await self._pool.fetch(SQL["all"])]

    async def _change(self, deed: Deed, detail: str, by: By | None, statement: str, *values: object) -> bool:
        """Change an account and write it down; False where the statement finds none."""
        async with self._pool.acquire() as connection, connection.transaction():
            number = await connection.fetchval(statement, *values)
            if number is not None:
                await note(connection, by or on_command_line(), deed, f"agent:{number}", detail=detail)
        if number is not None:
            self._tell(number)
        return number is not None

    def _tell(self, agent_id: int) -> None:
        self._bus.announce(["desk", "presence", f"agent:{agent_id}"])


def hash_of(token: str) -> bytes:
    """A token as it is stored."""
    return sha256(token.encode()).digest()
