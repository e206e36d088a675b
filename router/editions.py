"""Editions of the standard: what is published holds from its day on, and what began before keeps what it began under.

A record is measured by the edition that was in force when it began. Only an explicit act re-bases what is open: an
edition that is marked so measures everything from that moment on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from router.clauses.subjects import SubjectKind
from router.standard import Standard, Subject

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edition:
    """A published standard. Times are aware UTC."""

    number: int
    """0 for the shipped one."""
    standard: Standard
    effective_from: datetime = ALWAYS
    rebased: datetime | None = None
    """When it was decided that open records follow it; None: only what begins under it does."""


@dataclass(frozen=True, slots=True)
class Editions:
    """All editions of all packs, in the order in which they take effect."""

    editions: tuple[Edition, ...] = ()
    kinds: Mapping[str, SubjectKind] = field(init=False, repr=False, compare=False)
    """Every kind of record that a pack declares."""
    _by_number: Mapping[int, Edition] = field(init=False, repr=False, compare=False)
    _by_kind: Mapping[str, tuple[Edition, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.editions, key=lambda one: (one.effective_from, one.number))
        by_kind: dict[str, tuple[Edition, ...]] = {}
        declared: dict[str, SubjectKind] = {}
        for edition in ordered:
            for name, kind in edition.standard.kinds.items():
                by_kind[name] = (*by_kind.get(name, ()), edition)
                if edition.standard.pack:
                    declared[name] = kind
        object.__setattr__(self, "_by_number", MappingProxyType({one.number: one for one in ordered}))
        object.__setattr__(self, "_by_kind", MappingProxyType(by_kind))
        object.__setattr__(self, "kinds", MappingProxyType(declared))

    def __bool__(self) -> bool:
        return bool(self.editions)

    def number(self, number: int) -> Edition | None:
        """The edition of that number; None where there is none."""
        return self._by_number.get(number)

    def in_force(self, now: datetime) -> Iterable[Edition]:
        """The edition of each pack that is in force, the house's first."""
        latest: dict[str, Edition] = {}
        for edition in self._by_number.values():
            if edition.effective_from <= now:
                latest[edition.standard.pack] = edition
        return (latest[pack] for pack in sorted(latest))

    def measuring(self, subject: Subject, now: datetime) -> Edition | None:
        """The edition that measures a record; None where no pack is about its kind.

        Args:
            subject: the record.
            now: aware UTC.
        """
        candidates = self._by_kind.get(subject.kind, ())
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        began = subject.mark(candidates[-1].standard.kinds[subject.kind].beginning) or now
        found = candidates[0]
        for one in candidates:
            rebased = one.rebased is not None and max(one.rebased, one.effective_from) <= now
            if one.effective_from <= began or rebased:
                found = one
        return found
