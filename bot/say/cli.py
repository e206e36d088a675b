"""The command that speaks to a running service as a customer would: ``python -m bot say``."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import aiohttp
import typer
from rich.console import Console
from rich.text import Text

from bot.embedded.runfile import find_running
from bot.say.speak import Heard, NotTaken, speak
from bot.settings import read

app = typer.Typer()

CHANNELS = ("wechat", "web", "app")


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What the customer says.")],
    channel: Annotated[str, typer.Option(help="wechat, web or app.")] = "wechat",
    account: Annotated[str, typer.Option(help="The name of the account.")] = "demo",
    contact: Annotated[str, typer.Option(help="Who speaks; the same name goes on with the conversation.")] = "say",
    as_json: Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")] = False,
) -> None:
    """Say something to a running service as a customer would, with a real signed request, and print the replies."""
    if channel not in CHANNELS:
        raise typer.BadParameter(f"one of {', '.join(CHANNELS)}", param_hint="--channel")
    settings = read()
    running = find_running(settings.data_dir)
    base_url = running.base_url if running is not None else settings.base_url
    spoken = speak(base_url, settings.accounts, channel=channel, account=account, contact=contact, text=text)
    try:
        heard = asyncio.run(spoken)
    except NotTaken as error:
        _fail(str(error), as_json)
    except (aiohttp.ClientError, TimeoutError):
        _fail(f"Nothing answers at {base_url}. Start it with: python -m bot up", as_json)
    else:
        _show(heard, as_json)


def _show(heard: list[Heard], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"replies": [asdict(one) for one in heard]}, ensure_ascii=False))
        return
    console = Console()
    for one in heard:
        console.print(Text(one.text))
        for number, label in enumerate(one.choices, start=1):
            console.print(Text(f"  {number}. {label}", style="cyan"))
    if not heard:
        console.print(Text("(no reply)", style="dim"))


def _fail(why: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": why}, ensure_ascii=False))
    typer.echo(why, err=True)
    raise typer.Exit(1)
