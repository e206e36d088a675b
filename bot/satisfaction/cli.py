"""Commands about satisfaction: ``python -m bot survey mystery|questionnaire``."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.audit.audit import on_command_line
from bot.db import open_pool
from bot.doors.known import CAPABILITIES
from bot.processes.connected import connected
from bot.satisfaction import mystery as visits
from bot.satisfaction.months import Month
from bot.settings import read
from bot.spreadsheets import Wrong, WrongFile
from bot.surveys import cli as questionnaires
from bot.taken_cli import tell

app = typer.Typer(help="How satisfied customers are.", no_args_is_help=True)
mystery = typer.Typer(help="What mystery shoppers found.", no_args_is_help=True)
app.add_typer(mystery, name="mystery")
app.add_typer(questionnaires.app, name="questionnaire")


@mystery.callback()
def _mystery() -> None:
    """What mystery shoppers found."""


@mystery.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help=f"CSV or XLSX with {', '.join(visits.COLUMNS)}.", exists=True, dir_okay=False)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False,
) -> None:
    """Take months in, each instead of what was imported for it. With a wrong row, nothing is taken in."""
    try:
        rows = asyncio.run(_taken(file.read_bytes(), file.name, dry_run=dry_run))
    except WrongFile as error:
        typer.echo(json.dumps({"error": str(error)}) if as_json else f"{file}: {error}", err=not as_json)
        raise typer.Exit(1) from error
    wrong = [one for one in rows if isinstance(one, Wrong)]
    taken = 0 if wrong else len(rows)
    tell(file, "visits {} taken in", wrong, taken, dry_run=dry_run, as_json=as_json)


async def _taken(data: bytes, source: str, *, dry_run: bool) -> list[visits.Shopped | Wrong]:
    """The rows; they are kept where all of them hold and nobody only asks."""
    settings = read()
    pool = await open_pool(connected(settings).database_url or "", size=1, application="huiying-survey")
    try:
        latest = Month.of(datetime.now(UTC), settings.zone)
        known = await visits.known_names(pool, CAPABILITIES, latest)
        rows = visits.read(data, known)
        good = [one for one in rows if isinstance(one, visits.Shopped)]
        if good and len(good) == len(rows) and not dry_run:
            await visits.keep(pool, good, on_command_line(), source=source)
        return rows
    finally:
        await pool.close()
