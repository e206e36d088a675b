"""Commands about the operator's outlets: ``python -m bot outlet``."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.audit.audit import Deed, note, on_command_line
from bot.db import Pool, open_pool
from bot.outlets.outlets import Outlet, all_outlets, put_outlet
from bot.processes.connected import connected

ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
app = typer.Typer(help="The operator's outlets.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def add(
    outlet_id: Annotated[str, typer.Argument(metavar="ID", help="Stands in QR codes: letters, digits, - and _.")],
    name: Annotated[str, typer.Argument(help="As people call it.")],
    city: Annotated[str, typer.Option("--city", help="Where it is.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take an outlet in, or give a known one its new name."""
    if ID.fullmatch(outlet_id) is None:
        raise typer.BadParameter("letters, digits, - and _, 32 at most", param_hint="ID")
    outlet = Outlet(outlet_id, name, city)

    async def put(pool: Pool) -> bool:
        async with pool.acquire() as connection, connection.transaction():
            added = await put_outlet(connection, outlet)
            await note(connection, on_command_line(), Deed.OUTLET_CHANGED, f"outlet:{outlet_id}", detail=name)
        return added

    added = _with_pool(put)
    typer.echo(json.dumps({**asdict(outlet), "added": added}, ensure_ascii=False) if as_json else outlet_id)


@app.command(name="list")
def show(as_json: AsJson = False) -> None:
    """Show all outlets."""
    outlets = _with_pool(all_outlets)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in outlets], ensure_ascii=False))
        return
    table = Table("id", "name", "city")
    for one in outlets:
        table.add_row(one.id, one.name, one.city)
    Console().print(table)


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    """Do something with the running or named database."""

    async def connected_work() -> T:
        found = connected(settings.read())
        pool = await open_pool(found.database_url or "", size=1, application="huiying-outlet")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(connected_work())
