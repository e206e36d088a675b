"""TOML documents that operators check and publish on the command line, and what is said of one that does not hold."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import typer

from router.clauses.table import StandardError

T = TypeVar("T")


def read_document(file: Path) -> str:
    """The text of a document; ends the command with exit code 1 where it is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        typer.echo(f"{file} is not UTF-8 ({error.reason} at byte {error.start})", err=True)
        raise typer.Exit(1) from error


def parsed(parse: Callable[[], T], *, as_json: bool) -> T:
    """What a document says; where it does not hold, line and table are told, and the command ends with exit code 1."""
    try:
        return parse()
    except StandardError as error:
        if as_json:
            told = {"ok": False, "line": error.line, "where": error.where, "problem": error.problem}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
