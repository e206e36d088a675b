"""How much of one text another says too."""

import numpy as np
import pytest

from router.faq.concepts import spans
from router.faq.cover import covered, trail_of
from router.faq.grams import grams
from router.faq.space import space_of

pytestmark = pytest.mark.pure


def share(text: str, other: str) -> float:
    """The share of a text's units that the other covers, each counting the same."""
    space, vectors = space_of([grams(text), grams(other)])
    has = np.isin(trail_of([spans(text)], space).marks, vectors.rows.some(np.array([1])).columns)
    return float(covered(has).mean())


def test_a_text_covers_itself_and_not_another() -> None:
    assert share("续借图书", "续借图书") == 1.0
    assert share("pay my bill", "pay my bill") == 1.0
    assert share("续借图书", "咖啡") == 0.0
    assert share("pay", "coffee") == 0.0


def test_another_word_for_the_same_thing_covers_nearly_as_well() -> None:
    assert 0.8 < share("咋退订", "怎么取消") < 1.0
    assert 0.8 < share("refund", "reimburse") < 1.0


def test_a_character_of_another_word_covers_less_than_the_word() -> None:
    assert share("河马", "马路") < share("河马", "河马路")


def test_what_a_text_says_beyond_the_other_stays_uncovered() -> None:
    assert share("续借图书", "续借") == 0.5
    assert share("续借", "续借图书") == 1.0
