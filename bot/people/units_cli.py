"""Commands about the organisation: ``python -m bot unit add|list|rename|move|merge|close``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.audit.audit import on_command_line
from bot.db import Pool, open_pool
from bot.people.units import (
    HEADQUARTERS,
    Level,
    Unfit,
    add_unit,
    all_units,
    close_unit,
    merge_unit,
    move_unit,
    rename_unit,
)
from bot.processes.connected import connected
from bot.settings import read

app = typer.Typer(help="Headquarters, provinces, cities and teams.", no_args_is_help=True)

T = TypeVar("T")
Id = Annotated[int, typer.Argument(help="The id of the unit; see unit list.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def add(
    level: Annotated[Level, typer.Argument(help="What it is.")],
    name: Annotated[str, typer.Argument(help="What it is called.")],
    below: Annotated[int, typer.Option("--below", help="The id of the unit above it.")] = HEADQUARTERS,
    as_json: AsJson = False,
) -> None:
    """Add a unit below another."""
    added = _done(lambda pool: add_unit(pool, below, level, name, on_command_line()), as_json=as_json)
    typer.echo(json.dumps({"id": added}) if as_json else f"{name} is unit {added}.")


@app.command()
def rename(
    unit: Id, name: Annotated[str, typer.Argument(help="What it is called from now on.")], as_json: AsJson = False
) -> None:
    """Call a unit otherwise."""
    _done(lambda pool: rename_unit(pool, unit, name, on_command_line()), as_json=as_json)
    _tell(unit, as_json=as_json)


@app.command()
def move(
    unit: Id,
    below: Annotated[int, typer.Option("--below", help="The id of the unit above it from now on.")],
    as_json: AsJson = False,
) -> None:
    """Put a unit with all below it under another one."""
    _done(lambda pool: move_unit(pool, unit, below, on_command_line()), as_json=as_json)
    _tell(unit, as_json=as_json)


@app.command()
def merge(
    unit: Id,
    into: Annotated[int, typer.Option("--into", help="The id of the unit that its people and units go to.")],
    as_json: AsJson = False,
) -> None:
    """Let people and units of one unit belong to another, and close it."""
    _done(lambda pool: merge_unit(pool, unit, into, on_command_line()), as_json=as_json)
    _tell(unit, as_json=as_json)


@app.command()
def close(unit: Id, as_json: AsJson = False) -> None:
    """Close a unit that nobody belongs to."""
    _done(lambda pool: close_unit(pool, unit, on_command_line()), as_json=as_json)
    _tell(unit, as_json=as_json)


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


def _done(work: Callable[[Pool], Awaitable[T]], *, as_json: bool) -> T:
    """Change the tree; ends with exit code 1 where it cannot be so."""
    try:
        return _with_pool(work)
    except Unfit as unfit:
        if as_json:
            typer.echo(json.dumps({"error": str(unfit)}, ensure_ascii=False))
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit


def _tell(unit: int, *, as_json: bool) -> None:
    typer.echo(json.dumps({"id": unit}) if as_json else "done")


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(url: str) -> T:
        pool = await open_pool(url, size=1, application="huiying-unit")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(str(connected(read()).database_url)))
