"""The variables of the environment, ``HUIYING_…``, each also as a file."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "HUIYING_"


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message names the variable, or the file, table and key."""


class Values:
    """The variables of the environment, each also as a file."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        """A variable's text; None where it is not set or empty."""
        file = self._environ.get(f"{PREFIX}{name}_FILE", "").strip()
        value = self._environ.get(f"{PREFIX}{name}", "").strip()
        if not file:
            return value or None
        if value:
            raise wrong(name, f"is set, and {PREFIX}{name}_FILE too; set only one of them")
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as error:
            raise wrong(f"{name}_FILE", f"names {file}, which cannot be read: {reason(error)}") from error

    def address(self, name: str, schemes: tuple[str, ...]) -> str | None:
        """An address of one of these schemes."""
        value = self.text(name)
        if value is not None and not _has_scheme(value, schemes):
            raise wrong(name, f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value


def wrong(name: str, why: str) -> SettingsError:
    """The error for a variable."""
    return SettingsError(f"{PREFIX}{name} {why}")


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a file cannot be read, in words."""
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"


def _has_scheme(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        return urlsplit(value).scheme in schemes and "://" in value
    except ValueError:
        return False
