"""A sparse matrix of texts by pieces, and the two ways to read it that an index needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Wide = NDArray[np.int64]


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

    @staticmethod
    def of(rows: list[tuple[Ints, Floats]], width: int) -> "Sparse":
        """A matrix from (columns, values) a row."""
        starts = np.zeros(len(rows) + 1, np.int64)
        np.cumsum([len(columns) for columns, _ in rows], out=starts[1:])
        return Sparse(starts, np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows]), width)

    def turned(self) -> "Sparse":
        """The transposed matrix."""
        order = np.argsort(self.columns, kind="stable")
        rows = np.repeat(np.arange(self.height, dtype=np.int32), np.diff(self.starts))
        starts = np.zeros(self.width + 1, np.int64)
        np.cumsum(np.bincount(self.columns, minlength=self.width), out=starts[1:])
        return Sparse(starts, rows[order], self.values[order], self.height)

    def only(self, kept: NDArray[np.bool_]) -> "Sparse":
        """The same matrix with some of its values, given for each whether it is kept."""
        starts = np.concatenate(([0], np.cumsum(kept)))[self.starts]
        return Sparse(starts, self.columns[kept], self.values[kept], self.width)

    def places(self, rows: NDArray[np.integer]) -> tuple[Wide, Wide]:
        """Where the values of these rows lie, one row after the other, and how many each has."""
        first = self.starts[rows]
        lengths = self.starts[rows + 1] - first
        return spread(first, lengths), lengths

    def sum_of(self, rows: NDArray[np.integer], weights: Floats) -> NDArray[np.float64]:
        """The weighted sum of rows, dense: in a turned matrix the product of every text with one question."""
        places, lengths = self.places(rows)
        shares = self.values[places]
        shares *= np.repeat(weights, lengths)
        return np.asarray(np.bincount(self.columns[places], shares, self.width), np.float64)

    def product(self, rows: NDArray[np.integer], column: Floats) -> NDArray[np.float64]:
        """The products of some rows with one dense column."""
        places, lengths = self.places(rows)
        owner = np.repeat(np.arange(len(rows)), lengths)
        shares = (self.values[places] * column[self.columns[places]]).astype(np.float64)
        return np.asarray(np.bincount(owner, shares, len(rows)), np.float64)


def spread(firsts: Wide, lengths: Wide) -> Wide:
    """The places of some runs, one after the other, given where each begins and how long it is."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(firsts - ends + lengths, lengths)
