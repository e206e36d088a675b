"""The command that checks what must always hold: ``python -m bot doctor``."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.db import open_pool
from bot.doctor import Finding, at_home, examine
from bot.processes.connected import connected
from bot.settings import Settings, read
from bot.wire import Wire

app = typer.Typer()


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False) -> None:
    """Check that waiting conversations have deadlines, Redis holds the ledger, the outbox moves, threads are whole."""
    findings = asyncio.run(_examine(connected(read())))
    if as_json:
        shown = [
            {
                "check": one.check,
                "healthy": one.healthy,
                "count": one.count,
                "ids": one.exceptions,
                "skipped": one.skipped,
                "known": one.known,
            }
            for one in findings
        ]
        typer.echo(json.dumps({"healthy": all(one.healthy for one in findings), "checks": shown}))
    else:
        Console().print(_table(findings))
    if not all(one.healthy for one in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> list[Finding]:
    pool = await open_pool(str(settings.database_url), size=2)
    try:
        async with Wire(str(settings.redis_url)) as wire:
            return [*await examine(pool, wire), at_home(settings.accounts)]
    finally:
        await pool.close()


def _table(findings: list[Finding]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    for one in findings:
        if one.skipped:
            table.add_row(Text("-", style="yellow"), one.check, Text(f"not checked: {one.skipped}", style="yellow"))
        elif one.known:
            table.add_row(
                Text("!", style="yellow"), one.check, Text(f"except on {', '.join(one.known)}", style="yellow")
            )
        elif one.healthy:
            table.add_row(Text("✓", style="green"), one.check, "")
        else:
            named = f"{one.count}: {', '.join(one.exceptions)}"
            table.add_row(Text("✗", style="red"), one.check, Text(named, style="red"))
    return table
