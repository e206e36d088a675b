"""The settings of a process, and the one reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.config import accounts, workbench
from bot.config.secret_key import KeyUnwritable, kept_key, made_key
from bot.config.table import AccountsError
from bot.config.values import SettingsError, Values, reason, wrong
from channels.accounts import Accounts

_SHORTEST_SECRET_KEY = 16
_LARGEST_FILE = 100
"""MiB."""
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator has chosen."""

    host: str
    port: int
    data_dir: Path
    database_url: str | None = field(repr=False)
    """None: a PostgreSQL of our own."""
    redis_url: str | None = field(repr=False)
    """None: a Redis of our own."""
    config: Path | None
    """The file of channel accounts; None: demo accounts."""
    accounts: Accounts
    demo: bool
    """Whether an empty database is filled with the demo."""
    public_url: str
    """The address under which customers reach us, without a slash at the end; empty: ``base_url``."""
    secret_key: str = field(repr=False)
    zone: ZoneInfo
    """The operator's time zone."""
    file_limit: int
    """Bytes that a customer's or an agent's file may have."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    """Networks of the operator's own proxies, whose word on a client's address is believed."""
    clamd: str | None
    """The address of a virus scanner, ``unix://…`` or ``tcp://host:port``; None: files are not scanned."""
    workbench: workbench.WorkbenchSettings
    private_webhooks: bool
    """Whether webhooks may go to systems of the operator's own network, and by http."""

    @property
    def base_url(self) -> str:
        """The address to open on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}"


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from ``HUIYING_…`` and ``HUIYING_…_FILE``.

    A secret key is made and kept in the data folder where none is given and only this machine can reach us.

    Raises:
        SettingsError: a value makes no sense.
    """
    values = Values(environ)
    data_dir = _data_dir(values, environ)
    database_url = values.address("DATABASE_URL", ("postgresql", "postgres"))
    host = values.text("HOST") or "127.0.0.1"
    secret_key = _secret_key(values, data_dir, alone=database_url is None or _is_loopback(host), host=host)
    config = values.text("CONFIG")
    told, desk = _configured(values, Path(config), environ) if config else (None, workbench.WorkbenchSettings())
    return Settings(
        host=host,
        port=_port(values),
        data_dir=data_dir,
        database_url=database_url,
        redis_url=values.address("REDIS_URL", ("redis", "rediss", "unix")),
        config=Path(config).absolute() if config else None,
        accounts=told or accounts.demo(secret_key),
        demo=_flag(values, "DEMO", default=database_url is None),
        public_url=(values.address("PUBLIC_URL", ("http", "https")) or "").rstrip("/"),
        secret_key=secret_key,
        zone=_zone(values),
        file_limit=_file_limit(values),
        trusted_proxies=_networks(values, "TRUSTED_PROXIES"),
        clamd=values.address("CLAMD", ("unix", "tcp")),
        workbench=desk,
        private_webhooks=_flag(values, "PRIVATE_WEBHOOKS", default=False),
    )


def zone(environ: Mapping[str, str] = os.environ) -> ZoneInfo:
    """The operator's time zone alone. Raises: SettingsError where there is none of that name."""
    return _zone(Values(environ))


def _port(values: Values) -> int:
    value = values.text("PORT") or "8080"
    if not (value.isascii() and value.isdigit() and 0 < int(value) < 65536):
        raise wrong("PORT", f"is {value!r}, it must be a number from 1 to 65535")
    return int(value)


def _file_limit(values: Values) -> int:
    """Bytes, from the variable's MiB."""
    value = values.text("FILE_LIMIT") or "10"
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= _LARGEST_FILE):
        raise wrong("FILE_LIMIT", f"is {value!r}, it must be a number of MiB from 1 to {_LARGEST_FILE}")
    return int(value) * 1024 * 1024


def _networks(values: Values, name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks such as ``10.0.0.0/8``, with commas or spaces between them."""
    written = (values.text(name) or "").replace(",", " ").split()
    try:
        return tuple(map(ip_network, written))
    except ValueError as error:
        raise wrong(name, f"must hold networks such as 10.0.0.0/8: {error}") from error


def _flag(values: Values, name: str, *, default: bool) -> bool:
    value = values.text(name)
    if value is None:
        return default
    if value.lower() not in _YES + _NO:
        raise wrong(name, f"is {value!r}, it must be 1 or 0")
    return value.lower() in _YES


def _zone(values: Values) -> ZoneInfo:
    value = values.text("TIME_ZONE") or "Asia/Shanghai"
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("TIME_ZONE", f"is {value!r}, it must be a time zone such as Asia/Shanghai") from error


def _data_dir(values: Values, environ: Mapping[str, str]) -> Path:
    value = values.text("DATA_DIR")
    if value is not None:
        return Path(value).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/huiying")
    home = environ.get("XDG_DATA_HOME", "").strip()
    if home and Path(home).is_absolute():
        return Path(home) / "huiying"
    try:
        return Path.home() / ".local" / "share" / "huiying"
    except RuntimeError as error:
        raise wrong("DATA_DIR", "is not set, and this account has no home folder") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _secret_key(values: Values, data_dir: Path, *, alone: bool, host: str) -> str:
    """The given key, or the kept one, or a new one where only this machine needs to know it."""
    given = values.text("SECRET_KEY")
    if given is not None:
        if len(given) < _SHORTEST_SECRET_KEY and not _is_loopback(host):
            raise wrong("SECRET_KEY", f"must have {_SHORTEST_SECRET_KEY} characters or more to listen on {host}")
        return given
    try:
        kept = kept_key(data_dir)
        if kept is None and not alone:
            raise wrong("SECRET_KEY", f"must be set to listen on {host} with a database of your own")
        return kept or made_key(data_dir)
    except KeyUnwritable as error:
        raise wrong("SECRET_KEY", f"is not set, and none can be kept in {data_dir}: {error}") from error


def _configured(values: Values, file: Path, environ: Mapping[str, str]) -> tuple[Accounts, workbench.WorkbenchSettings]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise wrong("CONFIG", f"names {file}, which cannot be read: {reason(error)}") from error
    try:
        told = accounts.parse(text, file=str(file), environ=environ)
        return told, workbench.parse(text, file=str(file), environ=environ)
    except AccountsError as error:
        raise SettingsError(str(error)) from error
