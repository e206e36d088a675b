"""Commands about what an official account shows: ``python -m bot wechat menu push|show`` and ``wechat qr``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import segno
import typer
from rich.console import Console

from bot.db import open_pool
from bot.doors.making import outside
from bot.outlets.outlets import Outlet, find_outlet
from bot.processes.connected import connected
from bot.settings import Settings, read
from channels.accounts import WechatAccount
from channels.door import TryAgain, Undeliverable
from channels.tokens import MemoryTokens
from channels.wechat.calls import codes
from channels.wechat.calls import menu as menus
from channels.wechat.calls.api import Api
from router.outlets import SCENE

MODULE = 12
"""Pixels of one module: a code of this size prints well at 4 cm."""

app = typer.Typer(help="What an official account shows in WeChat.", no_args_is_help=True)
menu = typer.Typer(help="The menu below the chat.", no_args_is_help=True)
app.add_typer(menu, name="menu")

Name = Annotated[str, typer.Option("--account", help="The account; needed where there are several.", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]

T = TypeVar("T")
Ask = Callable[[Api], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The menu that WeChat has, beside the one of the file; a line for each item."""

    account: str
    shown: tuple[str, ...]
    wanted: tuple[str, ...]
    pushed: bool = False

    @property
    def diff(self) -> list[str]:
        """Lines with ``-`` go, lines with ``+`` come; none where both are the same."""
        found = unified_diff(self.shown, self.wanted, "WeChat", "file", lineterm="", n=len(self.shown))
        return [line for line in found if not line.startswith("@@")]


@menu.command()
def push(account: Name = "", as_json: AsJson = False) -> None:
    """Put the menu of the file into WeChat, unless it is there already; phones show it within a day."""
    one = _account(read(), account)
    if not one.menu:
        _wrong(f"[wechat.{one.name}] has no menu; write [[wechat.{one.name}.menu]] into the file")

    async def ask(api: Api) -> Compared:
        compared = Compared(one.name, await menus.shown(api, one), menus.wanted(one.menu))
        if not compared.diff:
            return compared
        await menus.push(api, one)
        return Compared(one.name, compared.shown, compared.wanted, pushed=True)

    _print(_asked(ask), as_json=as_json)


@menu.command()
def show(account: Name = "", as_json: AsJson = False) -> None:
    """Show the menu that WeChat has, and how it differs from the one of the file."""
    one = _account(read(), account)

    async def ask(api: Api) -> Compared:
        return Compared(one.name, await menus.shown(api, one), menus.wanted(one.menu))

    _print(_asked(ask), as_json=as_json)


@app.command()
def qr(
    outlet: Annotated[str, typer.Argument(help="The outlet's id; see python -m bot outlet list.")],
    out: Annotated[Path | None, typer.Option(help="Where the PNG goes; outlet-<ID>.png without it.")] = None,
    account: Name = "",
    as_json: AsJson = False,
) -> None:
    """Have a code made for an outlet: who scans it follows the account, and the outlet stands in their history."""
    settings = read()
    one, found = _account(settings, account), asyncio.run(_outlet(settings, outlet))
    if found is None:
        _wrong(f"there is no outlet {outlet}; take it in with: python -m bot outlet add {outlet} NAME")
    scene = f"{SCENE}{found.id}"
    url = _asked(lambda api: codes.make(api, one, scene))
    file = (out or Path(f"outlet-{found.id}.png")).absolute()
    try:
        segno.make_qr(url, error="m").save(str(file), kind="png", scale=MODULE)
    except OSError as error:
        _wrong(f"{file} cannot be written: {error.strerror}")
    written = {"account": one.name, "outlet": asdict(found), "scene": scene, "url": url, "file": str(file)}
    typer.echo(json.dumps(written, ensure_ascii=False) if as_json else str(file))


async def _outlet(settings: Settings, outlet_id: str) -> Outlet | None:
    pool = await open_pool(str(connected(settings).database_url), size=1)
    try:
        return await find_outlet(pool, outlet_id)
    finally:
        await pool.close()


def _account(settings: Settings, name: str) -> WechatAccount:
    """The named account, or the only one; one that may call WeChat."""
    accounts = settings.accounts.wechat
    found = accounts.get(name) if name else next(iter(accounts.values()), None)
    if found is None or (not name and len(accounts) > 1):
        known = ", ".join(sorted(accounts)) or "none"
        _wrong(f"[wechat.{name}] is not in the file; known: {known}" if name else f"name an --account; known: {known}")
    if not found.app_secret:
        _wrong(f"[wechat.{found.name}] has no app_secret, so that WeChat takes no calls of ours")
    return found


def _asked(ask: Ask[T]) -> T:
    """Ask WeChat. A token of its own does no harm: WeChat gives the same one to all who ask while it lives."""

    async def asked() -> T:
        async with outside() as session:
            return await ask(Api(session, MemoryTokens(_now), _now))

    try:
        return asyncio.run(asked())
    except (TryAgain, Undeliverable) as error:
        trouble = f" ({error.trouble})" if error.trouble else ""
        typer.echo(f"WeChat: {error.reason}{trouble}", err=True)
        raise typer.Exit(1) from None


def _now() -> datetime:
    return datetime.now(UTC)


def _wrong(said: str) -> NoReturn:
    typer.echo(said, err=True)
    raise typer.Exit(2)


def _print(found: Compared, *, as_json: bool) -> None:
    diff = found.diff
    if as_json:
        typer.echo(json.dumps({**asdict(found), "differs": bool(diff), "diff": diff}, ensure_ascii=False))
        return
    console = Console(highlight=False, markup=False)
    for line in diff or [f"  {line}" for line in found.shown]:
        console.print(line, style={"-": "red", "+": "green"}.get(line[:1], ""))
    if found.pushed:
        console.print("WeChat has taken the menu.", style="bold")
    elif not diff:
        console.print("WeChat has the menu of the file." if found.shown else "There is no menu.", style="bold")
