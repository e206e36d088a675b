"""How figures are shown: one JSON document on standard output, or a table; a bar goes to standard error."""

import json
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


def progress() -> Progress:
    """A bar on standard error."""
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}")
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def show(document: Mapping[str, object], table: Table, notes: Sequence[str] = (), *, as_json: bool) -> None:
    """Print the figures."""
    if as_json:
        print(json.dumps(document, ensure_ascii=False))  # noqa: T201 - the command's one output
        return
    console = Console()
    console.print(table)
    for note in notes:
        console.print(note)


def complain(text: str) -> None:
    """Say on standard error what does not hold."""
    Console(stderr=True).print(text, style="bold red")


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """A table whose first column names the row."""
    drawn = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        drawn.add_column(head, justify="right" if place else "left")
    for row in rows:
        drawn.add_row(*(f"{cell:,.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    return drawn
