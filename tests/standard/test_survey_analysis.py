"""Clause "survey.analysis": satisfaction of a month by business, channel, team, region and agent, low areas named."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.satisfaction.figures import ENOUGH, By, Tally, analysed
from bot.satisfaction.months import Month
from bot.satisfaction.table import table_of
from bot.spreadsheets import csv_of
from router.calendar import SHANGHAI

NOVEMBER = Month(2026, 11)
NOTHING = dict.fromkeys(Tally.__slots__, 0)


def counted(by: str, key: str, answers: int, mean: int, **more: object) -> Mapping[str, object]:
    """A row as it is counted."""
    row = {"by": by, "key": key, "this": True, "name_zh": "", "name_en": "", "asked": 2 * answers, "answers": answers}
    return NOTHING | row | {"total": answers * mean} | more


def named(reason: str, language: str) -> str:
    return f"{reason} in {language}"


def test_survey_analysis_an_area_is_low_below_seventy_with_answers_enough() -> None:
    rows = [
        counted("channel", "web", ENOUGH, 69),
        counted("channel", "app", ENOUGH - 1, 10),
        counted("channel", "wechat", ENOUGH, 70),
        counted("agent", "7", ENOUGH, 40),
        counted("team", "/2/", ENOUGH, 10, this=False),
        counted("all", "", ENOUGH, 50),
    ]
    found = analysed(rows, [], [], 70, named)
    assert [(area.by, area.key) for area in found.low] == [("agent", "7"), ("channel", "web")]
    assert [area.key for area in found.areas[By.CHANNEL]] == ["app", "web", "wechat"], "the lowest first"
    (team,) = found.areas[By.TEAM]
    assert (team.now.mean, team.before.mean) == (None, 10)


def test_survey_analysis_shares_are_of_what_they_are_shares_of_and_none_where_that_is_nothing() -> None:
    some = Tally(asked=8, answers=4, total=300, low=1, revisited=2, won=1)
    assert (some.mean, some.rate, some.low_share, some.won_share) == (75, 50, 25, 50)
    said = Tally(settled=3, settled_of=4, promoters=5, detractors=2, nps_of=10)
    assert (said.settled_share, said.nps) == (75, 30)
    assert Tally(promoters=1, detractors=4, nps_of=5).nps == -60
    nothing = Tally()
    shares = {nothing.mean, nothing.rate, nothing.low_share, nothing.won_share, nothing.settled_share, nothing.nps}
    assert shares == {None}


def test_survey_analysis_reasons_are_counted_with_the_scores_of_those_who_chose_them_most_chosen_first() -> None:
    chosen: list[Mapping[str, object]] = [
        {"this": True, "key": "quick", "answers": 2, "total": 200, "low": 0},
        {"this": True, "key": "waiting", "answers": 4, "total": 100, "low": 3},
        {"this": False, "key": "waiting", "answers": 1, "total": 50, "low": 1},
    ]
    found = analysed([], [], chosen, 70, named).reasons
    assert [(one.key, one.name_en, one.now.answers, one.now.mean, one.now.low_share) for one in found] == [
        ("waiting", "waiting in en", 4, 25, 75), ("quick", "quick in en", 2, 100, 0),
    ]  # fmt: skip
    assert (found[0].before.answers, found[1].before.mean) == (1, None)


def test_survey_analysis_a_month_begins_at_midnight_of_the_operator() -> None:
    assert Month.of(datetime(2026, 11, 30, 16, tzinfo=UTC), SHANGHAI) == Month(2026, 12)
    assert NOVEMBER.begins(SHANGHAI) == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert Month(2027, 1).before == Month(2026, 12)
    assert Month(2026, 12).after == Month(2027, 1)
    assert str(Month.parse("2026-02")) == "2026-02"
    for wrong in ("2026-13", "2026-1", "2026-00", "1999-01", "２０２６-01", ""):
        with pytest.raises(ValueError, match="no month"):
            Month.parse(wrong)


def test_survey_analysis_its_table_opens_in_a_spreadsheet_and_no_name_in_it_is_a_formula() -> None:
    rows = [counted("agent", "7", 4, 75, name_zh="=HYPERLINK(1)", name_en="x"), counted("all", "", 4, 75)]
    text = csv_of(table_of(analysed(rows, [], [], 70, named), NOVEMBER, "zh")).decode()
    assert text[0] == "\ufeff"
    heads, customers, mystery, agent = text[1:].splitlines()
    assert heads.startswith("维度,范围,满意度（0–100） 2026-11")
    assert customers == "客户评分,全部,75.0,4,8,50.0,0.0,0,0,,,,0,0,,,0,0,,"
    assert mystery == "神秘顾客,全部,,0,,,,,,,,,0,,,,,,,"
    assert agent.split(",")[1] == "'=HYPERLINK(1)"
    for risky in ("=1", "+1", "-1", "@x", "\tx", " =1", "＝1"):
        assert f"'{risky}" in csv_of([[risky]]).decode()
    assert csv_of([[-1.5, None, "1-5"]]).decode() == "\ufeff-1.5,,1-5\r\n"
