"""Clause "survey.mystery": what mystery shoppers found is imported each month into the same measure."""

import pytest

from bot.satisfaction.months import Month
from bot.satisfaction.mystery import COLUMNS, Known, Shopped, read
from bot.spreadsheets import Wrong, WrongFile
from router.questionnaire.questionnaire import STARS
from router.scale import Scale
from router.survey import normalised

KNOWN = Known({"一班": (3,), "二班": (4, 5), "江苏/南京/二班": (5,)}, {"nj01"}, {"web", "outlet"}, Month(2026, 11))
HEAD = ",".join(COLUMNS) + "\n"


def one(row: str) -> Shopped | Wrong:
    """What becomes of a row."""
    (found,) = read((HEAD + row).encode(), KNOWN)
    return found


@pytest.mark.parametrize(
    ("scale", "score", "expected"),
    [
        ("0-100", "87", 87),
        ("1-5", "4.5", 88),
        ("0-10", "7", 70),
        ("1 - 10", "1", 0),
        ("1-3", "3", 100),
        ("0-8", "1", 13),
    ],
)
def test_survey_mystery_a_score_of_any_scale_stands_on_that_of_a_hundred(scale: str, score: str, expected: int) -> None:
    assert Scale.parse(scale).normalised(score) == expected


def test_survey_mystery_shoppers_stars_mean_what_customers_stars_mean() -> None:
    assert [Scale.parse("1-5").normalised(str(star)) for star in STARS] == [normalised(star) for star in STARS]


def test_survey_mystery_a_row_names_a_unit_or_an_outlet() -> None:
    visit = Shopped(Month(2026, 10), 3, None, "web", 75, "4 (1-5)", "等了很久")
    assert one("2026-10,一班,,web,4,1-5,等了很久") == visit
    full, outlet = one("2026-10,江苏/南京/二班,,web,4,1-5,"), one("2026-11,,nj01,outlet,80,0-100,")
    assert isinstance(full, Shopped)
    assert isinstance(outlet, Shopped)
    assert (full.unit_id, outlet.unit_id, outlet.outlet) == (5, None, "nj01")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-1,一班,,web,4,1-5,", "no month"),
        ("2026-12,一班,,web,4,1-5,", "has not come yet"),
        ("2026-10,,,web,4,1-5,", "either a unit or an outlet"),
        ("2026-10,一班,nj01,web,4,1-5,", "either a unit or an outlet"),
        ("2026-10,三班,,web,4,1-5,", "no unit 三班"),
        ("2026-10,二班,,web,4,1-5,", "name of 2 units"),
        ("2026-10,,nj02,outlet,4,1-5,", "no outlet nj02"),
        ("2026-10,一班,,fax,4,1-5,", "no channel fax"),
        ("2026-10,一班,,web,6,1-5,", "not within 1-5"),
        ("2026-10,一班,,web,-1,0-5,", "no score"),
        ("2026-10,一班,,web,NaN,0-5,", "no score"),
        ("2026-10,一班,,web,4,5-1,", "no scale"),
        ("2026-10,一班,,web,4,,", "no scale"),
        (f"2026-10,一班,,web,4,1-5,{'长' * 501}", "more than 500"),
        ("2026-10,一班,,web,4,1-5,a,b", "more fields"),
        ("2026-10,一班", "no channel"),
    ],
)
def test_survey_mystery_a_row_that_does_not_hold_is_named_with_its_line(row: str, why: str) -> None:
    found = one(row)
    assert isinstance(found, Wrong)
    assert found.line == 2
    assert why in found.why


def test_survey_mystery_a_file_that_is_none_is_refused() -> None:
    for data, why in (
        (b"\xff\xff", "neither in UTF-8"),
        (b"month,unit\n", "outlet is missing"),
        (b"", "month is missing"),
    ):
        with pytest.raises(WrongFile, match=why):
            read(data, KNOWN)
    with pytest.raises(WrongFile, match="no CSV"):
        read((HEAD + '"2026-10\n').encode(), KNOWN)
