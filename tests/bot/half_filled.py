"""A process that fills in half a form and is killed before anything is tidied up: ``half_filled DATABASE REDIS``."""

import asyncio
import os
import signal
import sys

from tests.bot.stage import open_stage
from tests.router.test_forms import office


async def _fill(database_url: str, redis_url: str) -> None:
    async with open_stage(database_url, redis_url, at=office()) as stage:
        for said in ("开发票", "单位", "汇通公司"):
            await stage.say(said, source_id=f"half:{said}")
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(_fill(*sys.argv[1:3]))
