"""How long customers waited for people's answers: what can change no more is summed up once, the rest each time."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.db import Pool, Row
from bot.people.agent import ROOT
from bot.sql import load

SQL = load(__file__, "answers.sql")
THROUGH = timedelta(minutes=1)
"""Within which a commit that carries a mark has come through, whatever the clocks of two machines differ."""
ANEW = timedelta(hours=1)
"""After which everything is summed up anew."""
FAR = timedelta(days=1)


@dataclass(slots=True)
class Sum:
    """Answers, and how many seconds customers waited for them: for the first ones, and for all."""

    firsts: int = 0
    first: float = 0.0
    answers: int = 0
    total: float = 0.0

    def add(self, more: "Sum") -> None:
        """Count these too."""
        self.firsts += more.firsts
        self.first += more.first
        self.answers += more.answers
        self.total += more.total


class Sums(defaultdict[tuple[str, int | None], Sum]):
    """By queue and agent."""

    def __init__(self) -> None:
        super().__init__(Sum)

    def put(self, rows: Iterable[Row], known: dict[int, Sum] | None = None) -> None:
        """Count rows; those of conversations that go on are kept apart where ``known`` is given."""
        for row in rows:
            said = Sum(row["firsts"], row["first"], row["answers"], row["total"])
            if known is not None and row["open"] is not None:
                known.setdefault(row["open"], Sum()).add(said)
            else:
                self[row["queue"], row["assignee"]].add(said)


@dataclass(slots=True)
class Tally:
    """What has been summed up."""

    since: datetime
    begun: datetime
    """When the summing up began."""
    until: datetime
    """Up to which mark."""
    ended: Sums = field(default_factory=Sums)
    open: dict[int, Sum] = field(default_factory=dict)
    """Of conversations that go on, by their ids."""

    def holds(self, since: datetime, now: datetime) -> bool:
        """Whether it can be gone on with."""
        return since == self.since and self.begun <= now < self.begun + ANEW

    def settle(self, standing: Iterable[Row]) -> Sums:
        """All so far; conversations that have ended meanwhile are summed up with the others."""
        found = Sums()
        for row in standing:
            if row["ended"]:
                self.ended[row["queue"], row["assignee"]].add(self.open.pop(row["id"]))
            else:
                found[row["queue"], row["assignee"]].add(self.open[row["id"]])
        for key, said in self.ended.items():
            found[key].add(said)
        return found


class Answers:
    """Reads them for a day.

    A conversation that has ended stays with its queue and its agent, and so do its answers: they are summed up in this
    process. Of the last minute, and of conversations that go on, nothing is taken for granted.

    Args:
        pool: connections to PostgreSQL.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._one = asyncio.Lock()
        self._tally: Tally | None = None

    async def read(self, scope: str, since: datetime, now: datetime) -> list[Row]:
        """Sums by queue and unit, of units below a path.

        Args:
            scope: the path.
            since: from which moment on (aware).
            now: the time (aware).
        """
        async with self._one:
            return list(_below(scope, await self._sums(since, now), await self._pool.fetch(SQL["paths"])))

    async def _sums(self, since: datetime, now: datetime) -> Sums:
        if self._tally is None or not self._tally.holds(since, now):
            self._tally = Tally(since, now, since)
        tally = self._tally
        until = max(tally.until, now - THROUGH)
        rows = await self._pool.fetch(SQL["kept"], tally.until, until)
        fresh = await self._pool.fetch(SQL["kept"], until, now + FAR)
        going_on = {row["open"] for row in rows if row["open"] is not None} | tally.open.keys()
        standing = await self._pool.fetch(SQL["standing"], list(going_on))
        tally.ended.put(rows, tally.open)
        tally.until = until
        found = tally.settle(standing)
        found.put(fresh)
        return found


def _below(scope: str, sums: Sums, paths: Iterable[Row]) -> Iterator[Row]:
    path_of = {row["id"]: row["path"] for row in paths}
    for (queue, assignee), said in sums.items():
        path = path_of.get(assignee, "")
        if (path or ROOT).startswith(scope):
            yield {
                "queue": queue,
                "path": path,
                "firsts": said.firsts,
                "first": said.first,
                "answers": said.answers,
                "total": said.total,
            }
