"""Commands about tickets: ``python -m bot tickets import|check|show|publish``."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.audit.audit import on_command_line
from bot.house import House, open_house
from bot.processes.connected import connected
from bot.settings import read as read_settings
from bot.spreadsheets import Wrong, WrongFile
from bot.tickets.imports.known import count_known, known_now
from bot.tickets.imports.sheet import COLUMNS, NEEDED, Brought, read
from bot.tickets.imports.taking import Taken, take
from bot.tickets.rules_cli import app as rules

app = typer.Typer(help="Tickets and complaints.", no_args_is_help=True)
app.add_typer(rules)
MOST_SHOWN = 20
"""Wrong rows that are named on the screen; ``--json`` names all."""
OPTIONAL = ", ".join(name for name in COLUMNS if name not in NEEDED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a file came to."""

    taken: Taken
    wrong: list[Wrong]


@app.callback()
def tickets() -> None:
    """Tickets and complaints."""


@app.command(name="import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(help=f"CSV or XLSX with {', '.join(NEEDED)}; also {OPTIONAL}.", exists=True, dir_okay=False),
    ],
    account: Annotated[
        str, typer.Option("--account", help="The hotline account of these customers; the first one if left out.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False,
) -> None:
    """Follow tickets of another system here; each comes once, and customers are told of nothing.

    A row that does not hold is named and left out.
    """
    try:
        outcome = asyncio.run(_import(file.read_bytes(), file.name, account, dry_run=dry_run))
    except WrongFile as error:
        typer.echo(json.dumps({"error": str(error)}) if as_json else f"{file}: {error}", err=not as_json)
        raise typer.Exit(1) from error
    taken, wrong = outcome.taken, sorted(outcome.wrong, key=lambda one: one.line)
    if as_json:
        named = [{"line": one.line, "why": one.why} for one in wrong]
        told = {"new": taken.new, "known": taken.known, "wrong": named, "dry_run": dry_run}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in wrong[:MOST_SHOWN]:
            typer.echo(f"{file}: line {one.line}: {one.why}", err=True)
        said = "would be taken in" if dry_run else "are taken in"
        typer.echo(f"{taken.new} tickets {said}, {taken.known} were known, {len(wrong)} rows are wrong.")
    if wrong:
        raise typer.Exit(1)


async def _import(content: bytes, source: str, account: str, *, dry_run: bool) -> Outcome:
    """Raises: WrongFile."""
    settings = connected(read_settings())
    named = account or next(iter(settings.accounts.hotline), "")
    if named not in settings.accounts.hotline:
        raise typer.BadParameter(f"there is no hotline account {named or 'at all'}", param_hint="--account")
    async with open_house(settings, answers=False) as house:
        known = await known_now(house.pool, house.snapshot.world.tickets, house.settings.zone, source)
        rows = read(content, known)
        good = [row for row in rows if isinstance(row, Brought)]
        wrong = [row for row in rows if isinstance(row, Wrong)]
        taken = await _counted(house, good) if dry_run else await _taken(house, good, named, source)
        return Outcome(taken, [*wrong, *taken.wrong])


async def _counted(house: House, rows: list[Brought]) -> Taken:
    """What would become of rows that hold."""
    known = await count_known(house.pool, rows)
    return Taken(len(rows) - known, known)


async def _taken(house: House, rows: list[Brought], account: str, source: str) -> Taken:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("Importing", total=len(rows))
        return await take(
            rows,
            house.writer.take,
            house.pool,
            on_command_line(),
            account=account,
            source=source,
            tell=lambda: progress.advance(bar),
        )
