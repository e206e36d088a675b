"""Commands about what tickets go by: ``python -m bot tickets check|show|publish``."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.tree import Tree

from bot.audit.audit import on_command_line
from bot.documents import parsed, read_document
from bot.processes.briefly import briefly
from bot.tickets.rules import Needed, publish, rules_text
from router.tickets.rules import TicketRules, parse

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[Path, typer.Argument(help="Ticket rules as TOML.", exists=True, dir_okay=False, readable=True)]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say whether ticket rules hold; where they do not, name line and table and end with exit code 1."""
    rules = _parsed(read_document(file), as_json=as_json)
    told = {"ok": True, "departments": len(rules.departments), "business": len(rules.business)}
    counted = f"{len(rules.departments)} departments, {len(rules.business)} business types"
    typer.echo(json.dumps(told) if as_json else f"{file}: holds, {counted}")


@app.command("publish")
def publish_(file: File, as_json: AsJson = False) -> None:
    """Put ticket rules in force for what is written down and moved from now on."""
    text = read_document(file)
    rules = _parsed(text, as_json=as_json)
    try:
        edition = briefly(lambda pool, _: publish(pool, text, rules, on_command_line()))
    except Needed as needed:
        told = {"ok": False, "problem": str(needed)}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else str(needed), err=not as_json)
        raise typer.Exit(1) from needed
    typer.echo(json.dumps({"edition": edition}) if as_json else f"{file} is published as edition {edition}.")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the rules in force, as the file that was published, or as the tree that leads to departments."""
    text = briefly(lambda pool, _: rules_text(pool))
    if as_json:
        typer.echo(json.dumps({"text": text}, ensure_ascii=False))
    else:
        Console().print(_tree(parse(text)))


def _tree(rules: TicketRules) -> Tree:
    """Business types with the departments that they lead to."""
    tree, known = Tree("business"), dict[str, Tree]()
    for one in rules.business.values():
        department = rules.department(rules.department_of(one.id), "zh")
        above = known.get(one.parent, tree)
        known[one.id] = above.add(f"{one.id} {one.read('zh')}{f' → {department}' if department else ''}")
    return tree


def _parsed(text: str, *, as_json: bool) -> TicketRules:
    return parsed(lambda: parse(text), as_json=as_json)
