"""Commands about shifts: ``python -m bot shift set|list|import|duty``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.audit.audit import on_command_line
from bot.db import Pool, open_pool
from bot.processes.connected import connected
from bot.settings import read
from bot.shifts import roster
from bot.shifts.shifts import SQL, Plan, all_shifts, on_duty, plan, put_shift
from bot.spreadsheets import Wrong, WrongFile
from bot.taken_cli import tell

app = typer.Typer(help="Who is on duty when.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command(name="set")
def set_(
    code: Annotated[str, typer.Argument(help="As rosters name it.")],
    name: Annotated[str, typer.Argument(help="As people call it.")],
    periods: Annotated[list[str], typer.Argument(help="Such as 08:00-12:00 13:30-18:00, in the operator's zone.")],
    as_json: AsJson = False,
) -> None:
    """Keep a kind of shift; what was planned by it stays as it is."""
    try:
        _with_pool(lambda pool: put_shift(pool, code, name, periods, on_command_line()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="PERIODS") from error
    typer.echo(json.dumps({"code": code}) if as_json else code)


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """Show all kinds of shifts."""
    rows = _with_pool(lambda pool: pool.fetch(SQL["all"]))
    if as_json:
        typer.echo(json.dumps({"shifts": [dict(row) for row in rows]}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['code']}  {row['name']}  {' '.join(row['periods'])}")


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX with login, day and shift; an empty shift means off.", exists=True)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: AsJson = False,
) -> None:
    """Plan people's days, each instead of what was planned for it. A row that does not hold is named and left out."""

    async def work(pool: Pool) -> list[Plan | Wrong]:
        people = {row["login"]: row["id"] for row in await pool.fetch(SQL["logins"])}
        rows = roster.read(file.read_bytes(), people, await all_shifts(pool))
        good = [one for one in rows if isinstance(one, Plan)]
        if good and not dry_run:
            await plan(pool, good, read().zone, on_command_line(), source=file.name)
        return rows

    try:
        rows = _with_pool(work)
    except WrongFile as error:
        typer.echo(json.dumps({"error": str(error)}) if as_json else f"{file}: {error}", err=not as_json)
        raise typer.Exit(1) from error
    wrong = [one for one in rows if isinstance(one, Wrong)]
    taken = len(rows) - len(wrong)
    tell(file, "days {} planned", wrong, taken, dry_run=dry_run, as_json=as_json)


@app.command()
def duty(as_json: AsJson = False) -> None:
    """Show who should be at the desk now; who is not comes first."""
    rows = _with_pool(lambda pool: on_duty(pool, datetime.now(UTC)))
    if as_json:
        shown = [{"login": row["login"], "presence": row["presence"], "shift": row["shift"]} for row in rows]
        typer.echo(json.dumps({"on_duty": shown}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['login']}  {row['presence']}  {row['shift']}")


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(url: str) -> T:
        pool = await open_pool(url, size=1, application="huiying-shift")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(str(connected(read()).database_url)))
