"""Commands about Telegram's way to us: ``python -m bot telegram webhook set|show|delete``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.doors.making import outside
from bot.settings import Settings, read
from channels.accounts import TelegramAccount
from channels.telegram.door import bot
from channels.telegram.poller import KINDS

app = typer.Typer(help="Telegram bots; what customers write to them leaves the country.", no_args_is_help=True)
webhook = typer.Typer(help="The address to which Telegram brings updates.", no_args_is_help=True)
app.add_typer(webhook, name="webhook")

Account = Annotated[str, typer.Argument(help="The account's name in the file of channel accounts.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]

Ask = Callable[[Bot], Awaitable[WebhookInfo]]


@webhook.command("set")
def set_(account: Account, as_json: AsJson = False) -> None:
    """Have Telegram bring updates to HUIYING_PUBLIC_URL, signed with the account's secret_token."""
    settings, known = _account(account)
    if known.polling:
        _wrong(f"[telegram.{account}] polls; take polling = true out of the file first")
    if not settings.public_url.startswith("https://"):
        _wrong("HUIYING_PUBLIC_URL must begin with https://; Telegram calls nothing else")
    url = f"{settings.public_url}/channels/telegram/{account}"

    async def ask(one: Bot) -> WebhookInfo:
        await one.set_webhook(url, secret_token=known.secret_token, allowed_updates=KINDS)
        return await one.get_webhook_info()

    _print(_asked(known, ask), as_json=as_json)


@webhook.command()
def show(account: Account, as_json: AsJson = False) -> None:
    """Show where Telegram brings updates, how many wait, and why the last one failed."""
    _print(_asked(_account(account)[1], Bot.get_webhook_info), as_json=as_json)


@webhook.command()
def delete(account: Account, as_json: AsJson = False) -> None:
    """Have Telegram bring no more updates; those that wait are kept for polling."""

    async def ask(one: Bot) -> WebhookInfo:
        await one.delete_webhook()
        return await one.get_webhook_info()

    _print(_asked(_account(account)[1], ask), as_json=as_json)


def _account(name: str) -> tuple[Settings, TelegramAccount]:
    settings = read()
    found = settings.accounts.telegram.get(name)
    if found is None:
        known = ", ".join(sorted(settings.accounts.telegram)) or "none"
        _wrong(f"[telegram.{name}] is not in the file of channel accounts; known: {known}")
    return settings, found


def _wrong(said: str) -> NoReturn:
    typer.echo(said, err=True)
    raise typer.Exit(2)


def _asked(account: TelegramAccount, ask: Ask) -> WebhookInfo:
    async def asked() -> WebhookInfo:
        async with outside() as session:
            return await ask(bot(account, session))

    try:
        return asyncio.run(asked())
    except TelegramError as error:
        typer.echo(f"Telegram: {error.message or type(error).__name__}", err=True)
        raise typer.Exit(1) from None


def _print(found: WebhookInfo, *, as_json: bool) -> None:
    failed = found.last_error_date
    shown = {
        "url": found.url,
        "waiting": found.pending_update_count,
        "last_error": found.last_error_message or "",
        "last_error_at": failed.isoformat() if failed is not None else None,
    }
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in shown.items():
        table.add_row(name, "" if value is None else str(value))
    Console().print(table)
