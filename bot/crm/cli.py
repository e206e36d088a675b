"""Commands about the operator's customers: ``python -m bot customers``."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot import settings
from bot.audit.audit import Deed, note, on_command_line
from bot.crm.built_in import BuiltIn
from bot.crm.files import Row, read
from bot.customers.proofs import Proofs
from bot.db import open_pool
from bot.processes.connected import connected
from bot.spreadsheets import Wrong, WrongFile

app = typer.Typer(help="The operator's customers.", no_args_is_help=True)
MOST_SHOWN = 20
"""Wrong rows that are named on the screen; ``--json`` names all."""


@app.callback()
def customers() -> None:
    """The operator's customers."""


@app.command(name="import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX with a column `number`; see docs/customers.md.", exists=True)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False,
) -> None:
    """Take customers in; known ones are brought up to date. A row that does not hold is named and left out."""
    try:
        rows = read(file.read_bytes())
    except WrongFile as error:
        typer.echo(json.dumps({"error": str(error)}) if as_json else f"{file}: {error}", err=not as_json)
        raise typer.Exit(1) from error
    good = [row for row in rows if isinstance(row, Row)]
    wrong = [row for row in rows if isinstance(row, Wrong)]
    if not dry_run:
        asyncio.run(_take(good, file))
    if as_json:
        named = [{"line": one.line, "why": one.why} for one in wrong]
        typer.echo(json.dumps({"taken": len(good), "wrong": named, "dry_run": dry_run}, ensure_ascii=False))
    else:
        for one in wrong[:MOST_SHOWN]:
            typer.echo(f"{file}: line {one.line}: {one.why}", err=True)
        said = "would be taken in" if dry_run else "are taken in"
        typer.echo(f"{len(good)} customers {said}, {len(wrong)} rows are wrong.")
    if wrong:
        raise typer.Exit(1)


async def _take(rows: Sequence[Row], file: Path) -> None:
    """All of them, on record, or none where the database goes away on the way."""
    found = connected(settings.read())
    proofs = Proofs(found.secret_key)
    pool = await open_pool(found.database_url or "", size=1, application="huiying-customers")
    try:
        async with pool.acquire() as connection, connection.transaction():
            kept, now = BuiltIn(connection), datetime.now(UTC)
            for row in track(rows, description="Importing", console=Console(stderr=True)):
                blind = bytes.fromhex(proofs.of_phone(row.phone).value) if row.phone else None
                tail = proofs.of_tail(row.record.number, row.record.id_tail) if row.record.id_tail else None
                await kept.keep(row.record, now, phone=blind, tail=tail)
            await kept.tell([row.record.number for row in rows])
            detail = f"{len(rows)} rows of {file.name}"
            await note(connection, on_command_line(), Deed.CUSTOMERS_IMPORTED, detail=detail)
    finally:
        await pool.close()
