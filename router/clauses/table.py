"""A table of a standard's TOML: typed values, and errors that name the line and the table."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LANGUAGES = ("zh", "en")
"""Those in which people at the desk read."""
NAME = r"""(?:[\w-]+|"[^"\[\]]+"|'[^'\[\]]+')"""
HEADER = rf"\s*\[\s*({NAME}(?:\s*\.\s*{NAME})*)\s*\]\s*(?:#.*)?"
"""The line that opens a table, its names in quotes or without."""
LONGEST = timedelta(days=3660)
"""No limit of a standard is longer than ten years."""


class StandardError(Exception):
    """The text of a standard does not hold: ``line 12, ticket.transfer: "untill" is unknown; meant "until"?``."""

    def __init__(self, line: int, where: str, problem: str) -> None:
        super().__init__(f"line {line}, {where}: {problem}" if where else f"line {line}: {problem}")
        self.line = line
        self.where = where
        """The clause's id, or the name of another table; empty above the first."""
        self.problem = problem


def spelled(duration: timedelta) -> str:
    """A duration as a standard spells it, in its largest whole unit up to hours: ``90m``, ``2h``, ``72h``."""
    unit = next(unit for unit in ("h", "m", "s") if not duration % UNITS[unit])
    return f"{duration // UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a standard."""

    text: str

    @property
    def _lines(self) -> list[str]:
        """The lines as TOML and editors count them; other separators begin none."""
        return self.text.split("\n")

    def tables(self) -> dict[str, object]:
        """The parsed document.

        Raises:
            StandardError: the text is no TOML.
        """
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(found[1]) if found else len(self._lines)
            raise StandardError(line, self._table_at(line), re.sub(r" \(at .*\)$", "", str(error))) from error

    def error(self, where: str, problem: str, key: str = "") -> StandardError:
        """An error in a table, at the line of the key where one is named and found."""
        return StandardError(self._line(where, key), where, problem)

    def _line(self, where: str, key: str) -> int:
        lines = self._lines
        headers = [number for number, line in enumerate(lines, 1) if _header(line) == where]
        if not headers:
            return next((number for number, line in enumerate(lines, 1) if _key(line) == where), 1)
        for number in range(headers[0] + 1, len(lines) + 1):
            if _header(lines[number - 1]):
                break
            if key and _key(lines[number - 1]) == key:
                return number
        return headers[0]

    def _table_at(self, line: int) -> str:
        headers = [name for text in self._lines[:line] if (name := _header(text))]
        return headers[-1] if headers else ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table, read key by key. Every method raises ``StandardError`` where the value is not of its kind."""

    source: Source
    name: str
    values: Mapping[str, object]

    def error(self, problem: str, key: str = "") -> StandardError:
        """An error of this table, at the line of ``key``."""
        return self.source.error(self.name, problem, key)

    def only(self, keys: Collection[str]) -> None:
        """Refuse any other key."""
        for key in self.values:
            self.known(key, keys, key)

    def known(self, name: str, names: Collection[str], key: str) -> str:
        """Refuse a name under ``key`` that is not one of ``names``."""
        if name in names:
            return name
        close = get_close_matches(name, names, 1)
        hint = f'; meant "{close[0]}"?' if close else f" (known: {', '.join(names) or 'none'})"
        raise self.error(f'{key}: "{name}" is unknown{hint}' if key != name else f'"{name}" is unknown{hint}', key)

    def table(self, key: str) -> "Table":
        """A table within this one; empty where it is missing."""
        return table(self.source, self.name, self.values.get(key, {}), key)

    def text(self, key: str) -> str:
        """A text; empty where the key is missing."""
        value = self.values.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in self.values):
            return value
        raise self.error(f"{key}: a text is expected, not {value!r}", key)

    def required(self, key: str) -> str:
        """A text that must be there."""
        if key not in self.values:
            raise self.error(f'"{key}" is missing')
        return self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of different ones; empty where the key is missing."""
        value = self.values.get(key, [])
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str) and one.strip() for one in found):
            raise self.error(f"{key}: a text or a list of texts is expected, not {value!r}", key)
        if len(set(found)) < len(found):
            raise self.error(f"{key}: something is said twice", key)
        return tuple(found)

    def titles(self, key: str) -> Mapping[str, str]:
        """A text in each of the house's languages, such as ``{ zh = "申诉", en = "Appeal" }``; empty where missing."""
        if key not in self.values:
            return {}
        found = self.table(key)
        return {language: self._title(found, key, language) for language in LANGUAGES}

    def duration(self, key: str) -> timedelta | None:
        """A duration such as ``30m``; None where the key is missing."""
        return self._duration(key, self.text(key)) if key in self.values else None

    def durations(self, key: str) -> tuple[timedelta, ...]:
        """One or several durations, longest first."""
        return tuple(sorted((self._duration(key, text) for text in self.texts(key)), reverse=True))

    def dates(self, key: str) -> frozenset[date]:
        """Dates (``2026-10-01``) and ranges of dates with both ends (``2026-10-01..2026-10-07``)."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(f"{key}: a list of dates is expected, not {value!r}", key)
        return frozenset(day for item in value for day in self._dates(key, item))

    def _title(self, found: "Table", key: str, language: str) -> str:
        text = found.values.get(language)
        if isinstance(text, str) and text.strip() and not found.values.keys() - set(LANGUAGES):
            return text
        raise self.error(f"{key}: a text for each of {', '.join(LANGUAGES)} is expected", key)

    def read_duration(self, key: str, text: str) -> timedelta:
        """A duration that stands within the value of a key."""
        return self._duration(key, text)

    def _duration(self, key: str, text: str) -> timedelta:
        found = re.fullmatch(r"([1-9]\d{0,6})([smhd])", text)
        duration = UNITS[found[2]] * int(found[1]) if found else LONGEST * 2
        if duration > LONGEST:
            raise self.error(f'{key}: "{text}" is no duration such as 10s, 30m, 2h or 3d', key)
        return duration

    def _dates(self, key: str, item: object) -> list[date]:
        first, _, last = str(item).partition("..")
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise self.error(f'{key}: "{item}" is no date such as 2026-10-01 or 2026-10-01..2026-10-07', key) from None
        if end < start or end - start > timedelta(days=366):
            raise self.error(f'{key}: "{item}" ends before it begins, or lasts more than a year', key)
        return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def table(source: Source, name: str, value: object, key: str = "") -> Table:
    """A value of the document that must be a table."""
    if not isinstance(value, dict):
        raise source.error(name, f'"{key or name}" is a table, not {value!r}', key)
    return Table(source, name, value)


def _header(line: str) -> str:
    found = re.fullmatch(HEADER, line)
    return re.sub(r"[\"'\s]", "", found[1]) if found else ""


def _key(line: str) -> str:
    found = re.match(r"""\s*["']?([\w.-]+?)["']?\s*=""", line)
    return found[1] if found else ""
