"""Commands about the wall and the leaders' settings: ``python -m bot wall show|colour|watching``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from bot.audit.audit import Deed, note, on_command_line
from bot.db import Pool, open_pool
from bot.desk.watching import SQL as LEADING
from bot.processes.connected import connected
from bot.settings import read
from bot.wall.thresholds import Measure
from bot.wall.walls import SQL

app = typer.Typer(help="The live wall, and what leaders may do unseen.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


class Told(StrEnum):
    """Whether whoever serves is told that a leader watches."""

    TOLD = "told"
    SILENT = "silent"


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show from which value on each figure is coloured, and whether watching is told."""
    rows, watching = _with_pool(_shown)
    if as_json:
        typer.echo(json.dumps({"thresholds": rows, "watching": watching}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['figure']}: amber from {row['amber']:g}, red from {row['red']:g}")
    typer.echo(f"watching: {watching}")


@app.command()
def colour(
    figure: Annotated[Measure, typer.Argument(help="Whose colours.")],
    amber: Annotated[
        float, typer.Argument(help="From which value on it is amber: seconds, percent, points or a count.")
    ],
    red: Annotated[float, typer.Argument(help="From which value on it is red; below the other one, less is worse.")],
) -> None:
    """Set from which value on a figure is amber and red."""
    if amber == red:
        raise typer.BadParameter("amber and red are the same value")
    detail, values = f"wall {figure.value} {amber:g} {red:g}", (figure.value, amber, red)
    _with_pool(lambda pool: _set(pool, detail, SQL["set_threshold"], *values))
    typer.echo(f"{figure.value}: amber from {amber:g}, red from {red:g}.")


@app.command()
def watching(how: Annotated[Told, typer.Argument(help="Whether the thread says that a leader watches.")]) -> None:
    """Set whether whoever serves is told that a leader watches; it is on record either way."""
    _with_pool(lambda pool: _set(pool, f"watching {how.value}", LEADING["set"], "watching", how.value))
    typer.echo(f"watching: {how.value}.")


async def _shown(pool: Pool) -> tuple[list[dict[str, object]], str]:
    rows = [dict(row) for row in await pool.fetch(SQL["thresholds"])]
    return sorted(rows, key=lambda row: str(row["figure"])), str(await pool.fetchval(LEADING["setting"], "watching"))


async def _set(pool: Pool, detail: str, statement: str, *values: object) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(statement, *values)
        await note(connection, on_command_line(), Deed.DESK_SET, detail=detail)


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(url: str) -> T:
        pool = await open_pool(url, size=1, application="huiying-wall")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(str(connected(read()).database_url)))
