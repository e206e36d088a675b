"""What follows a commit: the index of deadlines, hints to listeners, and surveys and files for their jobs."""

from collections.abc import Sequence
from typing import Protocol

from bot.bus import Bus
from bot.deadlines.index import DeadlineIndex
from bot.turns.rows import Rows


class SurveyRequests(Protocol):
    """Takes surveys that are due."""

    def request(self, ids: Sequence[int]) -> None:
        """Have these asked. Never blocks, never fails."""
        ...


class FileRequests(Protocol):
    """Takes files that platforms keep."""

    def request(self, ids: Sequence[str]) -> None:
        """Have these fetched. Never blocks, never fails."""
        ...


class CodeRequests(Protocol):
    """Takes one-time codes."""

    def request(self, codes: Sequence[tuple[str, str]]) -> None:
        """Have each code sent to its telephone number. Never blocks, never fails."""
        ...


class AfterCommit:
    """Brings everything outside PostgreSQL in line with what has been committed."""

    def __init__(
        self,
        index: DeadlineIndex,
        bus: Bus,
        surveys: SurveyRequests,
        files: FileRequests,
        codes: CodeRequests | None = None,
    ) -> None:
        self._index = index
        self._bus = bus
        self._surveys = surveys
        self._files = files
        self._codes = codes

    def committed(self, rows: Rows) -> None:
        """Follow these rows. Never blocks, never fails."""
        self._index.forget(rows.stale)
        self._index.follow(rows.lines)
        if rows.topics:
            self._bus.announce(sorted(rows.topics))
        if rows.surveys:
            self._surveys.request(rows.surveys)
        if rows.wanted_files:
            self._files.request([str(file[0]) for file in rows.wanted_files])
        if rows.codes and self._codes is not None:
            self._codes.request(rows.codes)
