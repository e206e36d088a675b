"""Commands about what the desk has shown unmasked: ``python -m bot audit disclosures``."""

import asyncio
import json
from datetime import UTC
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.db import Row, open_pool
from bot.disclosures.disclosures import listed
from bot.processes.connected import connected
from bot.settings import Settings, read

app = typer.Typer(help="What was shown to whom, and why.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Keep ``disclosures`` a command of its own."""


@app.command()
def disclosures(
    most: Annotated[int, typer.Option(help="How many at the most.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False,
) -> None:
    """Show who saw what unmasked and why, the latest first."""
    rows = asyncio.run(_read(connected(read()), most))
    if as_json:
        typer.echo(json.dumps({"disclosures": [{**row, "at": row["at"].isoformat()} for row in rows]}))
        return
    table = Table(box=None, pad_edge=False)
    for title in ("at (UTC)", "agent", "what", "contact", "reason"):
        table.add_column(title)
    for row in rows:
        contact = f"{row['channel']}/{row['account']} {row['contact_id']}"
        at = f"{row['at'].astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(at, row["login"] or "", row["what"], contact, row["reason"])
    Console().print(table)


async def _read(settings: Settings, most: int) -> list[Row]:
    pool = await open_pool(str(settings.database_url), size=1)
    try:
        return await listed(pool, most)
    finally:
        await pool.close()
