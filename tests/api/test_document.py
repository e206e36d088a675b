"""Whatever a program sends, the API answers as its document says, and never fails."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from bot.keys.keys import Right
from bot.words import TEMPLATES
from router.events import TicketOpened
from tests.api.program import open_house
from tests.bot.test_surveys import asked
from tests.bot.test_tickets import FAULT

CALLS = 5
"""Made of each operation, with sense and without."""
UNDECIDED = "positive_data_acceptance"
"""No schema knows which cursors, wrap-ups and business types there are."""


async def test_calls_of_all_kinds_are_answered_as_the_document_says(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    async with open_house(database_url, redis_url) as house:
        await asked(house.stage)
        await house.stage.say("5")
        await house.stage.say("人工")
        agent = await house.stage.pool.fetchval("SELECT id FROM agents")
        contact = await house.stage.pool.fetchval("SELECT id FROM contacts")
        await house.stage.act(contact, TicketOpened(agent, "王芳", FAULT))
        login = await house.stage.pool.fetchval("SELECT login FROM agents")
        program = await house.program(*Right, login=login)
        running = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "schemathesis"),
            *("run", str(TEMPLATES / "api" / "openapi.json"), "--url", str(house.server.make_url(""))),
            *("-H", f"Authorization: Bearer {program.key}", "--include-path-regex", "^/api/v1/"),
            *("--phases", "fuzzing", "--max-examples", str(CALLS), "--seed", "1", "--exclude-checks", UNDECIDED),
            *("--generation-database", "none", "--no-color"),
            cwd=tmp_path,
            stdout=PIPE,
            stderr=STDOUT,
        )
        said, _ = await running.communicate()
        assert running.returncode == 0, said.decode()
        assert b"Tested: 11" in said
