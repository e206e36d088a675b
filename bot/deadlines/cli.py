"""Commands about deadlines: ``python -m bot deadlines list|rebuild``."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.db import Row, open_pool
from bot.deadlines.projection import Projection
from bot.processes.connected import connected
from bot.settings import Settings, read
from bot.sql import load
from bot.wire import Wire

SQL = load(__file__, "deadlines.sql")
app = typer.Typer(help="What runs, and until when.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command("list")
def list_(most: Annotated[int, typer.Option(help="How many at the most.")] = 50, as_json: AsJson = False) -> None:
    """Show the deadlines that run, soonest first."""
    rows = asyncio.run(_running(connected(read()), most))
    if as_json:
        shown = [
            {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
            for row in rows
        ]
        typer.echo(json.dumps({"deadlines": shown}))
        return
    table = Table(box=None, pad_edge=False)
    for title in ("id", "clause", "subject", "channel", "due (UTC)", "left", "steps"):
        table.add_column(title)
    now = datetime.now(UTC)
    for row in rows:
        left = str(row["due"] - now).split(".")[0] if row["due"] > now else "overdue"
        subject = f"{row['subject']} {row['subject_id']}"
        steps = f"{row['step']}/{row['steps']}"
        table.add_row(
            str(row["id"]), row["clause"], subject, row["channel"], f"{row['due']:%Y-%m-%d %H:%M:%S}", left, steps
        )
    Console().print(table)


@app.command()
def rebuild(as_json: AsJson = False) -> None:
    """Put every deadline of the ledger into Redis again."""
    count = asyncio.run(_rebuild(connected(read())))
    typer.echo(json.dumps({"deadlines": count}) if as_json else f"{count} deadlines are in the index.")


async def _running(settings: Settings, most: int) -> list[Row]:
    pool = await open_pool(str(settings.database_url), size=1)
    try:
        return await pool.fetch(SQL["running"], most)
    finally:
        await pool.close()


async def _rebuild(settings: Settings) -> int:
    pool = await open_pool(str(settings.database_url), size=1)
    try:
        async with Wire(str(settings.redis_url)) as wire:
            return await Projection(pool, wire).project()
    finally:
        await pool.close()
