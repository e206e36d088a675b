"""SQL lives in .sql files beside the code: named statements, each opened by a sentence."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_OPENING = re.compile(r"^-- (?P<name>[a-z][a-z0-9_]*): (?P<sentence>.+)$", re.MULTILINE)


class SqlFileError(Exception):
    """A .sql file has a statement without a name and a sentence, or a name twice."""


def load(beside: str, file: str) -> Mapping[str, str]:
    """Read the named statements of a .sql file.

    Args:
        beside: ``__file__`` of the module that owns the statements.
        file: the file's name in the same folder.

    Raises:
        SqlFileError: text before the first name, a name twice, or a name without a statement.
    """
    path = Path(beside).parent / file
    return _parse(path.read_text(encoding="utf-8"), path.name)


def _parse(text: str, name: str) -> Mapping[str, str]:
    openings = list(_OPENING.finditer(text))
    if not openings or text[: openings[0].start()].strip():
        raise SqlFileError(f"{name}: it must begin with '-- name: A sentence.'")
    statements: dict[str, str] = {}
    for opening, following in zip(openings, [*openings[1:], None], strict=True):
        statement = text[opening.end() : following.start() if following else None].strip().rstrip(";")
        if not statement or opening["name"] in statements:
            raise SqlFileError(f"{name}: {opening['name']} is empty or stands twice")
        statements[opening["name"]] = statement
    return MappingProxyType(statements)
