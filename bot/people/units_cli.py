"""Commands about the organisation: ``python -m bot unit add|list``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.audit.audit import on_command_line
from bot.db import Pool, open_pool
from bot.people.units import HEADQUARTERS, Level, Unfit, add_unit, all_units
from bot.processes.connected import connected
from bot.settings import read

app = typer.Typer(help="Headquarters, provinces, cities and teams.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def add(
    level: Annotated[Level, typer.Argument(help="What it is.")],
    name: Annotated[str, typer.Argument(help="What it is called.")],
    below: Annotated[int, typer.Option("--below", help="The id of the unit above it.")] = HEADQUARTERS,
    as_json: AsJson = False,
) -> None:
    """Add a unit below another."""
    try:
        added = _with_pool(lambda pool: add_unit(pool, below, level, name, on_command_line()))
    except Unfit as unfit:
        if as_json:
            typer.echo(json.dumps({"error": str(unfit)}, ensure_ascii=False))
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit
    typer.echo(json.dumps({"id": added}) if as_json else f"{name} is unit {added}.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the tree, with how many people belong to each unit."""
    units = _with_pool(all_units)
    if as_json:
        rows = [
            {"id": one.id, "parent": one.parent, "level": one.level.value, "name": one.name, "people": one.people}
            for one in units
        ]
        typer.echo(json.dumps({"units": rows}, ensure_ascii=False))
        return
    for one in units:
        typer.echo(f"{'  ' * one.depth}{one.id} {one.name} ({one.level}, {one.people} people)")


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(url: str) -> T:
        pool = await open_pool(url, size=1, application="huiying-unit")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(str(connected(read()).database_url)))
