"""PostgreSQL and Redis of our own, supervised as child processes over one data folder."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from bot.embedded import pg, redis
from bot.embedded.account import Account, servers_account
from bot.embedded.binaries import (
    Postgres,
    RedisServer,
    choose_postgres,
    choose_redis,
    find_postgres,
    find_redis,
)
from bot.embedded.copies import copied_postgres, copied_redis
from bot.embedded.errors import FolderUnreachable
from bot.embedded.folders import Folders, prepare
from bot.embedded.keeper import Keeper
from bot.embedded.lock import only_supervisor
from bot.embedded.off_loop import off_loop
from bot.embedded.together import together

BOTH = frozenset({pg.NAME, redis.NAME})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which servers to run, and from which binaries; None: the first that fits."""

    wanted: frozenset[str] = BOTH
    """``postgres``, ``redis``, both or none; the data folder's lock is taken all the same."""
    postgres: Postgres | None = None
    redis: RedisServer | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """More settings for PostgreSQL, such as ``fsync`` in tests."""


class Servers:
    """Runs the servers for the length of a block, and starts again what ends unasked.

    Entering takes the data folder's lock, ends what a killed supervisor left, and returns when both servers are ready.

    Args:
        data_dir: the data folder; made where it is missing.
        choice: which servers, from which binaries.
    """

    def __init__(self, data_dir: Path, choice: Choice = Choice()) -> None:
        self._folders = Folders(data_dir.resolve())
        self._choice = choice
        self._keepers: dict[str, Keeper] = {}
        self._lock = ExitStack()

    @property
    def database_url(self) -> str:
        """The URL of our own PostgreSQL."""
        return pg.database_url(self._folders.sockets)

    @property
    def redis_url(self) -> str:
        """The URL of our own Redis."""
        return redis.redis_url(self._folders.sockets)

    @property
    def pids(self) -> Mapping[str, int]:
        """The processes that run now, by ``postgres`` and ``redis``."""
        return {name: keeper.pid for name, keeper in self._keepers.items() if keeper.pid is not None}

    @property
    def starts(self) -> Mapping[str, int]:
        """How often each server has become ready."""
        return {name: keeper.starts for name, keeper in self._keepers.items()}

    def kill(self, name: str) -> None:
        """End a server with SIGKILL, as a fault would; it is started again.

        Raises:
            KeyError: no server of this name is run.
        """
        self._keepers[name].kill()

    async def __aenter__(self) -> Self:
        """Raises: EmbeddedError when the servers cannot run."""
        with ExitStack() as stack:
            stack.enter_context(only_supervisor(self._folders.data))
            for keeper in await off_loop(self._prepared):
                self._keepers[keeper.program.name] = keeper
            try:
                await together(keeper.start() for keeper in self._keepers.values())
            except BaseException:
                await self._stop()
                raise
            self._lock = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._stop()
        finally:
            self._lock.close()

    async def _stop(self) -> None:
        await together(keeper.stop() for keeper in self._keepers.values())

    def _prepared(self) -> list[Keeper]:
        """Everything before the first start that takes the disk or other programs."""
        folders, wanted = self._folders, self._choice.wanted
        if not wanted:
            return []
        account = servers_account(folders.cluster)
        prepare(folders, account)
        keepers = []
        try:
            if pg.NAME in wanted:
                keepers.append(self._postgres(account))
            if redis.NAME in wanted:
                server = self._choice.redis or choose_redis(find_redis(), account=account)
                if server.wheel and account is not None:
                    server = copied_redis(server, folders.binaries)
                keepers.append(redis.keeper(server, folders, account))
        except OSError as error:
            raise FolderUnreachable(f"The data folder cannot be used: {error}. Set HUIYING_DATA_DIR.") from error
        return keepers

    def _postgres(self, account: Account | None) -> Keeper:
        folders = self._folders
        version = pg.cluster_version(folders.cluster)
        found = [self._choice.postgres] if self._choice.postgres is not None else find_postgres()
        postgres = choose_postgres(found, cluster=version, account=account)
        if postgres.wheel and account is not None:
            postgres = copied_postgres(postgres, folders.binaries)
        if version is None:
            pg.create_cluster(postgres, folders, account)
        return pg.keeper(postgres, folders, account, self._choice.settings)
