"""A sparse matrix of texts by pieces, and the ways to read it that an index needs."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Wide = NDArray[np.int64]
Numbers = NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Sparse:
    """Compressed rows: row r holds ``values[starts[r]:starts[r + 1]]`` in the columns of the same slice."""

    starts: Wide
    columns: Ints
    values: Floats
    width: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> Wide:
        """How many values each row has."""
        return np.asarray(self.starts[1:] - self.starts[:-1])

    def owners(self) -> Wide:
        """The row of each value."""
        return np.arange(self.height).repeat(self.lengths)

    def turned(self) -> "Sparse":
        """The transposed matrix."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.arange(self.height, dtype=np.int32).repeat(self.lengths)
        starts = bounds(np.bincount(self.columns, minlength=self.width))
        return Sparse(starts, rows[order], self.values[order], self.height)

    def only(self, kept: NDArray[np.bool_]) -> "Sparse":
        """The same matrix with some of its values, given for each whether it is kept."""
        starts = np.concatenate(([0], np.cumsum(kept)))[self.starts]
        return Sparse(starts, self.columns[kept], self.values[kept], self.width)

    def some(self, rows: NDArray[np.integer]) -> "Sparse":
        """The matrix of some of its rows."""
        places, lengths = self.places(rows)
        return Sparse(bounds(lengths), self.columns[places], self.values[places], self.width)

    def places(self, rows: NDArray[np.integer]) -> tuple[Wide, Wide]:
        """Where the values of these rows lie, one row after the other, and how many each has."""
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        return spread(first, lengths), lengths

    def sum_of(self, rows: NDArray[np.integer], weights: Floats) -> Numbers:
        """The weighted sum of rows, dense: in a turned matrix the product of every text with one question."""
        places, lengths = self.places(rows)
        shares = self.values[places]
        shares *= weights.repeat(lengths)
        return sums(self.columns[places], shares, self.width)

    def product(self, rows: NDArray[np.integer], column: Floats) -> Numbers:
        """The products of some rows with one dense column."""
        places, lengths = self.places(rows)
        shares = self.values[places] * column[self.columns[places]]
        return sums(np.arange(len(rows)).repeat(lengths), shares, len(rows))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the values of a few sparse rows lie, laid out to be asked by row and column."""

    numbers: Ints
    """The number of each column among those that have a value, from 1 on; 0 where it has none, and at the end, so that
    column -1 has none."""
    within: Ints
    """Rows by numbers: the place within the row; -1 where there is no value."""

    @staticmethod
    def of(rows: Sparse) -> "Layout":
        """Lay out a matrix of few values: rows times values are kept, and one number a column."""
        numbers = np.zeros(rows.width + 1, np.int32)
        numbers[rows.columns] = np.arange(1, len(rows.columns) + 1, dtype=np.int32)
        within = np.empty((rows.height, len(rows.columns) + 1), np.int32)
        within.fill(-1)
        owners = rows.owners()
        within[owners, numbers[rows.columns]] = np.arange(len(owners)) - rows.starts[owners]
        return Layout(numbers, within)

    def at(self, rows: NDArray[np.integer], columns: NDArray[np.integer]) -> Ints:
        """The place of each column within its row, -1 where it has none there; -1 is no column of any row."""
        return cells(self.within, rows, self.numbers.take(columns))


def bounds(lengths: NDArray[np.integer]) -> Wide:
    """Where some runs begin, one after the other, given how long each is; and where the last ends."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    lengths.cumsum(out=starts[1:])
    return starts


def spread(firsts: Wide, lengths: Wide) -> Wide:
    """The places of some runs, one after the other, given where each begins and how long it is."""
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + (firsts - ends + lengths).repeat(lengths))


def cells(table: NDArray[Kind], rows: NDArray[np.integer], columns: NDArray[np.integer]) -> NDArray[Kind]:
    """Single values of a dense table, as ``table[rows, columns]``, but for column -1: that is the last one of the row
    before, or of the last row. Read as from one long row, which takes less time."""
    return np.asarray(table.ravel().take(rows * table.shape[1] + columns))


def sums(groups: NDArray[np.integer], values: NDArray[np.floating], count: int) -> Numbers:
    """The sum of each of ``count`` groups of values, given the group of each value."""
    return np.asarray(np.bincount(groups, values, count), np.float64)


def dots(one: Floats, other: Floats, starts: Wide) -> Numbers:
    """The inner products of the runs that begin at ``starts``, each by itself: whatever runs are beside it, it is the
    same to the last bit."""
    return np.array([one[start:end] @ other[start:end] for start, end in pairwise(starts.tolist())], np.float64)
