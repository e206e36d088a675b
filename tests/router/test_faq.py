"""What the bot makes of a question: an answer, suggestions, or nothing."""

import tomllib
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.knowledge.bench import measure
from bot.knowledge.sets import read_sets
from router.faq.classifier import train
from router.faq.index import Index
from router.faq.match import Entry, Match, Thresholds, Verdict
from router.faq.matrix import Sparse
from router.faq.model import SHIPPED

pytestmark = pytest.mark.pure

SHOP = (
    Entry("hours", "书店几点开门？", ("书店什么时候营业", "周末书店开到几点", "你们早上几点开始营业")),
    Entry("card", "怎么办借书证？", ("如何办理借书证", "借书证在哪里办", "想办一张借书证")),
    Entry("lost", "借书证丢了怎么补办？", ("借书证遗失怎么办", "我的借书证不见了", "补办借书证要钱吗")),
    Entry("late", "图书逾期怎么罚款？", ("还书晚了要交多少钱", "书超期了会罚钱吗", "逾期一天罚多少")),
    Entry("renew", "怎么续借图书？", ("书看不完可以续借吗", "续借要去柜台吗", "网上能续借图书吗")),
    Entry("coffee", "店里有咖啡卖吗？", ("可以在店里喝咖啡吗", "咖啡多少钱一杯", "有没有热咖啡")),
    Entry(
        "parking", "Where can I park my car?", ("is there a parking lot", "how much is parking", "do you have parking")
    ),
)
INDEX = Index.build(SHOP)
DEMO = Path(__file__).parents[2] / "templates" / "demo" / "knowledge.toml"
EVERYTHING = Thresholds(answer=2.0, suggest=0.0)


def demo() -> list[Entry]:
    """The demo knowledge."""
    document = tomllib.loads(DEMO.read_text("utf-8"))
    return [Entry(one["id"], one["question"], tuple(one.get("similar", ()))) for one in document["entry"]]


@cache
def demo_index() -> Index:
    """The index of the demo knowledge."""
    return Index.build(demo())


ODD = [
    "",
    "？！",
    "啊",
    "卡",
    "5g",
    "zzzz qqqq",
    "refund",
    "流量" * 200,
    "how do i pay my bill " * 20,
    "我的 sim card 丢了 how to replace",
    "套餐套餐套餐",
    "請問，怎麼查　話費？",
]
"""Texts that are not like most questions: nothing, noise, one word, very long ones, two languages."""
SAID = st.builds(
    "{}{}".format, *[st.sampled_from([text for entry in demo() for text in (entry.question, *entry.similar)])] * 2
)


def test_the_very_words_of_an_entry_are_answered() -> None:
    for entry in SHOP:
        for text in (entry.question, *entry.similar):
            assert INDEX.match(text).answer == entry.id


def test_the_very_words_are_answered_however_they_are_typed() -> None:
    assert INDEX.match("請問，怎麼辦　借書證？？😀").answer == "card"
    assert INDEX.match("IS THERE A PARKING LOT").answer == "parking"


def test_a_question_in_other_words_finds_its_entry_first() -> None:
    assert INDEX.match("我想续借这本图书").candidates[0].entry == "renew"
    assert INDEX.match("could you tell me about parking").candidates[0].entry == "parking"


@pytest.mark.parametrize("text", ["怎么办护照？", "借书证能在机场用吗", "今天天气怎么样", "how do i bake bread"])
def test_a_near_miss_in_a_rare_word_is_not_answered(text: str) -> None:
    assert INDEX.match(text).verdict is not Verdict.ANSWER


def test_words_that_two_entries_share_are_suggestions_not_an_answer() -> None:
    index = Index.build((*SHOP, Entry("opening", "书店几点开门")))
    match = index.match("书店几点开门")
    assert match.verdict is Verdict.SUGGEST
    assert set(match.suggestions) == {"hours", "opening"}


def test_at_most_three_are_suggested_best_first() -> None:
    index = Index.build(SHOP, EVERYTHING)
    match = index.match("借书证怎么办")
    assert match.verdict is Verdict.SUGGEST
    assert match.answer is None
    assert match.suggestions == tuple(one.entry for one in match.candidates)
    assert len(match.suggestions) == 3
    assert [one.confidence for one in match.candidates] == sorted(
        (one.confidence for one in match.candidates), reverse=True
    )
    assert match.found.entries == match.suggestions
    assert not match.found.direct


def test_the_thresholds_decide_and_nothing_else() -> None:
    text = "借书证怎么办"
    confidence = INDEX.match(text).confidence
    assert Index.build(SHOP, Thresholds(confidence, 0.0)).match(text).verdict is Verdict.ANSWER
    assert Index.build(SHOP, Thresholds(1.1, confidence)).match(text).verdict is Verdict.SUGGEST
    assert Index.build(SHOP, Thresholds(1.1, 1.1)).match(text).verdict is Verdict.NOTHING


def test_an_answer_becomes_the_value_of_a_message() -> None:
    found = INDEX.match("怎么续借图书").found
    assert found.entries == ("renew",)
    assert found.direct
    assert found.confidence >= SHIPPED.answer


@pytest.mark.parametrize("text", ["", "？？？", "\x00", "😀" * 100, "zzzz qqqq", "\ud800"])
def test_noise_finds_nothing(text: str) -> None:
    assert INDEX.match(text).verdict is Verdict.NOTHING


@pytest.mark.parametrize("text", ["asdf qwer 啊啊啊", "qwe rty 书", "lorem ipsum dolor 开"])
def test_a_text_of_which_next_to_nothing_is_known_draws_no_suggestion(text: str) -> None:
    index = Index.build((*SHOP, Entry("praise", "你们真好啊", ("好啊", "太棒了啊"))))
    assert index.match(text).verdict is Verdict.NOTHING


@pytest.mark.parametrize("text", ["lorem 5g ipsum dolor", "5g causes cancer right", "请问 refund 怎么弄"])
def test_a_known_word_in_a_strange_text_is_no_reason_to_answer_from_the_demo(text: str) -> None:
    assert demo_index().match(text).verdict is not Verdict.ANSWER


def test_knowledge_without_words_answers_nothing() -> None:
    assert Index.build(()).match("怎么续借图书") == Match(Verdict.NOTHING)
    index = Index.build((Entry("empty", "？！", ("",)), Entry("one", "续借")))
    assert index.match("续借").answer == "one"
    assert index.match("？！").verdict is Verdict.NOTHING


def test_a_very_long_text_is_read_as_its_beginning() -> None:
    text = "我想知道怎么续借图书呢" * 1_000
    assert INDEX.match(text) == INDEX.match(text[:1_000])


def test_questions_together_are_matched_like_each_alone() -> None:
    texts = ["续借", "", "咖啡贵不贵", "park"]
    assert INDEX.match_many(texts) == [INDEX.match(text) for text in texts]
    assert INDEX.match_many([]) == []


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ODD), SAID, st.text(max_size=40)), max_size=8))
def test_a_question_is_matched_alike_in_whatever_company_it_comes(texts: list[str]) -> None:
    alone = {text: demo_index().match(text) for text in texts}
    assert demo_index().match_many(texts) == [alone[text] for text in texts]
    assert demo_index().match_many(texts[::-1]) == [alone[text] for text in texts[::-1]]


def test_questions_of_the_demo_are_matched_like_alone_and_in_any_order() -> None:
    texts = [f"{text}呢" for entry in demo() for text in (entry.question, *entry.similar)][:200] + ODD
    alone = [demo_index().match(text) for text in texts]
    assert demo_index().match_many(texts) == alone
    mixed = Random(1).sample(range(len(texts)), len(texts))
    assert demo_index().match_many([texts[place] for place in mixed]) == [alone[place] for place in mixed]


def test_the_same_entries_make_the_same_index() -> None:
    texts = ["续借", "咖啡贵不贵", "书店周日几点关门", "park"]
    assert Index.build(SHOP).match_many(texts) == Index.build(SHOP).match_many(texts)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_entries_and_of_their_texts_makes_no_difference(chance: Random) -> None:
    shuffled = []
    for entry in chance.sample(SHOP, len(SHOP)):
        question, *similar = chance.sample((entry.question, *entry.similar), 1 + len(entry.similar))
        shuffled.append(Entry(entry.id, question, tuple(similar)))
    texts = ["续借", "咖啡贵不贵", "书店周日几点关门", "park", "借书证怎么办"]
    assert Index.build(shuffled).match_many(texts) == INDEX.match_many(texts)


def test_the_demo_is_answered_from_alike_whatever_the_order_of_its_entries() -> None:
    texts = ["5g causes cancer right", "卡丢了", "怎么退订业务啊", "流量用完了怎么办", "想换个便宜点的套餐"]
    assert Index.build(demo()[::-1]).match_many(texts) == demo_index().match_many(texts)


def test_the_classifier_comes_to_rest_where_all_texts_are_alike_to_some_degree() -> None:
    chance = np.random.default_rng(1)
    owners = np.repeat(np.arange(5, dtype=np.int32), 60)

    def some(rows: int) -> NDArray[np.float64]:
        return np.asarray(chance.random((rows, 60)) * (chance.random((rows, 60)) < 0.1))

    words = some(300) + some(5)[owners]
    words /= np.sqrt(np.einsum("tw,tw->t", words, words))[:, None]
    likeness = (0.3 * np.einsum("tw,ow->to", words, words) + 0.7).astype(np.float32)
    order = np.argsort(-likeness, axis=1, kind="stable").astype(np.int32)
    near = [(those, row[those]) for those, row in zip(order, likeness, strict=True)]
    dual = train(owners, 5, near).values.reshape(5, 300)
    assert (np.einsum("to,eo->te", likeness, dual).argmax(axis=1) == owners).all()


def test_threads_may_ask_at_once() -> None:
    texts = [text for entry in SHOP for text in entry.similar] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(INDEX.match, texts)) == INDEX.match_many(texts)


WORDS = st.text(alphabet="我你书借还证办卡怎么abc 12？", max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=3)), max_size=8), st.lists(WORDS, max_size=4))
def test_any_knowledge_meets_any_question(knowledge: list[tuple[str, list[str]]], questions: list[str]) -> None:
    index = Index.build(
        [Entry(str(number), one, tuple(more)) for number, (one, more) in enumerate(knowledge)], EVERYTHING
    )
    for match in index.match_many(questions):
        confidences = [one.confidence for one in match.candidates]
        assert all(0.0 <= one <= 1.0 for one in confidences)
        assert sum(confidences) <= 1.0 + 1e-6
        assert confidences == sorted(confidences, reverse=True)
        assert len({one.entry for one in match.candidates}) == len(confidences) <= 3


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_harmless(text: str) -> None:
    assert 0.0 <= INDEX.match(text).confidence <= 1.0


def test_many_entries_are_told_apart() -> None:
    chance = np.random.default_rng(1)
    letters = [chr(0x4E00 + code) for code in chance.permutation(3_000)[:400]]
    entries = []
    for number in range(1_200):
        words = ["".join(chance.choice(letters, 2)) for _ in range(5)]
        entries.append(Entry(str(number), "".join(words), ("".join(words[::-1]),)))
    index = Index.build(entries)
    matches = index.match_many([f"请问{entry.question[2:]}" for entry in entries[:100]])
    right = sum(match.candidates[0].entry == entry.id for match, entry in zip(matches, entries, strict=False))
    assert right >= 98


def test_a_turned_matrix_holds_the_same() -> None:
    columns, values = np.array([0, 2, 2], np.int32), np.array([1, 2, 3], np.float32)
    turned = Sparse(np.array([0, 2, 3]), columns, values, 4).turned()
    assert (turned.height, turned.width) == (4, 2)
    assert turned.sum_of(np.array([0, 2]), np.array([1, 10], np.float32)).tolist() == [21.0, 30.0]


SETS = Path(__file__).parents[2].parent / "shared" / "faq"


@pytest.mark.skipif(not (SETS / "zh-cs").is_dir(), reason="the question sets for measuring are not here")
def test_a_real_knowledge_base_is_answered_from() -> None:
    figures = measure(next(one for one in read_sets(SETS) if one.name == "zh-cs"))
    assert figures.top1 >= 0.88
    assert figures.cov95 >= 0.70
    assert figures.shipped.precision >= 0.93
