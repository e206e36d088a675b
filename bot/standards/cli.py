"""Commands about the service standard and its packs: ``python -m bot standard``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.db import Pool, Row, open_pool
from bot.processes.connected import connected
from bot.settings import read, zone
from bot.standards import publish as publishing
from bot.standards.compare import Difference, compare
from bot.standards.coverage import Cover, cover
from bot.standards.shelf import SQL
from bot.standards.shipped import shipped_packs, shipped_standard_text
from bot.standards.shown import document, overview
from router.clauses.hours import last_known
from router.standard import Standard, StandardError, parse

T = TypeVar("T")

app = typer.Typer(help="Check, show and publish the service standard and its packs.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[Path, typer.Argument(help="A standard's TOML.", exists=True, dir_okay=False, readable=True)]
AnyFile = Annotated[
    Path | None,
    typer.Argument(help="A standard's TOML; the shipped one if left out.", exists=True, dir_okay=False, readable=True),
]
Published = Annotated[bool, typer.Option("--published", help="Compare with what was published last instead.")]
From = Annotated[
    str, typer.Option("--from", help="From when on it holds, such as 2027-01-01 or 2027-01-01T08:00; now if left out.")
]
Rebase = Annotated[bool, typer.Option("--rebase", help="Records that are open follow it, too.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in the trail.")]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say whether a standard holds; where it does not, name line and clause and end with exit code 1."""
    standard = _standard(file, as_json=as_json)
    clauses, known = len(standard.clauses), last_known(standard.working)
    if as_json:
        holidays_until = None if known is None else known.isoformat()
        typer.echo(json.dumps({"ok": True, "clauses": clauses, "holidays_until": holidays_until}))
    else:
        typer.echo(f"{file}: holds, {clauses} clauses; holidays are written down until {known or 'no date'}")


@app.command()
def show(file: AnyFile = None, as_json: AsJson = False) -> None:
    """Show each clause with its marks and its limit, and the hours on which they run."""
    standard = _standard(file, as_json=as_json)
    if as_json:
        typer.echo(json.dumps(document(standard), ensure_ascii=False))
    else:
        Console().print(overview(standard))


@app.command()
def diff(file: File, against: AnyFile = None, published: Published = False, as_json: AsJson = False) -> None:
    """Show what a standard says otherwise than another, by default the shipped one; exit code 1 where it does."""
    after = _standard(file, as_json=as_json)
    before = _latest(after.pack) if published else _standard(against, as_json=as_json)
    found = compare(before, after)
    if as_json:
        told = {"added": found.added, "removed": found.removed, "changed": found.changed}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        _print(found)
    raise typer.Exit(1 if found else 0)


@app.command("publish")
def publish_(file: File, since: From = "", rebase: Rebase = False, as_json: AsJson = False) -> None:
    """Put a standard or a pack in force; running processes take it within seconds."""
    standard, text = _standard(file, as_json=as_json), _read(file)
    effective_from = _moment(since)
    try:
        number = _run(
            lambda pool: publishing.publish(pool, text, standard, effective_from=effective_from, rebase=rebase)
        )
    except publishing.Taken as error:
        _refuse(str(error), as_json=as_json)
    told = {"edition": number, "pack": standard.pack, "effective_from": effective_from and effective_from.isoformat()}
    typer.echo(json.dumps(told) if as_json else f"{file} is published as edition {number}.")


@app.command()
def rebase(
    number: Annotated[int, typer.Argument(help="The edition.")], reason: Reason, as_json: AsJson = False
) -> None:
    """Have records that are open follow an edition from now on."""
    try:
        _run(lambda pool: publishing.rebase(pool, number, reason))
    except publishing.NoSuchEdition as error:
        _refuse(str(error), as_json=as_json)
    typer.echo(json.dumps({"edition": number}) if as_json else f"Open records follow edition {number}.")


@app.command()
def editions(as_json: AsJson = False) -> None:
    """List what was published, in the order in which it takes effect."""
    rows = _run(lambda pool: pool.fetch(SQL["editions"]))
    shown = [_edition(row) for row in rows]
    if as_json:
        typer.echo(json.dumps({"editions": shown}))
        return
    table = Table("edition", "pack", "in force from (UTC)", "open records follow since", "by", box=None, pad_edge=False)
    for one in shown:
        table.add_row(*(str(value or "") for value in one.values()))
    Console().print(table)


@app.command()
def coverage(as_json: AsJson = False) -> None:
    """Show which test and which page stand behind each clause; exit code 1 where a clause has no test."""
    house = _house()
    packs = [clause for text in shipped_packs().values() for clause in parse(text, zone(), house).clauses]
    found = cover(house.clauses, packs)
    if as_json:
        typer.echo(json.dumps({"clauses": [{name: getattr(one, name) for name in Cover.__slots__} for one in found]}))
    else:
        table = Table("clause", "test", "page", box=None, pad_edge=False)
        for one in found:
            table.add_row(one.clause, "\n".join(one.tests) or "[red]none[/red]", one.page or "-")
        Console().print(table)
    untested = [one.clause for one in found if not one.tests]
    if untested:
        typer.echo(f"{len(untested)} clauses have no test: {', '.join(untested)}", err=True)
        raise typer.Exit(1)


def _refuse(problem: str, *, as_json: bool) -> NoReturn:
    typer.echo(json.dumps({"ok": False, "problem": problem}) if as_json else problem, err=not as_json)
    raise typer.Exit(1)


def _run(work: Callable[[Pool], Awaitable[T]]) -> T:
    """Do something with the database, that of a running ``up`` included."""

    async def run() -> T:
        pool = await open_pool(str(connected(read()).database_url), size=1, application="standard")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


def _edition(row: Row) -> dict[str, object]:
    rebased = row["rebased"] and row["rebased"].isoformat()
    return {
        "edition": row["id"],
        "pack": row["pack"],
        "effective_from": row["effective_from"].isoformat(),
        "rebased": rebased,
        "by": row["published_by"],
    }


def _print(found: Difference) -> None:
    for sign, names in (("+", found.added), ("-", found.removed)):
        for name in names:
            typer.echo(f"{sign} {name}")
    for name, keys in found.changed.items():
        for key, (before, after) in keys.items():
            typer.echo(f"~ {name} {key}: {_value(before)} -> {_value(after)}")
    if not found:
        typer.echo("They say the same.")


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _moment(text: str) -> datetime | None:
    """A moment in the operator's zone, unless it names another. Raises: typer.BadParameter."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no moment such as 2027-01-01T08:00", param_hint="--from") from None
    return found if found.tzinfo else found.replace(tzinfo=zone())


def _latest(pack: str) -> Standard:
    rows = [row for row in _run(lambda pool: pool.fetch(SQL["editions"])) if row["pack"] == pack]
    return parse(rows[-1]["text"] if rows else shipped_standard_text(), zone(), _house())


def _house() -> Standard:
    """The shipped standard, whose hours a pack keeps that names none."""
    return parse(shipped_standard_text(), zone())


def _read(file: Path | None) -> str:
    return shipped_standard_text() if file is None else file.read_bytes().decode("utf-8-sig")


def _standard(file: Path | None, *, as_json: bool) -> Standard:
    """Read a standard, or say why it does not hold and end with exit code 1."""
    try:
        return parse(_read(file), zone(), _house())
    except UnicodeDecodeError as error:
        refusal = StandardError(1, "", f"the file is not UTF-8 ({error.reason} at byte {error.start})")
    except StandardError as error:
        refusal = error
    if as_json:
        typer.echo(json.dumps({"ok": False, "line": refusal.line, "where": refusal.where, "problem": refusal.problem}))
    else:
        typer.echo(f"{file}: {refusal}", err=True)
    raise typer.Exit(1)
