"""What ``up`` prints once everything runs: the addresses, and the demo's log-ins."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.processes.up import Ready
from bot.words import LANGUAGES, words


def banner(ready: Ready) -> RenderableType:
    """Both languages, since nobody has chosen one yet."""
    addresses = Table.grid(padding=(0, 2))
    if ready.chat:
        addresses.add_row(_both("up.chat"), Text(ready.chat, style="link " + ready.chat))
    addresses.add_row(_both("up.desk"), Text(ready.desk, style="link " + ready.desk))
    shown: list[RenderableType] = [addresses]
    if ready.logins:
        shown += [Text(), _logins(ready)]
    shown += [Text(), _both("up.stop", style="dim")]
    return Panel(Group(*shown), title="Huiying 回应", title_align="left", expand=False, padding=(1, 2))


def _logins(ready: Ready) -> Table:
    logins = Table(box=None, padding=(0, 2), pad_edge=False, header_style="bold")
    for key in ("up.login", "up.password", "up.name", "up.role"):
        logins.add_column(_both(key))
    for one in ready.logins:
        logins.add_row(one.login, one.password, one.name, _both(f"desk.role.{one.role}"))
    return logins


def _both(key: str, style: str = "") -> Text:
    return Text(" · ".join(words(language)[key] for language in LANGUAGES), style=style)


def document(ready: Ready) -> dict[str, object]:
    """The same as JSON."""
    return {
        "base_url": ready.base_url,
        "chat": ready.chat,
        "desk": ready.desk,
        "logins": [
            {"login": one.login, "password": one.password, "name": one.name, "role": one.role} for one in ready.logins
        ],
    }
