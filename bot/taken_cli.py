"""What a command that takes a file in says of it: how many rows, and which are wrong."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import typer


class Wrong(Protocol):
    """A row that does not hold."""

    @property
    def line(self) -> int:
        """Its line in the file."""

    @property
    def why(self) -> str:
        """What is wrong with it."""


def tell(file: Path, taken: str, wrong: Sequence[Wrong], count: int, *, dry_run: bool, as_json: bool) -> None:
    """Print what became of a file.

    Args:
        file: whose name stands before each row that is wrong.
        taken: what happened to the others, such as ``days {} planned``, with a place for ``are``.
        wrong: the rows that do not hold.
        count: of the others.
        dry_run: whether nothing was kept.
        as_json: print exactly one JSON document.

    Raises:
        typer.Exit: 1 where a row is wrong.
    """
    if as_json:
        named = [{"line": one.line, "why": one.why} for one in wrong]
        typer.echo(json.dumps({"taken": count, "wrong": named, "dry_run": dry_run}, ensure_ascii=False))
    else:
        for one in wrong:
            typer.echo(f"{file}: line {one.line}: {one.why}", err=True)
        done = taken.format("would be" if dry_run else "are")
        typer.echo(f"{count} {done}, {len(wrong)} rows are wrong.")
    if wrong:
        raise typer.Exit(1)
