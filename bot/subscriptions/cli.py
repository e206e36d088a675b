"""Commands about webhooks: ``python -m bot webhook add|list|rotate|disable|enable|log|replay``."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.audit.audit import on_command_line
from bot.db import Row
from bot.processes.briefly import briefly
from bot.subscriptions.events import Type
from bot.subscriptions.subscriptions import Draft, Subscriptions, Unfit

app = typer.Typer(help="Systems that are told of what happens here.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Id = Annotated[int, typer.Argument(metavar="ID", help="See webhook list.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What is told, as people will read it.")],
    url: Annotated[str, typer.Argument(help="Where: https://…")],
    event: Annotated[list[Type], typer.Option("--event", help="Of what; may be given again.")],
    as_json: AsJson = False,
) -> None:
    """Have a system told. The secret that signs is shown this once."""
    draft = Draft(name, url, frozenset(event))
    try:
        number, secret = _with(lambda kept: kept.add(draft, on_command_line()))
    except Unfit as unfit:
        _refuse(str(unfit), as_json=as_json)
    _tell_secret(number, secret, as_json=as_json)


@app.command()
def rotate(number: Id, as_json: AsJson = False) -> None:
    """Sign with a new secret; the present one signs as well for 24 hours."""
    made = _with(lambda kept: kept.rotate(number, on_command_line()))
    if made is None:
        _refuse(f"There is no webhook {number}.", as_json=as_json)
    _tell_secret(number, made[0], as_json=as_json)


@app.command()
def disable(number: Id, as_json: AsJson = False) -> None:
    """Tell no more, not even what waits."""
    _done(_with(lambda kept: kept.disable(number, on_command_line())), number, "is not told any more", as_json=as_json)


@app.command()
def enable(number: Id, as_json: AsJson = False) -> None:
    """Tell what happens from now on."""
    _done(_with(lambda kept: kept.enable(number, on_command_line())), number, "is told from now on", as_json=as_json)


@app.command()
def replay(
    number: Id,
    delivery: Annotated[
        int | None, typer.Option("--delivery", help="See webhook log; without it all given up.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell something again, or all that was given up."""
    told = _with(lambda kept: kept.replay(number, delivery, on_command_line()))
    typer.echo(json.dumps({"ok": told > 0, "deliveries": told}) if as_json else f"{told} will be told again.")
    if not told:
        raise typer.Exit(1)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show who is told of what, and how it stands."""
    rows = _with(lambda kept: kept.all())
    if as_json:
        typer.echo(json.dumps({"webhooks": [_plain(row) for row in rows]}, ensure_ascii=False))
        return
    table = Table("id", "name", "url", "events", "waiting", "given up", "taken in 24 h", "state")
    for row in rows:
        counts = (str(row[name]) for name in ("waiting", "failed", "taken"))
        state = f"off: {row['reason']}" if row["disabled"] else "on"
        table.add_row(str(row["id"]), row["name"], row["url"], "\n".join(row["events"]), *counts, state)
    Console().print(table)


@app.command()
def log(
    number: Id, most: Annotated[int, typer.Option(min=1, help="How many at the most.")] = 50, as_json: AsJson = False
) -> None:
    """Show what was told, the latest first, with each try."""
    rows = _with(lambda kept: kept.log(number, 0, most))
    if as_json:
        typer.echo(json.dumps({"deliveries": [_plain(row) for row in rows]}, ensure_ascii=False))
        return
    table = Table("delivery", "event", "happened", "stands", "tries")
    for row in rows:
        standing = "taken" if row["taken"] else f"again {row['due']:%m-%d %H:%M:%S}" if row["due"] else "given up"
        tries = "\n".join(
            f"{datetime.fromtimestamp(at, UTC):%m-%d %H:%M:%S} {outcome} {spent} ms"
            for at, outcome, spent in row["tries"]
        )
        table.add_row(str(row["id"]), row["type"], f"{row['at']:%m-%d %H:%M:%S}", standing, tries)
    Console().print(table)


def _with(work: Callable[[Subscriptions], Awaitable[T]]) -> T:
    return briefly(lambda pool, settings: work(Subscriptions(pool, settings.secret_key, settings.private_webhooks)))


def _tell_secret(number: int, secret: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"id": number, "secret": secret}))
        return
    typer.echo(secret)
    typer.echo(f"This signs for webhook {number}. It is not shown again.", err=True)


def _done(done: bool, number: int, said: str, *, as_json: bool) -> None:
    if not done:
        _refuse(f"Nothing changed for webhook {number}.", as_json=as_json)
    typer.echo(json.dumps({"ok": True, "id": number}) if as_json else f"Webhook {number} {said}.")


def _refuse(said: str, *, as_json: bool) -> NoReturn:
    if as_json:
        typer.echo(json.dumps({"error": said}, ensure_ascii=False))
    typer.echo(said, err=True)
    raise typer.Exit(1)


def _plain(row: Row) -> Mapping[str, object]:
    """A row with its moments as RFC 3339."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
