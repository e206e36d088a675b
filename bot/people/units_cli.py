"""Commands about the organisation: ``python -m bot unit add|list|rename|move|merge|close``."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.audit.audit import By, on_command_line
from bot.db import Pool
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
from bot.processes.briefly import briefly

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
    added = _done(lambda pool, by: add_unit(pool, below, level, name, by), as_json=as_json)
    typer.echo(json.dumps({"id": added}) if as_json else f"{name} is unit {added}.")


@app.command()
def rename(
    unit: Id, name: Annotated[str, typer.Argument(help="What it is called from now on.")], as_json: AsJson = False
) -> None:
    """Call a unit otherwise."""
    _change(unit, lambda pool, by: rename_unit(pool, unit, name, by), as_json=as_json)


@app.command()
def move(
    unit: Id,
    below: Annotated[int, typer.Option("--below", help="The id of the unit above it from now on.")],
    as_json: AsJson = False,
) -> None:
    """Put a unit with all below it under another one."""
    _change(unit, lambda pool, by: move_unit(pool, unit, below, by), as_json=as_json)


@app.command()
def merge(
    unit: Id,
    into: Annotated[int, typer.Option("--into", help="The id of the unit that its people and units go to.")],
    as_json: AsJson = False,
) -> None:
    """Let people and units of one unit belong to another, and close it."""
    _change(unit, lambda pool, by: merge_unit(pool, unit, into, by), as_json=as_json)


@app.command()
def close(unit: Id, as_json: AsJson = False) -> None:
    """Close a unit that nobody belongs to."""
    _change(unit, lambda pool, by: close_unit(pool, unit, by), as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the tree, with how many people belong to each unit."""
    units = briefly(lambda pool, _: all_units(pool))
    if as_json:
        rows = [
            {"id": one.id, "parent": one.parent, "level": one.level.value, "name": one.name, "people": one.people}
            for one in units
        ]
        typer.echo(json.dumps({"units": rows}, ensure_ascii=False))
        return
    for one in units:
        typer.echo(f"{'  ' * one.depth}{one.id} {one.name} ({one.level}, {one.people} people)")


def _change(unit: int, work: Callable[[Pool, By], Awaitable[None]], *, as_json: bool) -> None:
    """Change a unit and say so."""
    _done(work, as_json=as_json)
    typer.echo(json.dumps({"id": unit}) if as_json else "done")


def _done(work: Callable[[Pool, By], Awaitable[T]], *, as_json: bool) -> T:
    """Change the tree, on record; ends with exit code 1 where it cannot be so."""
    try:
        return briefly(lambda pool, _: work(pool, on_command_line()))
    except Unfit as unfit:
        if as_json:
            typer.echo(json.dumps({"error": str(unfit)}, ensure_ascii=False))
        typer.echo(str(unfit), err=True)
        raise typer.Exit(1) from unfit
