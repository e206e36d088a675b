"""The command that shows the effective settings: ``python -m bot config``."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config.shown import document
from bot.settings import read
from bot.words import LANGUAGES, words

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def config(as_json: AsJson = False) -> None:
    """Show the effective settings and channel accounts; secrets are masked."""
    shown = document(read())
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _flat("", shown):
        table.add_row(name, value)
    Console().print(table)
    Console().print(_abroad("config.abroad" if shown["leaves_the_country"] else "config.at_home"))


def _abroad(key: str) -> Text:
    """Both languages, since nobody has chosen one."""
    return Text("\n" + "\n".join(words(language)[key] for language in LANGUAGES), style="yellow")


def _flat(above: str, values: dict[str, object]) -> list[tuple[str, str]]:
    rows = []
    for name, value in values.items():
        if isinstance(value, dict):
            rows += _flat(f"{above}{name}.", value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            rows += _flat(f"{above}{name}.", {str(number): one for number, one in enumerate(value, start=1)})
        elif isinstance(value, list):
            rows.append((f"{above}{name}", ", ".join(map(str, value))))
        else:
            rows.append((f"{above}{name}", "" if value is None else str(value)))
    return rows
