"""Which binaries are chosen, what is said where there are none, and what ``run.json`` tells."""

import os
from pathlib import Path

import pytest

from bot.embedded.binaries import Postgres, RedisServer, choose_postgres, choose_redis
from bot.embedded.errors import BinariesMissing
from bot.embedded.lock import holder, only_supervisor
from bot.embedded.runfile import Running, announced, find_killed, find_running

pytestmark = pytest.mark.pure

SYSTEM = Postgres(Path("/usr/lib/postgresql/17/bin"), 17)
OLD = Postgres(Path("/usr/lib/postgresql/15/bin"), 15)
WHEEL = Postgres(Path("/venv/pginstall18/bin"), 18, wheel=True)
RUNNING = Running(os.getpid(), "http://127.0.0.1:8080", "postgresql://h@/h?host=/run", "unix:///run/redis.sock")


def test_the_first_found_serves_new_data() -> None:
    assert choose_postgres([SYSTEM, OLD, WHEEL], cluster=None, account=None) is SYSTEM
    assert choose_postgres([WHEEL], cluster=None, account=None) is WHEEL


def test_existing_data_choose_their_own_version() -> None:
    assert choose_postgres([SYSTEM, OLD, WHEEL], cluster=18, account=None) is WHEEL
    assert choose_postgres([SYSTEM, OLD, WHEEL], cluster=15, account=None) is OLD


def test_data_of_a_version_that_is_not_here_name_it() -> None:
    with pytest.raises(BinariesMissing, match="apt install postgresql-16"):
        choose_postgres([SYSTEM, WHEEL], cluster=16, account=None)


def test_without_any_binaries_the_error_names_the_command_that_installs_them() -> None:
    with pytest.raises(BinariesMissing, match=r"pip install .*\[embedded\].*HUIYING_DATABASE_URL"):
        choose_postgres([], cluster=None, account=None)
    with pytest.raises(BinariesMissing, match=r"pip install .*\[embedded\].*HUIYING_REDIS_URL"):
        choose_redis([], account=None)
    wheel = RedisServer(Path("/venv/redis-server"), (6, 2), wheel=True)
    assert choose_redis([wheel], account=None) is wheel


def test_a_running_up_is_found_only_while_it_holds_the_data_folder(tmp_path: Path) -> None:
    assert find_running(tmp_path) is None
    with announced(tmp_path, RUNNING):
        assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
        assert find_running(tmp_path) is None
        with only_supervisor(tmp_path):
            assert holder(tmp_path) == os.getpid()
            assert find_running(tmp_path) == RUNNING
    assert find_running(tmp_path) is None
    assert not (tmp_path / "run.json").exists()


def test_a_killed_up_is_known_by_what_it_left(tmp_path: Path) -> None:
    assert find_killed(tmp_path) is None
    with announced(tmp_path, RUNNING):
        assert find_killed(tmp_path) == RUNNING
        with only_supervisor(tmp_path):
            assert find_killed(tmp_path) is None


def test_a_broken_run_file_tells_of_nothing(tmp_path: Path) -> None:
    with only_supervisor(tmp_path):
        for broken in ("", "{", "[]", '{"pid": 1}'):
            (tmp_path / "run.json").write_text(broken)
            assert find_running(tmp_path) is None
