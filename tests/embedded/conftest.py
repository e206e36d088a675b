"""A data folder for servers that a test starts itself, and the binaries that this machine has."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.embedded.binaries import find_postgres, find_redis
from tests.servers import FOLDER, place


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty folder with a short path that every account reaches."""
    folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=place()))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def _need(kind: str, *, wheel: bool, found: bool) -> None:
    if not found:
        place = "a wheel with" if wheel else "a system's"
        pytest.skip(f"{place} {kind} is not on this machine")


@pytest.fixture(params=[False, True], ids=["system", "wheel"])
def wheel(request: pytest.FixtureRequest) -> bool:
    """Whether the binaries are a wheel's; both are tried."""
    chosen: bool = request.param
    _need("PostgreSQL", wheel=chosen, found=any(one.wheel is chosen for one in find_postgres()))
    if chosen:
        _need("Redis", wheel=chosen, found=any(one.wheel for one in find_redis()))
    return chosen
