"""Floods the desk and tells how its page fared: ``python -m tests.flood [--seconds 60] [--rows 300]``.

Exit code 1 where typed text was changed or a message did not come.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
from collections import Counter
from pathlib import Path

from playwright.async_api import async_playwright

from bot.bench.cpu import spent
from bot.migrations.run import upgrade
from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.browser.office import open_office
from tests.flood.flood import Seen, flood
from tests.servers import Addresses, addresses, beside, create_database, drop_database


async def _seen(servers: Addresses, asked: argparse.Namespace) -> Seen:
    template = f"huiying_flood_{secrets.token_hex(4)}"
    await create_database(servers.database_url, template)
    await upgrade(beside(servers.database_url, template))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        async with open_office(servers, template, browser) as office:
            seen = await flood(
                office,
                seconds=asked.seconds,
                per_second=asked.per_second,
                rows=asked.rows,
                stirred=asked.stirred,
                spent=_spent,
            )
        await browser.close()
    await drop_database(servers.database_url, template)
    return seen


def _spent() -> Counter[str]:
    """CPU seconds until now by program: the house and its driver are one process, ``python``."""
    return _spent_by(os.getpid())


def _spent_by(pid: int) -> Counter[str]:
    """The same for a process and its children; nothing for one that has just gone."""
    place = Path("/proc") / str(pid)
    try:
        name = (place / "comm").read_text().strip()
        told = [(task / "children").read_text() for task in (place / "task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return Counter()
    children = [int(child) for text in told for child in text.split()]
    own = spent(pid) - sum(map(spent, children))
    return sum(map(_spent_by, children), Counter({name: own}))


def main() -> int:
    """Flood, and tell how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--per-second", type=float, default=50.0)
    parser.add_argument("--rows", type=int, default=300)
    parser.add_argument("--stirred", type=float, default=5.0, help="lines of the list that change each second")
    asked = parser.parse_args()
    with addresses() as servers:
        seen = asyncio.run(_seen(servers, asked))
    delays = sorted(seen.delays_ms)
    figures = {
        "sent": seen.sent,
        "shown": len(delays),
        "p50_ms": delays[len(delays) // 2] if delays else None,
        "p99_ms": delays[int(len(delays) * 0.99)] if delays else None,
        "long_tasks": seen.long_tasks,
        "typed_text_intact": seen.typed == seen.wanted,
        "behind_px": seen.behind,
        "requests": seen.requests,
        "cpu_seconds": {name: round(seconds, 1) for name, seconds in sorted(seen.spent.items()) if seconds > 0.1},
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    return int(seen.typed != seen.wanted or len(delays) < seen.sent)


if __name__ == "__main__":
    sys.exit(main())
