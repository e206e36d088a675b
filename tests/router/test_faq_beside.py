"""Which marks a question and a text beside it have in common."""

import numpy as np
import pytest

from router.faq.beside import Beside
from router.faq.matrix import Floats, Layout, Sparse, bounds

pytestmark = pytest.mark.pure

WIDTH = 5
NONE = -1


def rows_of(*rows: tuple[int, ...]) -> Sparse:
    """Sparse rows that have a value in these columns: tenfold the column, and 1."""
    columns = np.array([column for row in rows for column in row], np.int32)
    values: Floats = (10.0 * columns + 1.0).astype(np.float32)
    return Sparse(bounds(np.array([len(row) for row in rows], np.int64)), columns, values, WIDTH)


ASKED = rows_of((0, 3), (3, 1, 4), (2,))
TEXTS = rows_of((3, 2), (0, 1, 3))
PAIRS = np.array([[0], [1], [2], [3]])
"""Each question in its turn, and the last beside two texts."""
MARKS = np.array([[0, 1, 2, 3, 4, NONE]], np.int32)


def beside() -> Beside:
    """The three questions beside the texts."""
    counts = np.array([2, 3, 1])
    return Beside.of(Layout.of(ASKED), counts, TEXTS, np.array([0, 1, 2, 2]), np.array([0, 1, 0, 1]))


def columns(has: np.typing.NDArray[np.bool_]) -> list[list[int]]:
    """The marks of each pair that are had."""
    return [MARKS[0][row].tolist() for row in has]


def test_a_question_asks_its_own_marks_and_never_a_missing_one() -> None:
    assert columns(beside().asks(PAIRS, MARKS)) == [[0, 3], [1, 3, 4], [2], [2]]


def test_what_a_question_shares_with_a_text_both_have() -> None:
    assert columns(beside().shares(PAIRS, MARKS)) == [[3], [1, 3], [2], []]


def test_what_a_text_misses_the_question_alone_has() -> None:
    assert columns(beside().misses(PAIRS, MARKS)) == [[0], [4], [], [2]]


def test_a_text_sums_the_rarity_of_its_own_marks() -> None:
    assert beside().summed(beside().weights).tolist() == [52.0, 43.0, 52.0, 43.0]
    assert beside().met.tolist() == [True, False, False, True, True, False, True, False, False, False]


def test_a_layout_tells_the_place_of_a_column_within_each_row() -> None:
    places = Layout.of(ASKED).at(np.array([[0], [1], [2]]), MARKS)
    assert places.tolist() == [[0, -1, -1, 1, -1, -1], [-1, 1, -1, 0, 2, -1], [-1, -1, 0, -1, -1, -1]]
