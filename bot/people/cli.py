"""Commands about the people at the desk: ``python -m bot user``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.bus import Bus
from bot.db import open_pool
from bot.doors.known import CAPABILITIES
from bot.people.agent import Agent, Role
from bot.people.people import People
from bot.processes.connected import connected

SHORTEST = 8
"""Characters of a password at least."""

app = typer.Typer(help="The people who work at the desk.", no_args_is_help=True)

T = TypeVar("T")
Login = Annotated[str, typer.Argument(help="What the person types to log in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Password = Annotated[
    str, typer.Option("--password", help="The new password; without it one is made up and printed.", prompt=False)
]


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="The name that customers see; the log-in if left out.")] = "",
    role: Annotated[Role, typer.Option("--role", help="What the person may see and do.")] = Role.AGENT,
    skills: Annotated[str, typer.Option("--skills", help="Skills, with commas between them.")] = "",
    capacity: Annotated[int, typer.Option("--capacity", help="The most conversations at once.", min=0)] = 5,
    team: Annotated[str, typer.Option("--team", help="The person's team.")] = "",
    language: Annotated[str, typer.Option("--language", help="zh or en.")] = "zh",
    password: Password = "",
    as_json: AsJson = False,
) -> None:
    """Take in a person."""
    chosen = _password(password)
    wanted = tuple(skill.strip() for skill in skills.split(",") if skill.strip())

    async def work(people: People) -> int | None:
        return await people.add(
            login,
            chosen,
            name=name or login,
            role=role,
            skills=wanted,
            capacity=capacity,
            team=team,
            language="en" if language == "en" else "zh",
        )

    number = _with_people(work)
    if number is None:
        _refuse(f"the log-in {login} is taken", as_json=as_json)
    _tell({"id": number, "login": login.strip().lower(), "password": chosen}, hide=bool(password), as_json=as_json)


@app.command(name="list")
def show(as_json: AsJson = False) -> None:
    """Show everyone who works at the desk."""

    async def work(people: People) -> list[Agent]:
        return await people.all()

    agents = _with_people(work)
    if as_json:
        typer.echo(json.dumps([_document(agent) for agent in agents], ensure_ascii=False))
        return
    table = Table("id", "login", "name", "role", "skills", "capacity", "presence")
    for agent in agents:
        skills = ", ".join(agent.skills)
        table.add_row(str(agent.id), agent.login, agent.name, agent.role, skills, _capacity(agent), agent.presence)
    Console().print(table)


@app.command(name="password")
def set_password(login: Login, password: Password = "", as_json: AsJson = False) -> None:
    """Give a person a new password; all their sessions end."""
    chosen = _password(password)

    async def work(people: People) -> bool:
        return await people.set_password(login, chosen)

    if not _with_people(work):
        _refuse(f"there is no log-in {login}", as_json=as_json)
    _tell({"login": login.strip().lower(), "password": chosen}, hide=bool(password), as_json=as_json)


@app.command(name="extension")
def set_extension(
    login: Login,
    extension: Annotated[str, typer.Argument(help="The extension at which the person picks up; empty for none.")],
    as_json: AsJson = False,
) -> None:
    """Tell by which telephone extension a person is known on the hotline."""

    async def work(people: People) -> bool:
        return await people.set_extension(login, extension)

    if not _with_people(work):
        _refuse(f"there is no log-in {login}", as_json=as_json)
    _tell({"login": login.strip().lower(), "extension": extension}, hide=False, as_json=as_json)


@app.command(name="set")
def set_capacity(
    login: Login,
    capacity: Annotated[int | None, typer.Option("--capacity", help="The most conversations at once.", min=0)] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(
            "--limit", help="Of one channel, such as wechat=3; wechat= takes it away. May stand several times."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change how many conversations a person carries at once."""
    limits = dict(map(_limit, limit or ()))

    async def work(people: People) -> bool:
        return await people.set_capacity(login, capacity, limits)

    if not _with_people(work):
        _refuse(f"there is no log-in {login}", as_json=as_json)
    told: dict[str, object] = {"login": login.strip().lower()}
    if capacity is not None:
        told["capacity"] = capacity
    _tell({**told, "limits": limits}, hide=False, as_json=as_json)


def _limit(text: str) -> tuple[str, int | None]:
    """A channel and its limit. Ends with exit code 2 where the text is none."""
    channel, _, most = text.partition("=")
    if channel not in CAPABILITIES or not (most == "" or (most.isascii() and most.isdigit() and len(most) < 5)):
        raise typer.BadParameter(f"{text} is not of the form CHANNEL=NUMBER", param_hint="--limit")
    return channel, int(most) if most else None


def _with_people(work: Callable[[People], Awaitable[T]]) -> T:
    """Do something with the people of the running or named database."""

    async def connected_work() -> T:
        found = connected(settings.read())
        pool = await open_pool(found.database_url or "", size=1, application="huiying-user")
        try:
            return await work(People(pool, Bus(found.redis_url or "")))
        finally:
            await pool.close()

    return asyncio.run(connected_work())


def _password(given: str) -> str:
    """The password to set: the given one, or a new one. Ends with exit code 2 where the given one is too short."""
    if given and len(given) < SHORTEST:
        raise typer.BadParameter(f"at least {SHORTEST} characters", param_hint="--password")
    return given or token_urlsafe(12)


def _tell(said: dict[str, object], *, hide: bool, as_json: bool) -> None:
    shown = {key: value for key, value in said.items() if not (hide and key == "password")}
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    for key, value in shown.items():
        typer.echo(f"{key}: {value}")


def _refuse(why: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": why}, ensure_ascii=False))
    typer.echo(why, err=True)
    raise typer.Exit(1)


def _capacity(agent: Agent) -> str:
    return " ".join([str(agent.capacity), *(f"{channel}={most}" for channel, most in agent.channel_limits.items())])


def _document(agent: Agent) -> dict[str, object]:
    return {
        "id": agent.id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role.value,
        "team": agent.team,
        "skills": list(agent.skills),
        "capacity": agent.capacity,
        "channel_limits": dict(agent.channel_limits),
        "language": agent.language,
        "presence": agent.presence.value,
        "presence_since": agent.presence_since.isoformat(),
    }
