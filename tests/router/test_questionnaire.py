"""The questionnaire as data: what holds, what is refused and where, and which answers fit which score."""

import re
from pathlib import Path
from types import MappingProxyType

import pytest

import router
from router.clauses.table import StandardError
from router.questionnaire.questionnaire import STARS, Answers, Questionnaire, Questionnaires
from router.questionnaire.table import MOST_OFFERED, parse

pytestmark = pytest.mark.pure

SHIPPED = (Path(router.__file__).parent / "questionnaire" / "questionnaire.toml").read_text("utf-8")
SMALL = """\
version = 3

[stars]
zh = "{agent} 服务得怎么样？"
en = "How was {agent}?"

[reasons]
zh = "为什么？"
en = "Why?"

[reasons.reason.slow]
stars = [1, 2]
zh = "慢"
en = "Slow"

[reasons.reason.kind]
stars = [2, 5]
zh = "和气"
en = "Kind"
"""


def test_the_shipped_questionnaire_asks_everything_and_offers_reasons_for_every_score() -> None:
    shipped = parse(SHIPPED)
    assert all((shipped.stars, shipped.solved, shipped.why, shipped.nps, shipped.comment))
    for stars in STARS:
        assert 3 <= len(shipped.offered(stars)) <= MOST_OFFERED
    assert not {one.id for one in shipped.offered(1)} & {one.id for one in shipped.offered(5)}


def test_reasons_are_offered_by_score_in_the_order_of_the_file() -> None:
    small = parse(SMALL)
    offered = [[reason.id for reason in small.offered(stars)] for stars in STARS]
    assert offered == [["slow"], ["slow", "kind"], [], [], ["kind"]]
    assert [small.asks_more(stars) for stars in STARS] == [True, True, False, False, True]


def test_only_what_is_asked_after_a_score_is_an_answer() -> None:
    answers = Answers(solved=True, reasons=("kind", "slow", "made_up", "kind"), nps=7)
    assert parse(SMALL).fitting(2, answers) == Answers(reasons=("slow", "kind"))
    assert not parse(SMALL).fitting(4, answers)
    assert parse(SHIPPED).fitting(5, Answers(False, ("friendly", "waiting"), 10)) == Answers(False, ("friendly",), 10)
    assert parse(SHIPPED).fitting(5, Answers(nps=11)) == Answers()


def test_a_survey_keeps_its_version_and_old_reasons_keep_their_names() -> None:
    small, shipped = parse(SMALL), parse(SHIPPED)
    known = Questionnaires(MappingProxyType({1: shipped, 3: small}), 3)
    assert known.of(1) is shipped
    assert known.of(None) is known.of(0) is known.of(9) is known.latest is small
    assert known.labels("en")["slow"] == "Slow"
    assert known.labels("zh")["waiting"] == "等待太久"
    assert Questionnaires().of(1) == Questionnaire()


WRONG = {
    ("version = 3", "version = 0"): "line 1: version: a number from 1 on is expected, not 0",
    ("version = 3", "versoin = 3"): 'line 1, versoin: "versoin" is unknown; meant "version"?',
    ("[stars]", "[star]"): 'line 3, star: "star" is unknown; meant "stars"?',
    ('en = "How was {agent}?"', ""): 'line 3, stars: "en" is missing',
    ('zh = "为什么？"', 'zh = ""'): "line 8, reasons: zh: a text is expected, not ''",
    ("stars = [1, 2]", "stars = [0, 2]"): "line 12, reasons.reason.slow: stars: a list of scores from 1 to 5",
    ("stars = [1, 2]", "stars = [true]"): "line 12, reasons.reason.slow: stars: a list of scores from 1 to 5",
    ("stars = [1, 2]", "stars = []"): "line 12, reasons.reason.slow: stars: a list of scores from 1 to 5",
    ("stars = [1, 2]", "stars = [1, 1]"): "line 12, reasons.reason.slow: stars: a score is said twice",
    ('zh = "慢"', 'zh = "慢"\nicon = "x"'): 'line 14, reasons.reason.slow: "icon" is unknown (known: stars, zh, en)',
    ("reason.slow]", "reason.Slow]"): 'line 11, reasons.reason.Slow: "Slow" is no id of small letters',
    ('en = "Kind"', 'en = "Kind'): "line 19, reasons.reason.kind:",
}


@pytest.mark.parametrize(("change", "said"), WRONG.items(), ids=[after for _, after in WRONG])
def test_what_does_not_hold_is_named_by_line_and_table(change: tuple[str, str], said: str) -> None:
    assert change[0] in SMALL
    with pytest.raises(StandardError) as refused:
        parse(SMALL.replace(*change))
    assert str(refused.value).startswith(said)


def test_a_questionnaire_without_stars_or_with_too_many_reasons_is_refused() -> None:
    with pytest.raises(StandardError, match='"stars" is missing'):
        parse("version = 1")
    many = "".join(f'[reasons.reason.r{n}]\nstars = [5]\nzh = "x"\nen = "x"\n' for n in range(MOST_OFFERED))
    with pytest.raises(StandardError, match="line 7, reasons: more than 8 reasons are offered for 5 stars"):
        parse(SMALL + many)
    with pytest.raises(StandardError, match=r"reasons: one \[reasons.reason.NAME\] at least is expected"):
        parse(SMALL[: SMALL.index("[reasons.reason.slow]")])


def test_the_example_of_the_page_about_surveys_holds() -> None:
    page = (Path(router.__file__).parent.parent / "docs" / "surveys.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert [reason.id for reason in parse(example).offered(1)] == ["waiting"]
