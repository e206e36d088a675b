"""Commands about messages on their way: ``python -m bot outbox list|retry|drop``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.db import Pool, Row, open_pool
from bot.outbox import letters
from bot.outbox.letters import OPEN, State
from bot.processes.connected import connected
from bot.settings import Settings, read

app = typer.Typer(help="Messages on their way to a platform, and dead letters.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Id = Annotated[int, typer.Argument(help="The id that the list shows.")]
States = Annotated[
    list[State] | None, typer.Option("--state", help="Only this state; may be given again. Without it: all unfinished.")
]

T = TypeVar("T")


@app.command("list")
def list_(
    state: States = None,
    most: Annotated[int, typer.Option(help="How many at the most.", min=1)] = 50,
    as_json: AsJson = False,
) -> None:
    """Show what waits, failed or is in doubt, the latest first."""
    rows = _with_pool(lambda pool: letters.listed(pool, states=state or OPEN, most=most))
    if as_json:
        typer.echo(json.dumps({"outbox": [_plain(row) for row in rows]}))
    else:
        Console().print(_table(rows))


@app.command()
def retry(outbox_id: Id, as_json: AsJson = False) -> None:
    """Send a message again that failed or is in doubt."""
    _act(outbox_id, letters.retry, as_json=as_json, done="will be sent again")


@app.command()
def drop(outbox_id: Id, as_json: AsJson = False) -> None:
    """Never send a message that waits, failed or is in doubt."""
    _act(outbox_id, letters.drop, as_json=as_json, done="is dropped")


def _act(outbox_id: int, act: Callable[[Pool, int], Awaitable[bool]], *, as_json: bool, done: str) -> None:
    async def acted(pool: Pool) -> tuple[bool, State | None]:
        return await act(pool, outbox_id), await letters.state_of(pool, outbox_id)

    changed, state = _with_pool(acted)
    if as_json:
        typer.echo(json.dumps({"ok": changed, "id": outbox_id, "state": state}))
    elif changed:
        typer.echo(f"{outbox_id} {done}.")
    else:
        typer.echo(f"{outbox_id} is {state}; nothing changed." if state else f"There is no {outbox_id}.", err=True)
    if not changed:
        raise typer.Exit(1)


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(settings: Settings) -> T:
        pool = await open_pool(str(settings.database_url), size=1)
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(connected(read())))


def _plain(row: Row) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _table(rows: list[Row]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("id", "state", "kind", "channel", "contact", "created (UTC)", "tries", "error"):
        table.add_column(title)
    for row in rows:
        table.add_row(
            str(row["id"]),
            row["state"],
            row["kind"],
            f"{row['channel']}/{row['account']}",
            str(row["contact_id"]),
            f"{row['created'].astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            str(row["attempts"]),
            row["error"] or "",
        )
    return table
