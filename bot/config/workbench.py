"""What an operator sets for the workbench in the file of channel accounts: wording, and a model that assists.

[wording]  block = ["内部系统"]  warn = [...]  allow = ["保证金"]  sites = ["www.example.cn"]
[assist]   base_url = "https://…/v1"  api_key = "env:ASSIST_KEY"  model = "…"  timeout = 8
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.config.table import AccountsError, Table

TABLES = frozenset({"wording", "assist"})
LONGEST_WAIT = 30
"""Seconds that a model may be waited for at the most."""
USUAL_WAIT = 8


@dataclass(frozen=True, slots=True)
class OwnWording:
    """Phrases beside the shipped ones, and sites that answers may lead to."""

    block: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistAccount:
    """A model behind an interface like OpenAI's."""

    base_url: str
    """Below which ``/chat/completions`` is found."""
    model: str
    api_key: str = field(default="", repr=False)
    timeout: float = USUAL_WAIT
    """Seconds."""


@dataclass(frozen=True, slots=True)
class WorkbenchSettings:
    """Both; without a model nobody is asked."""

    wording: OwnWording = OwnWording()
    assist: AssistAccount | None = None


def parse(text: str, *, file: str, environ: Mapping[str, str]) -> WorkbenchSettings:
    """Read both tables from the TOML of the channel accounts. Raises: AccountsError where one makes no sense."""
    document = tomllib.loads(text)

    def table(name: str) -> Table | None:
        where = f"{file}: [{name}]"
        if name not in document:
            return None
        if not isinstance(document[name], dict):
            raise AccountsError(f"{where}: must be a table")
        return Table(document[name], where=where, environ=environ)

    wording, assist = table("wording"), table("assist")
    return WorkbenchSettings(
        OwnWording() if wording is None else wording.finish(_wording(wording)),
        None if assist is None else assist.finish(_assist(assist)),
    )


def _wording(table: Table) -> OwnWording:
    return OwnWording(
        block=table.one_or_more("block"),
        warn=table.one_or_more("warn"),
        allow=table.one_or_more("allow"),
        sites=table.one_or_more("sites"),
    )


def _assist(table: Table) -> AssistAccount:
    base_url = table.address("base_url", "")
    if not base_url:
        raise table.wrong("base_url", "is missing")
    return AssistAccount(
        base_url=base_url,
        model=table.text("model"),
        api_key=table.text("api_key", ""),
        timeout=table.seconds("timeout", USUAL_WAIT, most=LONGEST_WAIT),
    )
