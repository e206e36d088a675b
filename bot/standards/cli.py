"""Commands that check and show a service standard: ``python -m bot standard``."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import zone
from bot.standards.shown import document, overview
from router.clauses.hours import last_known
from router.standard import Standard, StandardError, parse

app = typer.Typer(help="Check and show the service standard.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[Path, typer.Argument(help="A standard's TOML.", exists=True, dir_okay=False, readable=True)]
AnyFile = Annotated[
    Path | None,
    typer.Argument(help="A standard's TOML; the shipped one if left out.", exists=True, dir_okay=False, readable=True),
]


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


def _standard(file: Path | None, *, as_json: bool) -> Standard:
    """Read a standard, or say why it does not hold and end with exit code 1."""
    try:
        source = files("router").joinpath("standard.toml") if file is None else file
        return parse(source.read_bytes().decode("utf-8-sig"), zone())
    except UnicodeDecodeError as error:
        refusal = StandardError(1, "", f"the file is not UTF-8 ({error.reason} at byte {error.start})")
    except StandardError as error:
        refusal = error
    if as_json:
        typer.echo(json.dumps({"ok": False, "line": refusal.line, "where": refusal.where, "problem": refusal.problem}))
    else:
        typer.echo(f"{file}: {refusal}", err=True)
    raise typer.Exit(1)
