"""Commands of the demo: ``python -m bot demo``."""

import asyncio
import json
import logging
import tomllib
from dataclasses import asdict
from random import Random
from typing import Annotated

import aiohttp
import typer
from rich.console import Console
from rich.progress import Progress, TextColumn

from bot import logs, settings
from bot.demo import data
from bot.demo.deskhand import Deskhand, NotLetIn
from bot.demo.history import Lived, Occupied, live_through, password_of
from bot.demo.live import Traffic, run
from bot.demo.staff import agent_logins
from bot.embedded.runfile import find_running
from bot.migrations.run import upgrade
from bot.processes.up import own_servers
from bot.settings import Settings
from bot.words import TEMPLATES

KNOWLEDGE = TEMPLATES / "demo" / "knowledge.toml"

app = typer.Typer(help="A whole operator to look at: people, customers, and what happened in the last weeks.")

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=90, help="How many days of history.")] = 30,
    seed: Annotated[int, typer.Option(help="The same number gives the same people and lives.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Fill an empty house, while it is stopped, with 40 agents in 9 cities, 200 customers and their last weeks."""
    if context.invoked_subcommand is None:
        _fill(days, seed, as_json=as_json)


@app.command()
def live(
    per_minute: Annotated[float, typer.Option(min=0.1, max=600, help="Customers who begin in a minute.")] = 12,
    agents: Annotated[int, typer.Option(min=0, max=40, help="Agents of the demo operator who are played too.")] = 0,
) -> None:
    """Let customers write to a running service until Ctrl+C; with --agents, people answer them."""
    found = settings.read()
    running = find_running(found.data_dir)
    base_url = running.base_url if running is not None else found.base_url
    operator, hands = data.read(), []
    if agents:
        chance = Random()  # noqa: S311 - a play, not a secret
        password, logins = password_of(found.data_dir), agent_logins(operator)
        hands = [Deskhand(base_url, login, password, operator.talk, chance) for login in logins[:agents]]
    questions = [entry["question"] for entry in tomllib.loads(KNOWLEDGE.read_text("utf-8"))["entry"]]

    with Progress(TextColumn("{task.description}"), console=Console(stderr=True)) as bar:
        task = bar.add_task("customers come in")

        def tell(traffic: Traffic) -> None:
            answered = sum(hand.answered for hand in hands)
            said = f"{traffic.said} messages, {traffic.refused} refused, {answered} answers of played agents"
            bar.update(task, description=said)

        try:
            asyncio.run(
                run(base_url, found.accounts, operator, questions, per_minute=per_minute, hands=hands, tell=tell)
            )
        except KeyboardInterrupt:
            return
        except aiohttp.ClientError as error:
            typer.echo(f"Nothing answers at {base_url}. Start it with: python -m bot up", err=True)
            raise typer.Exit(1) from error
        except NotLetIn as error:
            typer.echo(f"The desk does not let {error} in. Was the demo operator made in this data folder?", err=True)
            raise typer.Exit(1) from error


def _fill(days: int, seed: int, *, as_json: bool) -> None:
    logs.configure(logging.ERROR)  # A month of deadlines and refusals comes within a minute, and each would say so.
    try:
        lived = asyncio.run(_lived(settings.read(), days, seed))
    except Occupied as error:
        typer.echo(json.dumps({"error": str(error)}) if as_json else str(error), err=not as_json)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(asdict(lived)))
        return
    typer.echo(
        f"{lived.people} agents, {lived.customers} customers, {lived.matters} matters, {lived.messages} messages.\n"
        "Log in at the desk as admin, manager, p1lead, p1c1lead, p1c1a1 or network1"
        f" with the password {lived.password}\n"
        "Start the house: python -m bot up"
    )


async def _lived(found: Settings, days: int, seed: int) -> Lived:
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("living", total=1.0)
        async with own_servers(found) as connected:
            await upgrade(str(connected.database_url))
            return await live_through(
                connected, days=days, seed=seed, tell=lambda share: bar.update(task, completed=share)
            )
