"""Commands about announcements: ``python -m bot announce add|list|end``."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.announcements import announcement
from bot.announcements.announcement import Announcement, Level, Unfit
from bot.audit.audit import on_command_line
from bot.db import Pool, Row, open_pool
from bot.processes.connected import connected
from bot.settings import Settings, read

app = typer.Typer(help="What customers are told on the chat's home without asking.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Moment = Annotated[datetime | None, typer.Option(help="In the operator's time zone.")]

T = TypeVar("T")


@app.command()
def add(
    title: Annotated[str, typer.Argument(help="One line, 80 characters at the most.")],
    text: Annotated[str, typer.Option(help="More about it, plain text, 1000 characters at the most.")] = "",
    level: Annotated[Level, typer.Option(help="How grave it is; the gravest stands first.")] = Level.INFO,
    language: Annotated[str, typer.Option(help="zh, zh-TW or en; without it, pages in every language show it.")] = "",
    starts: Moment = None,
    ends: Moment = None,
    as_json: AsJson = False,
) -> None:
    """Announce something; open chat pages show it within a minute or so."""
    settings = connected(read())
    one = Announcement(level, title, text, language, _utc(starts, settings), _utc(ends, settings))
    try:
        added = _with_pool(settings, lambda pool: announcement.announce(pool, one, on_command_line()))
    except Unfit as unfit:
        wrong = f"--{unfit.reason}" if unfit.reason != "title" else "the title"
        typer.echo(f"{wrong} does not fit: it is missing, too long, unknown, or lies before the start.", err=True)
        raise typer.Exit(2) from unfit
    typer.echo(json.dumps({"id": added}) if as_json else f"Announcement {added} is up.")


@app.command("list")
def list_(
    ended: Annotated[bool, typer.Option("--ended", help="Also those that have ended.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show announcements, the latest first."""
    settings = connected(read())
    rows = _with_pool(settings, lambda pool: announcement.listed(pool, ended=ended))
    if as_json:
        typer.echo(json.dumps({"announcements": [_plain(row) for row in rows]}, ensure_ascii=False))
    else:
        Console().print(_table(rows, settings))


@app.command()
def end(
    announcement_id: Annotated[int, typer.Argument(help="The id that the list shows.")], as_json: AsJson = False
) -> None:
    """Take an announcement down."""
    ended = _with_pool(connected(read()), lambda pool: announcement.end(pool, announcement_id, on_command_line()))
    if as_json:
        typer.echo(json.dumps({"ok": ended, "id": announcement_id}))
    elif ended:
        typer.echo(f"Announcement {announcement_id} is down.")
    if not ended:
        typer.echo(f"No announcement {announcement_id} is up.", err=True)
        raise typer.Exit(1)


def _utc(moment: datetime | None, settings: Settings) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=settings.zone).astimezone(UTC)


def _with_pool(settings: Settings, act: Callable[[Pool], Awaitable[T]]) -> T:
    async def acted() -> T:
        pool = await open_pool(str(settings.database_url), size=1)
        try:
            return await act(pool)
        finally:
            await pool.close()

    return asyncio.run(acted())


def _plain(row: Row) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _table(rows: Sequence[Row], settings: Settings) -> Table:
    table = Table("id", "level", "language", "starts", "ends", "title", "author", box=None, pad_edge=False)
    for row in rows:
        begins, ends = (_local(row[name], settings) for name in ("starts", "ends"))
        table.add_row(str(row["id"]), row["level"], row["language"], begins, ends, row["title"], row["author"])
    return table


def _local(moment: datetime | None, settings: Settings) -> str:
    return "" if moment is None else moment.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M")
