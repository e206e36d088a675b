"""The demo: fills an empty database with a standard, knowledge, people and what they work with.

The people's passwords are random per data folder and kept in it, readable by its owner only.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import structlog

from bot.db import Connection, Pool
from bot.house import DEMO_HOURS, SHIPPED
from bot.knowledge.publish import drafts
from bot.people.passwords import Passwords
from bot.people.rights import Role
from bot.sql import load as load_sql
from bot.standards.shipped import shipped_packs
from bot.words import TEMPLATES

SQL = load_sql(__file__, "basics.sql")
KNOWLEDGE = load_sql(__file__, "../knowledge/knowledge.sql")
AGENTS = load_sql(__file__, "../people/agents.sql")
LOGINS = "demo-logins.json"
PEOPLE = (
    ("wangfang", "王芳", Role.AGENT, ("mobile", "broadband")),
    ("lilei", "李雷", Role.AGENT, ("mobile",)),
    ("chenjing", "陈静", Role.LEADER, ("mobile", "broadband")),
    ("zhaolei", "赵磊", Role.HANDLER, ()),
)
"""Log-in, name, role and skills."""
HANDLERS = {"zhaolei": "network"}
"""The departments of those who handle tickets."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LogIn:
    """A person of the demo and how to log in as them."""

    login: str
    password: str
    name: str
    role: str


async def load(pool: Pool, data_dir: Path) -> tuple[LogIn, ...]:
    """Fill the database if it is empty, and return the log-ins that this data folder has kept.

    Raises:
        OSError: the log-ins cannot be kept.
    """
    if await pool.fetchval(SQL["empty"]):
        kept = _new_logins(data_dir)
        hashes = {one.login: await Passwords().hash(one.password) for one in kept}
        async with pool.acquire() as connection, connection.transaction():
            await _fill(connection, hashes)
        log.info("demo.loaded")
    return logins(data_dir)


def logins(data_dir: Path) -> tuple[LogIn, ...]:
    """The log-ins that this data folder has kept; none where the demo was never loaded from it."""
    try:
        kept = json.loads((data_dir / LOGINS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    return tuple(LogIn(**one) for one in kept)


def _new_logins(data_dir: Path) -> tuple[LogIn, ...]:
    made = tuple(LogIn(login, token_urlsafe(9), name, role.value) for login, name, role, _ in PEOPLE)
    text = json.dumps([{key: getattr(one, key) for key in LogIn.__slots__} for one in made], ensure_ascii=False)
    file = data_dir / LOGINS
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as kept:
        kept.write(text)
    return made


async def _fill(connection: Connection, hashes: Mapping[str, str]) -> None:
    await connection.execute(SQL["add_standard"], "", demo_standard())
    for name, text in shipped_packs().items():
        await connection.execute(SQL["add_standard"], name, text)
    for login, name, role, skills in PEOPLE:
        team = "一班"
        await connection.fetchval(AGENTS["add"], login, name, hashes[login], role.value, team, list(skills), 5, "zh")
    for login, department in HANDLERS.items():
        await connection.execute(SQL["join_department"], login, department)
    for one in drafts(_read("knowledge.toml")):
        values = one.id, one.category, one.question, list(one.similar), one.answer, one.hot, one.form
        await connection.execute(KNOWLEDGE["put"], *values)
    for reply in _read("replies.toml")["reply"]:
        await connection.execute(SQL["add_reply"], reply["key"], reply["title"], reply["text"])
    for position, code in enumerate(_read("wrapups.toml")["wrapup"]):
        await connection.execute(
            SQL["add_wrapup"], code["code"], code.get("parent"), code["label_zh"], code["label_en"], position
        )
    for subject in ("standard", "knowledge"):
        await connection.fetchval(KNOWLEDGE["publish"], subject)


def demo_standard() -> str:
    """The shipped standard with service hours around the clock, and no quiet hours."""
    text = SHIPPED.read_text(encoding="utf-8")
    for name in ("service", "customers"):
        table = text.index(f"[hours.{name}]")
        text = text[:table] + text[table:].replace(_hours(text, name), f'daily = ["{DEMO_HOURS}"]', 1)
    return text


def _hours(text: str, name: str) -> str:
    """The line of the shipped standard that gives these hours."""
    table = text.index(f"[hours.{name}]")
    return next(line for line in text[table:].splitlines()[1:] if line.strip() and not line.startswith("#"))


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((TEMPLATES / "demo" / file).read_text(encoding="utf-8"))
