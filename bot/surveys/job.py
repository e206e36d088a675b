"""The job that asks a survey: RQ carries its number, and its row in PostgreSQL says what is due."""

from collections.abc import Callable
from contextvars import ContextVar

import structlog

from bot.db import Pool
from bot.sql import load
from bot.surveys.token import hash_of, token_for
from bot.turns.writer import Writer
from router.events import SurveyDue

SQL = load(__file__, "surveys.sql")
ASKER: ContextVar[Callable[[int], None]] = ContextVar("asker")
"""Set by the process of the jobs before it takes any: asks one survey and returns when that is committed."""

log = structlog.get_logger()


def send_survey(survey_id: int) -> None:
    """Ask a survey; what RQ calls. Called again, it changes nothing."""
    ASKER.get()(survey_id)


async def ask(survey_id: int, *, pool: Pool, writer: Writer, secret_key: str) -> bool:
    """Put a survey's question to its contact, or leave it where it is no longer due.

    The time of the request is part of the event's source id: a repeated job is recognised, and a survey that was
    deferred and requested anew is asked.

    Returns:
        Whether it was due.

    Raises:
        Busy: the writer cannot take it now.
        OSError: PostgreSQL is away.
    """
    token = token_for(secret_key.encode(), survey_id)
    row = await pool.fetchrow(SQL["due"], survey_id, hash_of(token))
    if row is None:
        log.info("survey.not_due", survey=survey_id)
        return False
    source_id = f"survey:{survey_id}:{row['requested'].isoformat()}"
    await writer.survey_due(row["contact_id"], SurveyDue(survey_id, row["agent"]), source_id)
    return True
