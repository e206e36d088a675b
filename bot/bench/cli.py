"""Commands that measure: ``python -m bot bench turns|deadlines|flushed|assign|ws|delivery|tickets|wall|chaos|faq``."""

from pathlib import Path
from typing import Annotated

import typer

from bot.bench import assign as assign_bench
from bot.bench import chaos as chaos_bench
from bot.bench import deadlines as deadlines_bench
from bot.bench import delivery as delivery_bench
from bot.bench import flushed as flushed_bench
from bot.bench import tickets as tickets_bench
from bot.bench import turns as turns_bench
from bot.bench import wall as wall_bench
from bot.bench import ws as ws_bench
from bot.knowledge import bench as faq_bench

app = typer.Typer(help="Measure this house on this machine, with servers of its own.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command()
def turns(
    as_json: AsJson = False,
    messages: Annotated[int, typer.Option(min=1, help="Messages in each round.")] = 3_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each kind; medians are shown.")] = 5,
) -> None:
    """What a turn costs, beside bare handlers."""
    raise typer.Exit(turns_bench.run(as_json=as_json, messages=messages, rounds=rounds))


@app.command()
def deadlines(
    as_json: AsJson = False,
    armed: Annotated[int, typer.Option(min=1, help="Deadlines armed in all.")] = 100_000,
    due: Annotated[int, typer.Option(min=1, help="Deadlines due within one second.")] = 10_000,
) -> None:
    """How late deadlines fire, in peace and while a clock is killed."""
    raise typer.Exit(deadlines_bench.run(as_json=as_json, armed=armed, due=due))


@app.command()
def flushed(
    as_json: AsJson = False,
    conversations: Annotated[
        int, typer.Option(min=1, help="Conversations that wait, with one deadline each.")
    ] = 10_000,
    tickets: Annotated[int, typer.Option(min=2, help="Open tickets, with two or three deadlines each.")] = 4_000,
    seconds: Annotated[int, typer.Option(min=3, help="Seconds until all steps of all deadlines are due.")] = 120,
    flushes: Annotated[int, typer.Option(min=1, help="How often Redis forgets everything.")] = 12,
    kills: Annotated[int, typer.Option(min=1, help="How often a clock is killed.")] = 8,
) -> None:
    """Deadlines of conversations, tickets and complaints while Redis forgets everything and clocks are killed."""
    exit_code = flushed_bench.run(
        as_json=as_json, conversations=conversations, tickets=tickets, seconds=seconds, flushes=flushes, kills=kills
    )
    raise typer.Exit(exit_code)


@app.command()
def assign(
    as_json: AsJson = False,
    waiting: Annotated[int, typer.Option(min=1, help="Chats that wait.")] = 10_000,
    agents: Annotated[int, typer.Option(min=1, help="People at the desk.")] = 200,
    assigners: Annotated[int, typer.Option(min=1, help="Processes that assign side by side.")] = 8,
    kills: Annotated[int, typer.Option(min=0, help="How many of them are killed in the second wave.")] = 10,
) -> None:
    """How fast waiting chats find agents, in peace and while assigners are killed."""
    exit_code = assign_bench.run(as_json=as_json, waiting=waiting, agents=agents, assigners=assigners, kills=kills)
    raise typer.Exit(exit_code)


@app.command()
def ws(
    as_json: AsJson = False,
    sockets: Annotated[int, typer.Option(min=1, help="Sockets open at once.")] = 5_000,
    rounds: Annotated[int, typer.Option(min=1, help="Messages told to all of them; medians are shown.")] = 10,
) -> None:
    """What an idle socket costs, and how fast one message reaches all, beside the library websockets."""
    raise typer.Exit(ws_bench.run(as_json=as_json, sockets=sockets, rounds=rounds))


@app.command()
def delivery(
    as_json: AsJson = False,
    kills: Annotated[int, typer.Option(min=0, help="Senders killed.")] = 100,
    messages: Annotated[int, typer.Option(min=10, help="Messages sent.")] = 100_000,
    seed: Annotated[int | None, typer.Option(help="Plays a run again.")] = None,
) -> None:
    """Messages on their way to a stand-in platform while their senders are killed at random."""
    raise typer.Exit(delivery_bench.run(as_json=as_json, kills=kills, messages=messages, seed=seed))


@app.command()
def tickets(
    as_json: AsJson = False,
    number: Annotated[int, typer.Option("--tickets", min=30, help="Tickets in the database.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is done.")] = 200,
) -> None:
    """A filtered page, a save with its ledger and the counts, beside 50 ms."""
    raise typer.Exit(tickets_bench.run(as_json=as_json, tickets=number, rounds=rounds))


@app.command()
def wall(
    as_json: AsJson = False,
    conversations: Annotated[int, typer.Option(min=1, help="How many lie in the database.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each statement is done.")] = 200,
) -> None:
    """How fast the live wall is read among many conversations."""
    raise typer.Exit(wall_bench.run(as_json=as_json, conversations=conversations, rounds=rounds))


@app.command()
def chaos(
    as_json: AsJson = False,
    kills: Annotated[int, typer.Option(min=0, help="Processes killed.")] = 50,
    messages: Annotated[int, typer.Option(min=10, help="Messages sent.")] = 100_000,
    seed: Annotated[int | None, typer.Option(help="Plays a run again.")] = None,
) -> None:
    """The whole service under load while its processes are killed at random."""
    raise typer.Exit(chaos_bench.run(as_json=as_json, kills=kills, messages=messages, seed=seed))


@app.command()
def faq(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Holds one folder for each set.")],
    as_json: AsJson = False,
    pad: Annotated[int, typer.Option(min=0, help="Fill each knowledge base up to this many entries.")] = 0,
) -> None:
    """How well and how fast the bot answers, on folders of question sets."""
    raise typer.Exit(faq_bench.run(folder, as_json=as_json, pad=pad))
