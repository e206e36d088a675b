"""Commands about who people are at providers: ``python -m bot user link|unlink``."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.audit.audit import on_command_line
from bot.config.values import SettingsError
from bot.db import Pool, open_pool
from bot.login.oidc.id_token import Identity
from bot.login.oidc.identities import SQL, link, means_of, unlink
from bot.processes.connected import connected
from bot.settings import read
from channels.accounts import OidcAccount

app = typer.Typer()

Login = Annotated[str, typer.Argument(help="What the person types to log in.")]
Named = Annotated[str, typer.Argument(help="The provider, as the file names it: [oidc.NAME].")]
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]


@app.command(name="link")
def link_(
    login: Login,
    provider: Named,
    subject: Annotated[str, typer.Argument(help="Who the person is there: the subject (sub), not an address of mail.")],
    as_json: AsJson = False,
) -> None:
    """Let a person log in by an identity of theirs at a provider."""

    async def work(pool: Pool, account: OidcAccount, agent_id: int) -> bool:
        return await link(pool, agent_id, Identity(account.issuer, subject), on_command_line())

    _with(login, provider, work, as_json=as_json)


@app.command(name="unlink")
def unlink_(login: Login, provider: Named, as_json: AsJson = False) -> None:
    """Take a person's identity at a provider away; log-ins by it end."""

    async def work(pool: Pool, account: OidcAccount, agent_id: int) -> bool:
        return await unlink(pool, agent_id, account.issuer, means_of(account), on_command_line())

    _with(login, provider, work, as_json=as_json)


def _with(
    login: str, provider: str, work: Callable[[Pool, OidcAccount, int], Awaitable[bool]], *, as_json: bool
) -> None:
    """Do something with one account; ends with exit code 1 where nothing came of it."""
    settings = read()
    account = settings.accounts.oidc.get(provider)
    if account is None:
        raise SettingsError(f"there is no [oidc.{provider}] in the file of accounts")

    async def worked(url: str) -> bool:
        pool = await open_pool(url, size=1, application="huiying-user")
        try:
            agent_id = await pool.fetchval(SQL["named"], login.strip().lower())
            return agent_id is not None and await work(pool, account, agent_id)
        finally:
            await pool.close()

    done = asyncio.run(worked(str(connected(settings).database_url)))
    said = "done" if done else f"there is no log-in {login}, or it is so already"
    typer.echo(json.dumps({"ok": True} if done else {"error": said}) if as_json else said, err=not (done or as_json))
    if not done:
        raise typer.Exit(1)
