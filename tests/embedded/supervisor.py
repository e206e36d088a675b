"""A supervisor as a process of its own, for tests that kill it: ``python -m tests.embedded.supervisor FOLDER``."""

import asyncio
import json
import sys
from pathlib import Path

from bot import logs
from bot.embedded.servers import Choice, Servers
from tests.servers import QUICK


async def supervise(folder: Path) -> None:
    async with Servers(folder, Choice(settings=QUICK)) as servers:
        sys.stdout.write(json.dumps(dict(servers.pids)) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure()
    asyncio.run(supervise(Path(sys.argv[1])))
