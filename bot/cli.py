"""The command line: each noun's commands, put together."""

import json
import sys

import asyncpg
import typer
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot import doctor_cli, logs
from bot.announcements import cli as announcements
from bot.audit import cli as audit
from bot.bench import cli as bench
from bot.business import cli as forms
from bot.config import cli as config
from bot.config.values import SettingsError
from bot.crm import cli as customers
from bot.deadlines import cli as deadlines
from bot.demo import cli as demo
from bot.doors import telegram_cli as telegram
from bot.doors import wechat_cli as wechat
from bot.embedded.errors import EmbeddedError
from bot.keys import cli as keys
from bot.knowledge import cli as knowledge
from bot.outbox import cli as outbox
from bot.outlets import cli as outlets
from bot.people import cli as people
from bot.people import units_cli as units
from bot.processes import cli as processes
from bot.processes.connected import NothingRuns
from bot.queues import cli as routing
from bot.satisfaction import cli as satisfaction
from bot.say import call
from bot.say import cli as say
from bot.shifts import cli as shifts
from bot.standards import cli as standards
from bot.subscriptions import cli as webhooks
from bot.tickets import cli as tickets
from bot.wall import cli as wall

SERVERS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, RedisError)
"""What PostgreSQL, Redis or the system refused."""

app = typer.Typer(
    name="huiying",
    help="Huiying 回应: every request gets an answer, every matter is closed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(processes.app)
app.add_typer(config.app)
app.add_typer(standards.app, name="standard")
app.add_typer(say.app)
app.add_typer(call.app)
app.add_typer(doctor_cli.app)
app.add_typer(deadlines.app, name="deadlines")
app.add_typer(bench.app, name="bench")
app.add_typer(announcements.app, name="announce")
app.add_typer(knowledge.app, name="knowledge")
app.add_typer(outbox.app, name="outbox")
app.add_typer(people.app, name="user")
app.add_typer(units.app, name="unit")
app.add_typer(shifts.app, name="shift")
app.add_typer(outlets.app, name="outlet")
app.add_typer(customers.app, name="customers")
app.add_typer(tickets.app, name="tickets")
app.add_typer(routing.app, name="routing")
app.add_typer(forms.app, name="forms")
app.add_typer(telegram.app, name="telegram")
app.add_typer(wechat.app, name="wechat")
app.add_typer(keys.app, name="key")
app.add_typer(webhooks.app, name="webhook")
app.add_typer(audit.app, name="audit")
app.add_typer(wall.app, name="wall")
app.add_typer(satisfaction.app, name="survey")
app.add_typer(demo.app, name="demo")


def main() -> None:
    """Run the command of this process' arguments.

    Exits with 0, with 1 when the command failed, with 2 when it was called or set up wrongly.
    """
    logs.configure()
    try:
        app(prog_name="python -m bot")
    except SettingsError as error:
        _fail(error, 2)
    except (EmbeddedError, NothingRuns) as error:
        _fail(error, 1)
    except SERVERS as error:
        _fail(error, 1, kind=f"{type(error).__name__}: ")


def _fail(error: BaseException, code: int, *, kind: str = "") -> None:
    """Say what is wrong; where JSON was asked for, that is the one document."""
    said = f"{kind}{error}"
    if "--json" in sys.argv[1:]:
        typer.echo(json.dumps({"error": said}, ensure_ascii=False))
    typer.echo(said, err=True)
    sys.exit(code)
