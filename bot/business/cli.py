"""Commands about guided business: ``python -m bot forms check|show|publish``."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.business.forms import Editions, read_editions
from bot.business.publish import publish
from bot.db import open_pool
from bot.documents import parsed, read_document
from bot.processes.connected import connected
from bot.settings import Settings, read
from router.forms.form import Form
from router.forms.table import parse

app = typer.Typer(help="What customers are guided through, step by step.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[
    Path, typer.Argument(help="A form's TOML; its name is the form's id.", exists=True, dir_okay=False, readable=True)
]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say whether a form holds; where it does not, name line and table and end with exit code 1."""
    form = _form(file, read_document(file), as_json=as_json)
    told = {"ok": True, "form": form.id, "version": form.version, "steps": len(form.steps)}
    typer.echo(json.dumps(told) if as_json else f"{file}: holds, version {form.version}, {len(form.steps)} steps")


@app.command("publish")
def publish_(file: File, as_json: AsJson = False) -> None:
    """Put a version in force for what begins from now on; what is under way ends in the version it began in."""
    text = read_document(file)
    form = _form(file, text, as_json=as_json)
    edition = asyncio.run(_publish(connected(read()), text, form))
    if edition is None:
        problem = f"{form.id}: version {form.version} or a later one is published already"
        typer.echo(json.dumps({"ok": False, "problem": problem}) if as_json else problem, err=not as_json)
        raise typer.Exit(1)
    told = {"form": form.id, "version": form.version, "edition": edition}
    typer.echo(json.dumps(told) if as_json else f"{form.id} is published in version {form.version}.")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A form's id; all of them if left out.")] = "", as_json: AsJson = False
) -> None:
    """Show the forms in force, or the steps of one of them."""
    forms = asyncio.run(_known(connected(read()))).latest
    if name and name not in forms:
        typer.echo(f"There is no form {name}.", err=True)
        raise typer.Exit(1)
    shown = [forms[name]] if name else list(forms.values())
    if as_json:
        typer.echo(json.dumps({"forms": [_told(form) for form in shown]}, ensure_ascii=False))
        return
    Console().print(_steps(forms[name]) if name else _forms(shown))


def _told(form: Form) -> dict[str, object]:
    steps = [{"id": step.id, "kind": step.kind.value, "private": step.private} for step in form.steps]
    return {"id": form.id, "version": form.version, "title": form.title.zh, "urgent": form.urgent, "steps": steps}


def _forms(shown: list[Form]) -> Table:
    table = Table("id", "version", "title", "steps", "urgent", box=None, pad_edge=False)
    for form in shown:
        table.add_row(form.id, str(form.version), form.title.zh, str(len(form.steps)), "urgent" if form.urgent else "")
    return table


def _steps(form: Form) -> Table:
    table = Table("step", "kind", "asks", "private", box=None, pad_edge=False)
    for step in form.steps:
        table.add_row(step.id, step.kind.value, step.ask.zh, "private" if step.private else "")
    return table


def _form(file: Path, text: str, *, as_json: bool) -> Form:
    return parsed(lambda: parse(file.stem, text), as_json=as_json)


async def _publish(settings: Settings, text: str, form: Form) -> int | None:
    pool = await open_pool(str(settings.database_url), size=1, application="forms")
    try:
        return await publish(pool, text, form)
    finally:
        await pool.close()


async def _known(settings: Settings) -> Editions:
    pool = await open_pool(str(settings.database_url), size=1, application="forms")
    try:
        return await read_editions(pool)
    finally:
        await pool.close()
