"""A keeper holds one program running."""

import os
import signal
from pathlib import Path

import pytest

from bot.embedded import strays
from bot.embedded.errors import ServerFailed
from bot.embedded.keeper import Keeper
from bot.embedded.program import Program
from tests.embedded.until import until

ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath)}


def shell(script: str, log: Path, *, grace: float = 5.0, patience: float = 30.0) -> Program:
    return Program(
        "script",
        ("sh", "-c", script),
        ENVIRONMENT,
        log=log,
        stops=((signal.SIGTERM, grace),),
        patience=patience,
    )


def waits_for(file: Path) -> Keeper:
    async def ready() -> None:
        await until(file.exists)

    return Keeper(shell(f"touch {file}; exec sleep 600", file.with_suffix(".log")), ready=ready)


async def test_a_program_that_ends_unasked_is_started_again(tmp_path: Path) -> None:
    keeper = waits_for(tmp_path / "up")
    await keeper.start()
    try:
        first = keeper.pid
        keeper.kill()
        await until(lambda: keeper.starts == 2)
        assert keeper.pid not in (None, first)
    finally:
        await keeper.stop()
    assert keeper.pid is None


async def test_a_program_that_ends_before_it_is_ready_fails_with_what_it_said(tmp_path: Path) -> None:
    async def never() -> None:
        await until(lambda: False)

    keeper = Keeper(shell("echo no disk >&2; exit 3", tmp_path / "log"), ready=never)
    with pytest.raises(ServerFailed, match=r"code 3(.|\n)*no disk"):
        await keeper.start()


async def test_a_program_that_never_gets_ready_fails_and_is_ended(tmp_path: Path) -> None:
    async def never() -> None:
        await until(lambda: False)

    keeper = Keeper(shell("exec sleep 600", tmp_path / "log", patience=0.2), ready=never)
    with pytest.raises(ServerFailed, match="not ready"):
        await keeper.start()
    assert keeper.pid is None


async def test_a_program_that_cannot_be_executed_fails(tmp_path: Path) -> None:
    keeper = Keeper(Program("none", (str(tmp_path / "none"),), ENVIRONMENT))
    with pytest.raises(ServerFailed, match="none cannot be started"):
        await keeper.start()


async def test_a_program_that_does_not_listen_is_forced(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"

    async def ready() -> None:
        await until(deaf.exists)

    program = shell(f"trap '' TERM; touch {deaf}; while :; do sleep 600; done", tmp_path / "log", grace=0.2)
    keeper = Keeper(program, ready=ready)
    await keeper.start()
    await keeper.stop()
    assert keeper.pid is None


async def test_what_a_program_leaves_behind_in_its_group_is_ended(tmp_path: Path) -> None:
    mark = f"{60_000 + os.getpid()}"

    async def ready() -> None:
        await until(lambda: bool(strays.find(lambda words: words == ["sleep", mark])))

    keeper = Keeper(shell(f"sleep {mark} & wait", tmp_path / "log"), ready=ready)
    await keeper.start()
    await keeper.stop()
    await until(lambda: not strays.find(lambda words: words == ["sleep", mark]))


async def test_a_start_is_cleared_for_each_time(tmp_path: Path) -> None:
    cleared: list[int] = []

    async def clear() -> None:
        cleared.append(1)

    keeper = Keeper(shell("exec sleep 600", tmp_path / "log"), clear=clear)
    await keeper.start()
    keeper.kill()
    await until(lambda: keeper.starts == 2)
    await keeper.stop()
    assert len(cleared) == 2
