"""Commands about API keys: ``python -m bot key add|list|revoke``."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.audit.audit import on_command_line
from bot.db import Row
from bot.keys.keys import Draft, Right, Unfit, add_key, all_keys, revoke_key
from bot.people.units import HEADQUARTERS
from bot.processes.briefly import briefly

app = typer.Typer(help="Keys of programs that call /api/v1.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the key is for, as people will read it.")],
    scope: Annotated[list[Right], typer.Option("--scope", help="What it opens; may be given again.")],
    unit: Annotated[int, typer.Option("--unit", help="The unit that it opens with all below it.")] = HEADQUARTERS,
    login: Annotated[str, typer.Option("--as", help="In whose name it writes.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a key. It is shown this once."""
    draft = Draft(name, frozenset(scope), unit, login)
    try:
        number, secret = briefly(lambda pool, _: add_key(pool, draft, on_command_line()))
    except Unfit as unfit:
        if as_json:
            typer.echo(json.dumps({"error": str(unfit)}))
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit
    if as_json:
        typer.echo(json.dumps({"id": number, "key": secret}))
        return
    typer.echo(secret)
    typer.echo(f"This is key {number}. It is not shown again.", err=True)


@app.command()
def revoke(number: Annotated[int, typer.Argument(metavar="ID", help="See key list.")], as_json: AsJson = False) -> None:
    """Let a key open nothing any more, at once."""
    done = briefly(lambda pool, _: revoke_key(pool, number, on_command_line()))
    if as_json:
        typer.echo(json.dumps({"ok": done, "id": number}))
    elif done:
        typer.echo(f"Key {number} opens nothing any more.")
    else:
        typer.echo(f"There is no key {number} in use.", err=True)
    if not done:
        raise typer.Exit(1)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show all keys, as far as they can be shown."""
    rows = briefly(lambda pool, _: all_keys(pool))
    if as_json:
        typer.echo(json.dumps({"keys": [_plain(row) for row in rows]}, ensure_ascii=False))
        return
    table = Table("id", "name", "begins with", "scopes", "unit", "writes as", "last used", "state")
    for row in rows:
        used = row["used"].isoformat(timespec="minutes") if row["used"] else "never"
        state = "revoked" if row["revoked"] else "in use" if row["unit"] else "its unit is closed"
        scopes = "\n".join(row["scopes"])
        table.add_row(
            str(row["id"]), row["name"], row["start"], scopes, row["unit"] or "", row["agent"] or "", used, state
        )
    Console().print(table)


def _plain(row: Row) -> Mapping[str, object]:
    """A row of the list with its moments as RFC 3339."""
    moments = ("created", "used", "revoked")
    return {**row, **{name: row[name] and row[name].isoformat() for name in moments}}
