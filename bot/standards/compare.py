"""The difference between two standards, clause by clause and key by key."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.standards.shown import document
from router.standard import Standard


@dataclass(frozen=True, slots=True)
class Difference:
    """What one standard says otherwise than another; the documents are those of ``shown``."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, Mapping[str, tuple[object, object]]]
    """By clause, or ``hours.service`` and ``hours.working``: each key with its value before and after."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def compare(before: Standard, after: Standard) -> Difference:
    """What ``after`` says otherwise."""
    old, new = _parts(before), _parts(after)
    changed = {name: _keys(old[name], new[name]) for name in old.keys() & new.keys() if old[name] != new[name]}
    return Difference(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        {name: changed[name] for name in new if name in changed},
    )


def _parts(standard: Standard) -> dict[str, Mapping[str, object]]:
    shown = document(standard)
    calendars, clauses = shown["calendars"], shown["clauses"]
    assert isinstance(calendars, dict)
    assert isinstance(clauses, list)
    return {f"hours.{name}": value for name, value in calendars.items()} | {one["id"]: one for one in clauses}


def _keys(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    return {key: (old.get(key), new.get(key)) for key in new if old.get(key) != new.get(key)}
