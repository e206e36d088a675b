"""Commands about queues and the way to them: ``python -m bot routing check|show|publish``."""

import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.db import open_pool
from bot.documents import parsed, read_document
from bot.processes.connected import connected
from bot.queues.publish import SQL, publish
from bot.settings import Settings, read
from router.clauses.table import spelled
from router.routing import Queue, Routing, Step, parse

app = typer.Typer(help="Which queue a matter goes to, and what it asks of people there.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
File = Annotated[Path, typer.Argument(help="A routing's TOML.", exists=True, dir_okay=False, readable=True)]


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Say whether a routing holds; where it does not, name line and table and end with exit code 1."""
    routing = _parsed(read_document(file), as_json=as_json)
    told = {"ok": True, "queues": len(routing.queues), "rules": len(routing.rules)}
    typer.echo(json.dumps(told) if as_json else f"{file}: holds, {told['queues']} queues, {told['rules']} rules")


@app.command("publish")
def publish_(file: File, as_json: AsJson = False) -> None:
    """Put a routing in force; running processes take it within seconds."""
    text = read_document(file)
    edition = asyncio.run(_publish(connected(read()), text, _parsed(text, as_json=as_json)))
    typer.echo(json.dumps({"edition": edition}) if as_json else f"{file} is published as edition {edition}.")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the routing in force, as the file that was published, or as tables."""
    text = asyncio.run(_published(connected(read()))) or shipped()
    if as_json:
        typer.echo(json.dumps({"text": text}, ensure_ascii=False))
        return
    routing = parse(text)
    queues = Table("queue", "name", "asks for", "longest", "to accept", "overflows to", box=None, pad_edge=False)
    for queue in routing.queues.values():
        asks = "; ".join(map(_asks, queue.steps))
        accept = spelled(queue.accept) if queue.accept else ""
        queues.add_row(queue.id, queue.names["zh"], asks, str(queue.longest), accept, _overflow(queue))
    rules = Table("first that fits", "goes to", box=None, pad_edge=False)
    for rule in routing.rules:
        facts = ", ".join(f"{fact} = {' | '.join(sorted(values))}" for fact, values in rule.when.items())
        rules.add_row(facts, rule.queue)
    rules.add_row("everything else", routing.default)
    for table in (queues, rules):
        Console().print(table)


def shipped() -> str:
    """The routing that holds until another is published."""
    return files("router").joinpath("routing.toml").read_text(encoding="utf-8")


def _asks(step: Step) -> str:
    skills = " ".join([*sorted(step.required), *(f"({skill})" for skill in sorted(step.preferred))])
    return f"after {spelled(step.after)}: {skills or 'nothing'}" if step.after else skills or "nothing"


def _overflow(queue: Queue) -> str:
    return f"{queue.overflow} after {spelled(queue.overflow_after)}" if queue.overflow else ""


def _parsed(text: str, *, as_json: bool) -> Routing:
    return parsed(lambda: parse(text), as_json=as_json)


async def _publish(settings: Settings, text: str, routing: Routing) -> int:
    pool = await open_pool(str(settings.database_url), size=1, application="routing")
    try:
        return await publish(pool, text, routing)
    finally:
        await pool.close()


async def _published(settings: Settings) -> str:
    pool = await open_pool(str(settings.database_url), size=1, application="routing")
    try:
        text: str | None = await pool.fetchval(SQL["routing"])
    finally:
        await pool.close()
    return text or ""
