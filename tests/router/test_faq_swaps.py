"""Which words stand for one another, as the phrasings of a knowledge base tell."""

import numpy as np
import pytest

from router.faq.grams import Block
from router.faq.index import Index
from router.faq.match import Entry
from router.faq.signals import NAMES

pytestmark = pytest.mark.pure

TAUGHT = (
    ("公司怎么搬家", "单位怎么搬家"),
    ("公司何时放假", "单位何时放假"),
    ("公司谁管食堂", "单位谁管食堂"),
    ("电梯在哪", "电梯在哪吗"),
    ("车位满了", "车位满了吗"),
    ("打印机坏了", "打印机坏了吗"),
)
LATER = ("公司年会",)


def index_of(*entries: tuple[str, ...]) -> Index:
    """The index of entries, given the texts of each."""
    return Index.build([Entry(str(number), texts[0], texts[1:]) for number, texts in enumerate(entries)])


def degree(index: Index, unit: str, other: str) -> float:
    """How far a unit stands for another."""
    assert index.corpus is not None
    units = index.corpus.space.vocabularies[Block.UNITS]
    places, _ = index.corpus.swaps.places(np.array([units[unit]]))
    found = index.corpus.swaps.columns[places] == units[other]
    return float(index.corpus.swaps.values[places][found].sum())


def told(index: Index, text: str, entry: str) -> float:
    """The share of an entry's text that a question says in words that were learned to stand for its own."""
    (seen,) = index.look([text])
    names = [index.ids[place] for place in seen.entries[0]]
    return float(seen.signals[0, names.index(entry), NAMES.index("told")])


def test_what_several_entries_say_in_two_ways_stands_for_one_another() -> None:
    index = index_of(*TAUGHT)
    assert degree(index, "公", "单") == degree(index, "单", "公") > 0


def test_what_one_entry_says_in_two_ways_teaches_nothing() -> None:
    assert degree(index_of(TAUGHT[0], *TAUGHT[3:]), "公", "单") == 0


def test_two_entries_never_make_their_words_stand_for_one_another() -> None:
    assert degree(index_of(("搬家", "搬家吗"), ("放假", "放假吗"), ("换岗", "换岗吗")), "搬", "放") == 0


def test_what_comes_and_goes_everywhere_stands_for_nothing() -> None:
    every = index_of(*((one, f"{other}吗" if "吗" not in other else other) for one, other in TAUGHT))
    assert degree(every, "公", "单") > 0
    assert degree(every, "公", "吗") == 0


def test_an_entry_that_taught_nothing_is_found_by_the_words_of_the_others() -> None:
    index = index_of(*TAUGHT, LATER)
    later = str(len(TAUGHT))
    assert told(index, "单位年会", later) > 0
    assert told(index, "公司年会", later) == 0
    assert told(index, "工厂年会", later) == 0


def test_knowledge_of_one_phrasing_an_entry_learns_no_swap() -> None:
    index = index_of(LATER, ("食堂菜单",))
    assert index.corpus is not None
    assert not len(index.corpus.swaps.values)
    assert told(index, "单位年会", "0") == 0
