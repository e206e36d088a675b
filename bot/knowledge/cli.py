"""Commands about the knowledge base: ``python -m bot knowledge import|list|offered|withdraw|ask``."""

import asyncio
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.db import Pool, open_pool
from bot.knowledge.publish import Draft, InvalidDraft, drafts, publish, withdraw
from bot.processes.connected import connected
from bot.settings import Settings, read
from bot.sql import load
from router.faq.index import Index
from router.faq.match import Entry, Match

SQL = load(__file__, "knowledge.sql")
QUESTIONS = load(__file__, "../desk/questions.sql")
app = typer.Typer(help="What the bot answers with.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="TOML with [[entry]] tables: id, question, similar, answer …")],
    as_json: AsJson = False,
) -> None:
    """Add or change entries and publish them; running processes take the new edition within seconds."""
    try:
        found = drafts(tomllib.loads(file.read_text(encoding="utf-8")))
        version = asyncio.run(_import(connected(read()), found))
    except (InvalidDraft, tomllib.TOMLDecodeError) as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from error
    told = {"entries": len(found), "version": version}
    typer.echo(json.dumps(told) if as_json else f"{len(found)} entries are published as edition {version}.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show the published entries."""
    rows = asyncio.run(_published(connected(read())))
    if as_json:
        typer.echo(json.dumps({"entries": rows}, ensure_ascii=False))
        return
    table = Table("id", "category", "question", "similar", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["id"], row["category"], row["question"], str(len(row["variants"])))
    Console().print(table)


@app.command()
def offered(as_json: AsJson = False) -> None:
    """Show the answered questions that agents have offered, as entries to be edited and imported."""
    rows = asyncio.run(_offered(connected(read())))
    if as_json:
        typer.echo(json.dumps({"entries": rows}, ensure_ascii=False))
        return
    for row in rows:
        fields = {"id": f"question-{row['id']}", "question": row["text"], "answer": row["answer"]}
        typer.echo("[[entry]]")
        for name, value in fields.items():
            typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}")  # A string of JSON is one of TOML.
        typer.echo()


@app.command("withdraw")
def withdraw_(entry: Annotated[str, typer.Argument(help="The entry's id.")]) -> None:
    """Take an entry out of the bot's answers."""
    if not asyncio.run(_withdraw(connected(read()), entry)):
        typer.echo(f"No published entry is called {entry}.", err=True)
        raise typer.Exit(1)


@app.command()
def ask(text: Annotated[str, typer.Argument(help="A question.")], as_json: AsJson = False) -> None:
    """Show what the published knowledge makes of a question, with its confidence."""
    match = asyncio.run(_ask(connected(read()), text))
    shown = [{"entry": one.entry, "confidence": round(one.confidence, 3)} for one in match.candidates]
    if as_json:
        typer.echo(json.dumps({"verdict": match.verdict.value, "candidates": shown}))
        return
    typer.echo(match.verdict.value)
    for candidate in shown:
        typer.echo(f"  {candidate['confidence']:.3f}  {candidate['entry']}")


async def _import(settings: Settings, found: list[Draft]) -> int:
    pool = await _pool(settings)
    try:
        return await publish(pool, track(found, description="Publishing", console=Console(stderr=True)))
    finally:
        await pool.close()


async def _offered(settings: Settings) -> list[dict[str, Any]]:
    pool = await _pool(settings)
    try:
        rows = await pool.fetch(QUESTIONS["proposed"])
        return [{**row, "proposed": row["proposed"].isoformat()} for row in rows]
    finally:
        await pool.close()


async def _published(settings: Settings) -> list[dict[str, Any]]:
    pool = await _pool(settings)
    try:
        return [dict(row) for row in await pool.fetch(SQL["published"])]
    finally:
        await pool.close()


async def _withdraw(settings: Settings, entry: str) -> bool:
    pool = await _pool(settings)
    try:
        return await withdraw(pool, entry)
    finally:
        await pool.close()


async def _ask(settings: Settings, text: str) -> Match:
    rows = await _published(settings)
    index = Index.build([Entry(row["id"], row["question"], tuple(row["variants"]), row["answer"]) for row in rows])
    return index.match(text)


async def _pool(settings: Settings) -> Pool:
    return await open_pool(str(settings.database_url), size=1)
