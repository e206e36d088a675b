"""Commands about the people at the desk: ``python -m bot user``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from secrets import token_urlsafe
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.audit.audit import on_command_line
from bot.bus import Bus
from bot.db import open_pool
from bot.doors.known import CAPABILITIES
from bot.login.oidc import cli as oidc
from bot.people.accounts import Account, Accounts, Outcome, Profile, Skill, parse_skills
from bot.people.passwords import SHORTEST
from bot.people.people import People
from bot.people.rights import Role
from bot.processes.connected import connected

app = typer.Typer(help="The people who work at the desk.", no_args_is_help=True)
app.add_typer(oidc.app)

T = TypeVar("T")
Login = Annotated[str, typer.Argument(help="What the person types to log in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
SKILLS = "Skills with commas between them; with a certificate's last day as in broadband:2027-01-31."
SHOWN = ("name", "role", "team", "skills", "capacity")
Skills = Annotated[str, typer.Option("--skills", help=SKILLS)]
Password = Annotated[
    str, typer.Option("--password", help="The new password; without it one is made up and printed.", prompt=False)
]


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="The name that customers see; the log-in if left out.")] = "",
    role: Annotated[Role, typer.Option("--role", help="What the person may see and do.")] = Role.AGENT,
    skills: Skills = "",
    capacity: Annotated[int, typer.Option("--capacity", help="The most conversations at once.", min=0)] = 5,
    team: Annotated[str, typer.Option("--team", help="The person's team.")] = "",
    language: Annotated[str, typer.Option("--language", help="zh or en.")] = "zh",
    password: Password = "",
    as_json: AsJson = False,
) -> None:
    """Take in a person."""
    chosen, tongue = _password(password), "en" if language == "en" else "zh"
    profile = Profile(name or login, role, team, _skills(skills), capacity)

    async def work(people: People, accounts: Accounts) -> int | None:
        number = await people.add(login, chosen, name=profile.name, role=role, language=tongue)
        if number is not None:
            await accounts.change(number, profile, on_command_line())
        return number

    number = _with_people(work)
    if number is None:
        _refuse(f"the log-in {login} is taken", as_json=as_json)
    _tell({"id": number, "login": login.strip().lower(), "password": chosen}, hide=bool(password), as_json=as_json)


@app.command(name="list")
def show(as_json: AsJson = False) -> None:
    """Show everyone who works at the desk."""

    async def work(_people: People, accounts: Accounts) -> list[Account]:
        return await accounts.all()

    accounts = _with_people(work)
    if as_json:
        typer.echo(json.dumps([_document(account) for account in accounts], ensure_ascii=False))
        return
    table = Table("id", "login", "name", "role", "team", "skills", "capacity", "state")
    for one in accounts:
        told = one.profile.told()
        state = "disabled" if one.disabled else one.presence
        table.add_row(str(one.id), one.login, *(told[name] for name in SHOWN), state)
    Console().print(table)


@app.command()
def change(
    login: Login,
    name: Annotated[str | None, typer.Option("--name", help="The name that customers see.")] = None,
    role: Annotated[Role | None, typer.Option("--role", help="What the person may see and do.")] = None,
    team: Annotated[str | None, typer.Option("--team", help="The person's team.")] = None,
    skills: Annotated[str | None, typer.Option("--skills", help=SKILLS)] = None,
    capacity: Annotated[int | None, typer.Option("--capacity", help="The most conversations at once.", min=0)] = None,
    unit: Annotated[int | None, typer.Option("--unit", help="The id of the unit that the person belongs to.")] = None,
    department: Annotated[
        str | None, typer.Option("--department", help="The department whose tickets the person handles.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change an account; what is not named stays."""
    learnt = None if skills is None else _skills(skills)
    given = {"name": name, "role": role, "team": team, "skills": learnt, "capacity": capacity, "unit": unit}
    given["department"] = department
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}

    async def work(accounts: Accounts, account: Account) -> Outcome:
        return await accounts.change(account.id, replace(account.profile, **changes), on_command_line())

    _act(login, work, as_json=as_json)


@app.command()
def disable(login: Login, as_json: AsJson = False) -> None:
    """Take an account out of use; all its sessions end."""
    _act(login, lambda accounts, account: accounts.disable(account.id, on_command_line()), as_json=as_json)


@app.command()
def enable(login: Login, as_json: AsJson = False) -> None:
    """Take an account into use again."""
    _act(login, lambda accounts, account: accounts.enable(account.id, on_command_line()), as_json=as_json)


@app.command()
def sessions(login: Login, as_json: AsJson = False) -> None:
    """Log a person out in all browsers."""
    _act(login, lambda accounts, account: accounts.end_sessions(account.id, on_command_line()), as_json=as_json)


@app.command(name="totp-off")
def drop_factor(login: Login, as_json: AsJson = False) -> None:
    """Take the second factor of a person who has lost it away; all their sessions end."""
    _act(login, lambda accounts, account: accounts.drop_factor(account.id, on_command_line()), as_json=as_json)


@app.command(name="totp-roles")
def require_factor(
    roles: Annotated[
        list[Role] | None, typer.Argument(help="All roles that need a second factor; none for none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which roles need a second factor: whoever has none sets it up at the next log-in."""

    async def work(_people: People, accounts: Accounts) -> None:
        await accounts.require(roles or (), on_command_line())

    _with_people(work)
    _tell({"roles": [role.value for role in roles or ()]}, hide=False, as_json=as_json)


@app.command(name="password")
def set_password(login: Login, password: Password = "", as_json: AsJson = False) -> None:
    """Give a person a new password; all their sessions end."""
    chosen = _password(password)

    async def work(people: People, _accounts: Accounts) -> bool:
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

    async def work(people: People, _accounts: Accounts) -> bool:
        return await people.set_extension(login, extension)

    if not _with_people(work):
        _refuse(f"there is no log-in {login}", as_json=as_json)
    _tell({"login": login.strip().lower(), "extension": extension}, hide=False, as_json=as_json)


def _act(login: str, work: Callable[[Accounts, Account], Awaitable[Outcome]], *, as_json: bool) -> None:
    """Do something with one account; ends with exit code 1 where nothing came of it."""

    async def found(_people: People, accounts: Accounts) -> Outcome:
        known = {one.login: one for one in await accounts.all()}
        account = known.get(login.strip().lower())
        return Outcome.NOBODY if account is None else await work(accounts, account)

    outcome = _with_people(found)
    if outcome is not Outcome.DONE:
        _refuse(f"there is no log-in {login}, no such unit, or it is so already", as_json=as_json)
    _tell({"login": login.strip().lower(), "ok": True}, hide=False, as_json=as_json)


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

    async def work(people: People, _accounts: Accounts) -> bool:
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


def _with_people(work: Callable[[People, Accounts], Awaitable[T]]) -> T:
    """Do something with the people of the running or named database."""

    async def connected_work() -> T:
        found = connected(settings.read())
        pool = await open_pool(found.database_url or "", size=1, application="huiying-user")
        try:
            bus = Bus(found.redis_url or "")
            return await work(People(pool, bus), Accounts(pool, bus))
        finally:
            await pool.close()

    return asyncio.run(connected_work())


def _skills(text: str) -> tuple[Skill, ...]:
    """Ends with exit code 2 where the text is no list of skills."""
    try:
        return parse_skills(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--skills") from error


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


def _document(account: Account) -> dict[str, object]:
    told = account.profile
    return {
        "id": account.id,
        "login": account.login,
        "name": told.name,
        "role": told.role.value,
        "team": told.team,
        "skills": [skill.name for skill in told.skills],
        "certified_until": {skill.name: skill.until.isoformat() for skill in told.skills if skill.until},
        "capacity": told.capacity,
        "extension": told.extension,
        "unit": told.unit,
        "department": told.department,
        "presence": account.presence,
        "disabled": account.disabled,
        "second_factor": account.factor,
        "sessions": account.sessions,
    }
