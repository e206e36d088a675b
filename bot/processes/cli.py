"""Commands that run the service: ``python -m bot up|web|worker|jobs|migrate``."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console

from bot import loop
from bot.app import serve_web, serve_worker
from bot.embedded import pg
from bot.embedded.runfile import find_running
from bot.embedded.servers import Choice, Servers
from bot.jobs import serve_jobs
from bot.migrations.run import upgrade
from bot.processes.banner import banner, document
from bot.processes.connected import connected
from bot.processes.up import Ready
from bot.processes.up import up as run_everything
from bot.settings import Settings, read

app = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def up(as_json: AsJson = False) -> None:
    """Start everything on this machine: servers of its own where none are named, the demo, web, worker and jobs."""

    def announce(ready: Ready) -> None:
        if as_json:
            typer.echo(json.dumps(document(ready), ensure_ascii=False))
        else:
            Console().print(banner(ready))

    asyncio.run(run_everything(read(), announce))


@app.command()
def web() -> None:
    """Serve the doors, the desk and the API."""
    loop.run(serve_web(connected(read())))


@app.command()
def worker() -> None:
    """Fire deadlines, assign chats and deliver messages."""
    loop.run(serve_worker(connected(read())))


@app.command()
def jobs() -> None:
    """Do slow and far-off work from RQ: ask surveys, fetch files."""
    serve_jobs(connected(read()))


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database to the newest revision."""
    revision = asyncio.run(_migrate(read()))
    typer.echo(json.dumps({"revision": revision}) if as_json else f"The database is at revision {revision}.")


async def _migrate(settings: Settings) -> str:
    """Migrate the named database, that of a running ``up``, or our own, started for this only."""
    if settings.database_url is not None:
        return await upgrade(settings.database_url)
    if (running := find_running(settings.data_dir)) is not None:
        return await upgrade(running.database_url)
    async with Servers(settings.data_dir, Choice(wanted=frozenset({pg.NAME}))) as servers:
        return await upgrade(servers.database_url)
