"""Commands about the audit trail: ``python -m bot audit list|verify|disclosures``."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.audit.audit import Deed, Wanted, listed
from bot.audit.verify import Verdict
from bot.audit.verify import verify as verify_trail
from bot.db import Pool, Row, open_pool
from bot.processes.connected import connected
from bot.settings import read

app = typer.Typer(help="Who did what, and whether anybody has touched the trail.", no_args_is_help=True)

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Most = Annotated[int, typer.Option(help="How many at the most.", min=1)]
SEAL = 64
"""Hexadecimal digits of a seal."""


@app.command("list")
def list_(
    who: Annotated[str, typer.Option(help="Only what this log-in did.")] = "",
    deed: Annotated[Deed | None, typer.Option(help="Only deeds of this kind.")] = None,
    most: Most = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was done, the latest first."""
    rows = _with_pool(lambda pool: listed(pool, Wanted(who=who, deed=deed.value if deed else ""), most))
    if as_json:
        typer.echo(json.dumps({"audit": [_plain(row) for row in rows]}, ensure_ascii=False))
    else:
        Console().print(_table(rows))


@app.command()
def disclosures(most: Most = 50, as_json: AsJson = False) -> None:
    """Show who saw what unmasked and why, the latest first."""
    rows = _with_pool(lambda pool: listed(pool, Wanted(deed=Deed.DISCLOSE.value), most))
    if as_json:
        typer.echo(json.dumps({"disclosures": [_plain(row) for row in rows]}, ensure_ascii=False))
    else:
        Console().print(_table(rows))


@app.command()
def verify(
    known: Annotated[str, typer.Option(help="PLACE:SEAL as printed before.")] = "",
    as_json: AsJson = False,
) -> None:
    """Compute the chain of the trail anew; whatever was altered, removed or cut off ends with exit code 1."""
    verdict = _with_pool(lambda pool: verify_trail(pool, _known(known)))
    if as_json:
        typer.echo(json.dumps(_document(verdict)))
    else:
        _tell(verdict)
    if verdict.faults:
        raise typer.Exit(1)


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        typer.echo(f"place {fault.place}: {fault.kind.replace('_', ' ')}", err=True)
    typer.echo(f"{verdict.sealed} rows are sealed and {'do not all hold' if verdict.faults else 'hold'}.")
    if verdict.unsealed_since is not None:
        since = verdict.unsealed_since.astimezone(UTC)
        typer.echo(f"{verdict.unsealed} are not sealed yet, since {since:%Y-%m-%d %H:%M:%S} UTC.")
    typer.echo(f"head: {verdict.place}:{verdict.seal.hex()}")


def _document(verdict: Verdict) -> Mapping[str, object]:
    since = verdict.unsealed_since
    return {
        "ok": not verdict.faults,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "unsealed_since": None if since is None else since.isoformat(),
        "head": f"{verdict.place}:{verdict.seal.hex()}",
        "faults": [{"place": one.place, "kind": one.kind, "id": one.id} for one in verdict.faults],
    }


def _known(text: str) -> tuple[int, bytes] | None:
    """Raises: BadParameter for what no look has printed."""
    if not text:
        return None
    place, _, seal = text.partition(":")
    try:
        found = int(place), bytes.fromhex(seal)
    except ValueError as error:
        raise typer.BadParameter("PLACE:SEAL", param_hint="--known") from error
    if len(seal) != SEAL:
        raise typer.BadParameter("PLACE:SEAL", param_hint="--known")
    return found


def _with_pool(work: Callable[[Pool], Awaitable[T]]) -> T:
    async def worked(url: str) -> T:
        pool = await open_pool(url, size=1, application="huiying-audit")
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(worked(str(connected(read()).database_url)))


def _plain(row: Row) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("at (UTC)", "who", "deed", "what", "detail", "reason", "from"):
        table.add_column(title)
    for row in rows:
        at = f"{row['at'].astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        what = f"{row['what']} {row['whom']}".strip()
        table.add_row(at, row["who"], row["deed"], what, row["detail"], row["reason"], row["origin"])
    return table
