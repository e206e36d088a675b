"""A data folder and a port for an ``up`` of the test's own."""

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.embedded.folders import Folders
from tests.servers import FOLDER, end_servers, place


@pytest.fixture
def environ() -> Iterator[dict[str, str]]:
    """An environment that names an empty data folder and a free port, and no servers."""
    folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=place()))
    folder.chmod(0o711)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("HUIYING_")}
    yield ours | {"HUIYING_DATA_DIR": str(folder), "HUIYING_PORT": str(_free_port())}
    asyncio.run(end_servers(Folders(folder)))
    shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
