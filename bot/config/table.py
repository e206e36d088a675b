"""One table of the file of channel accounts, read key by key so that nothing unknown or misspelt slips through."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from bot.config.urls import is_safe
from channels.accounts import Mode
from channels.webhooks import key_of

_ENVIRONMENT = "env:"
_AES_KEY_CHARACTERS = 43
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

T = TypeVar("T")


class AccountsError(Exception):
    """The file of channel accounts is missing, unreadable or says something that makes no sense.

    The message names the file, the table and the key.
    """


class Table:
    """A table such as ``[wechat.main]``.

    Args:
        values: what the file says.
        where: the file and the table, for messages.
        environ: where ``env:NAME`` is looked up.
    """

    def __init__(self, values: Mapping[str, object], *, where: str, environ: Mapping[str, str]) -> None:
        self._left = dict(values)
        self._where = where
        self._environ = environ

    def wrong(self, key: str, why: str) -> AccountsError:
        """The error to raise for a key."""
        return AccountsError(f"{self._where}: {key} {why}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; ``env:NAME`` stands for a variable of the environment.

        Raises:
            AccountsError: missing without a default, empty, of another type, or the variable is not set.
        """
        if key not in self._left:
            if default is None:
                raise self.wrong(key, "is missing")
            return default
        value = self._left.pop(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, "must be a text that is not empty")
        return self._resolved(key, value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is missing.

        Raises:
            AccountsError: of another type.
        """
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "must be a list of texts")
        return tuple(self._resolved(key, item) for item in value)

    def one_or_more(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts, none of them empty; no text where the key is missing.

        Raises:
            AccountsError: of another type, or one is empty.
        """
        if isinstance(self._left.get(key), str):
            return (self.text(key),)
        found = self.texts(key)
        if not all(found):
            raise self.wrong(key, "must hold texts that are not empty")
        return found

    def inner(self, key: str) -> "Table | None":
        """A table within this one, None where the key is missing.

        Raises:
            AccountsError: of another type.
        """
        if key not in self._left:
            return None
        value = self._left.pop(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Table(value, where=f"{self._where} {key}", environ=self._environ)

    def inners(self, key: str) -> "tuple[Table, ...]":
        """The tables of a list such as ``[[wechat.main.menu]]``, none where the key is missing.

        Raises:
            AccountsError: of another type.
        """
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, "must be a list of tables")
        where = f"{self._where} {key}"
        return tuple(
            Table(value, where=f"{where} {number}", environ=self._environ)
            for number, value in enumerate(values, start=1)
        )

    def rest(self) -> Mapping[str, str]:
        """All that has not been read, each a text.

        Raises:
            AccountsError: empty, or one is of another type.
        """
        if not self._left:
            raise self.wrong("it", "must not be empty")
        return {key: self.text(key) for key in list(self._left)}

    def flag(self, key: str) -> bool:
        """True or false; false where the key is missing.

        Raises:
            AccountsError: of another type.
        """
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "must be true or false")
        return value

    def seconds(self, key: str, default: float, *, most: float) -> float:
        """A length of time.

        Raises:
            AccountsError: no number, not more than 0, or more than ``most``.
        """
        value = self._left.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            raise self.wrong(key, f"must be a number of seconds above 0, {most:g} at most")
        return float(value)

    def mode(self, key: str) -> Mode:
        """A mode of message bodies; safe where the key is missing.

        Raises:
            AccountsError: none of the modes.
        """
        value = self.text(key, Mode.SAFE.value)
        if value not in list(Mode):
            raise self.wrong(key, f"is {value!r}, it must be one of {', '.join(Mode)}")
        return Mode(value)

    def aes_key(self, key: str, default: str | None = None) -> str:
        """An EncodingAESKey: 43 characters that are 32 bytes in base64.

        Raises:
            AccountsError: missing without a default, or no such key.
        """
        value = self.text(key, default)
        if value and not _is_aes_key(value):
            raise self.wrong(key, f"must be {_AES_KEY_CHARACTERS} characters of base64")
        return value

    def address(self, key: str, default: str) -> str:
        """The address of an API or of a page, without the slash at its end; empty only where that is the default.

        Raises:
            AccountsError: no http or https address.
        """
        value = self.text(key, default).rstrip("/")
        if value and not _is_address(value):
            raise self.wrong(
                key, f"is {value!r}, it must be an address such as {default or 'https://www.example.cn/x'}"
            )
        return value

    def issuer(self, key: str) -> str:
        """A provider of identities, without the slash at its end; http only on this machine.

        Raises:
            AccountsError: missing, or no such address.
        """
        value = self.text(key).rstrip("/")
        if not is_safe(value) or not _is_address(value) or "?" in value or "#" in value:
            raise self.wrong(key, f"is {value!r}, it must be an address such as https://id.example.cn")
        return value

    def webhook_secret(self, key: str, default: str | None = None) -> str:
        """A secret as Standard Webhooks writes it; empty only where that is the default.

        Raises:
            AccountsError: missing without a default, or no such secret.
        """
        value = self.text(key, default)
        try:
            if value:
                key_of(value)
        except ValueError as error:
            raise self.wrong(key, f"is unreadable; {error}") from None
        return value

    def origins(self, key: str) -> tuple[str, ...]:
        """Sites as browsers write them in ``Origin``.

        Raises:
            AccountsError: one has a path, or is no http or https site.
        """
        values = self.texts(key)
        for value in values:
            parts = urlsplit(value)
            if not _is_address(value) or value != f"{parts.scheme}://{parts.netloc}" or value != value.lower():
                raise self.wrong(
                    key, f"has {value!r}; write scheme, host and port only, such as https://www.example.cn"
                )
        return values

    def finish(self, account: T) -> T:
        """Give the account out once everything in the table has been read.

        Raises:
            AccountsError: a key is left that nobody knows.
        """
        for key in self._left:
            raise self.wrong(key, "is not known here")
        return account

    def _resolved(self, key: str, value: str) -> str:
        if not value.startswith(_ENVIRONMENT):
            return value
        name = value.removeprefix(_ENVIRONMENT)
        if not self._environ.get(name):
            raise self.wrong(key, f"names {name}, which is not set in the environment")
        return self._environ[name]


def is_name(name: str) -> bool:
    """Whether an account may be called so; its name stands in addresses."""
    return _NAME.fullmatch(name) is not None


def _is_aes_key(value: str) -> bool:
    try:
        return len(value) == _AES_KEY_CHARACTERS and len(base64.b64decode(f"{value}=", validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
