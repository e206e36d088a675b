"""Questionnaires: the one that comes with the house and those that were published, each in force by its version."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from bot.audit.audit import By, Deed, note
from bot.db import Pool, Statements
from bot.sql import load
from router.questionnaire.questionnaire import Questionnaire, Questionnaires
from router.questionnaire.table import parse

SQL = load(__file__, "questionnaires.sql")
KNOWLEDGE = load(__file__, "../knowledge/knowledge.sql")
SUBJECT = "questionnaire"

_parsed = cache(parse)


def shipped_text() -> str:
    """The TOML of the questionnaire that comes with the house."""
    return files("router.questionnaire").joinpath("questionnaire.toml").read_text(encoding="utf-8")


@cache
def shipped_questionnaires() -> Questionnaires:
    """The one that comes with the house. Raises: StandardError where it does not hold."""
    return _of([shipped_text()])


async def read_questionnaires(database: Statements) -> Questionnaires:
    """The one that comes with the house, which holds until another is published, together with those that were."""
    rows = await database.fetch(SQL["published"])
    return _of([shipped_text(), *(row["text"] for row in rows)])


async def publish(pool: Pool, text: str, questionnaire: Questionnaire, by: By) -> bool:
    """Put a version in force for what is asked from now on; running processes take it within seconds.

    Returns:
        Whether it was; False where that version is known already, or a later one.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SQL["lock"])
        if max((await read_questionnaires(connection)).all) >= questionnaire.version:
            return False
        await connection.execute(SQL["add"], questionnaire.version, text)
        await connection.fetchval(KNOWLEDGE["publish"], SUBJECT)
        await note(connection, by, Deed.QUESTIONNAIRE_PUBLISHED, detail=f"version={questionnaire.version}")
    return True


def _of(texts: Sequence[str]) -> Questionnaires:
    """All of them, of which the last one holds."""
    found = [_parsed(text) for text in texts]
    return Questionnaires(MappingProxyType({one.version: one for one in found}), found[-1].version)
