"""Commands about what surveys ask: ``python -m bot survey questionnaire check|show|publish``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.audit.audit import on_command_line
from bot.documents import parsed, read_document
from bot.processes.briefly import briefly
from bot.surveys.questionnaires import publish, read_questionnaires
from router.questionnaire.questionnaire import STARS, Questionnaire
from router.questionnaire.table import parse

app = typer.Typer(help="What surveys ask beside the stars.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[Path, typer.Argument(help="A questionnaire's TOML.", exists=True, dir_okay=False, readable=True)]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say whether a questionnaire holds; where it does not, name line and table and end with exit code 1."""
    found = _read(file, as_json=as_json)
    told = {"ok": True, "version": found.version, "reasons": len(found.reasons)}
    typer.echo(json.dumps(told) if as_json else f"{file}: holds, version {found.version}, {len(found.reasons)} reasons")


@app.command("publish")
def publish_(file: File, as_json: AsJson = False) -> None:
    """Put a version in force for what is asked from now on; what was asked before is answered in its own version."""
    found = _read(file, as_json=as_json)
    if not briefly(lambda pool, _: publish(pool, read_document(file), found, on_command_line())):
        problem = f"version {found.version} or a later one is known already"
        typer.echo(json.dumps({"ok": False, "problem": problem}) if as_json else problem, err=not as_json)
        raise typer.Exit(1)
    typer.echo(json.dumps({"version": found.version}) if as_json else f"Version {found.version} is published.")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the questionnaire in force: its questions, and the reasons with the scores for which they are offered."""
    found = briefly(lambda pool, _: read_questionnaires(pool)).latest
    if as_json:
        typer.echo(json.dumps(_told(found), ensure_ascii=False))
        return
    table = Table("asks", "", *map(str, STARS), box=None, pad_edge=False)
    for name, wording in _questions(found):
        table.add_row(name, wording)
    for reason in found.reasons:
        table.add_row(f"  {reason.id}", reason.label.zh, *("×" if star in reason.stars else "" for star in STARS))
    console = Console()
    console.print(f"version {found.version}")
    console.print(table)


def _told(found: Questionnaire) -> dict[str, object]:
    return {
        "version": found.version,
        "questions": dict(_questions(found)),
        "reasons": [{"id": one.id, "label": one.label.zh, "stars": sorted(one.stars)} for one in found.reasons],
    }


def _questions(found: Questionnaire) -> Iterator[tuple[str, str]]:
    """What it asks, in the order in which it is asked."""
    asked = {"solved": found.solved, "reasons": found.why, "nps": found.nps, "comment": found.comment}
    for name, wording in {"stars": found.stars, **asked}.items():
        if wording is not None:
            yield name, wording.zh


def _read(file: Path, *, as_json: bool) -> Questionnaire:
    text = read_document(file)
    return parsed(lambda: parse(text), as_json=as_json)
