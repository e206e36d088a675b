"""The command that plays a call: ``python -m bot call``."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Annotated

import aiohttp
import typer

from bot.embedded.runfile import find_running
from bot.settings import read
from channels.accounts import HotlineAccount
from channels.hotline.peer import Peer, Request

WITHIN = 10.0
"""Seconds that the service may take for one report."""
app = typer.Typer()


@app.command()
def call(
    caller: Annotated[str, typer.Option(help="The caller's number.")] = "13800138000",
    agent: Annotated[str, typer.Option(help="The log-in of whoever picks up.")] = "wangfang",
    ring: Annotated[int, typer.Option(help="Seconds until somebody picks up.", min=0)] = 4,
    talk: Annotated[int, typer.Option(help="Seconds of the conversation.", min=0)] = 90,
    score: Annotated[int, typer.Option(help="Stars keyed in after the call.", min=1, max=5)] = 5,
    voicemail: Annotated[str, typer.Option(help="Nobody picks up; the caller leaves this message.")] = "",
    account: Annotated[str, typer.Option(help="The name of the account.")] = "demo",
) -> None:
    """Play a call to a running service as a telephone system would report it, with real signed requests."""
    settings = read()
    running = find_running(settings.data_dir)
    base_url = running.base_url if running is not None else settings.base_url
    held = settings.accounts.hotline.get(account)
    if held is None:
        _fail(f"There is no hotline account named {account}.")
    else:
        length = ring + talk + 5
        steps = _message(ring, voicemail) if voicemail else _served(ring, talk, score, agent)
        try:
            asyncio.run(_play(base_url, _requests(held, caller, length, steps)))
        except (aiohttp.ClientError, TimeoutError):
            _fail(f"Nothing answers at {base_url}. Start it with: python -m bot up")


Step = tuple[str, int, dict[str, object]]
"""The type of a report, seconds after the first ring, and what else it says."""


def _served(ring: int, talk: int, score: int, agent: str) -> list[Step]:
    return [
        ("call.offered", 0, {}),
        ("call.picked_up", ring, {"login": agent}),
        ("call.ended", ring + talk, {"by": "caller", "seconds": talk}),
        ("ivr.score", ring + talk + 5, {"score": score, "scale": "1-5"}),
    ]


def _message(ring: int, text: str) -> list[Step]:
    return [
        ("call.offered", 0, {}),
        ("voicemail.left", ring, {"transcript": text, "seconds": 9}),
        ("call.ended", ring + 1, {"by": "caller", "seconds": 0}),
    ]


def _requests(account: HotlineAccount, caller: str, length: int, steps: Sequence[Step]) -> list[Request]:
    """The reports of a call that has just ended, signed as sent now."""
    peer, ref = Peer(account), f"played-{token_hex(6)}"
    now = datetime.now(UTC)
    began = now - timedelta(seconds=length)
    requests = []
    for kind, after, data in steps:
        told = {"call": ref, "caller": caller, **data}
        body = peer.report("", kind, began + timedelta(seconds=after), **told).body
        requests.append(peer.signed(f"{ref}-{kind}", body, sent=int(now.timestamp())))
    return requests


async def _play(base_url: str, requests: Sequence[Request]) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WITHIN)) as session:
        for request in requests:
            async with session.post(base_url + request.path, data=request.body, headers=request.headers) as response:
                typer.echo(f"{request.headers['webhook-id']}: {response.status}")
                if response.status != 200:
                    _fail(f"The service answered {response.status}.")


def _fail(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(1)
