"""The monthly analysis as a table: a line for each area, this month's figures and those of the month before."""

from collections.abc import Iterator, Mapping, Sequence

from bot.satisfaction.figures import MYSTERY, REASON, Analysis, Area, By, Tally
from bot.satisfaction.months import Month
from bot.words import words

Cell = str | float | None
FIGURES = ("mean", "answers", "asked", "rate", "low_share", "revisited", "won", "settled_share", "nps")


def table_of(analysis: Analysis, month: Month, language: str) -> Iterator[Sequence[Cell]]:
    """The rows, headings first; percents and points with one decimal."""
    said = words(language)
    heads = [said[f"desk.satisfaction.{name}"] for name in FIGURES]
    yield [said["desk.satisfaction.by"], said["desk.satisfaction.area"]] + [
        f"{head} {one}" for one in (month, month.before) for head in heads
    ]
    compared = (area for by in By for area in analysis.areas[by])
    for area in (analysis.everything, analysis.mystery, *compared, *analysis.reasons):
        yield [said[f"desk.satisfaction.by.{area.by}"], name_of(area, said, language), *_cells(area)]


def name_of(area: Area, said: Mapping[str, str], language: str) -> str:
    """What people call an area."""
    if area.by == By.CHANNEL:
        return said.get(f"desk.channel.{area.key}", area.key)
    if name := area.name_en if language == "en" else area.name_zh:
        return name
    if area.by == By.BUSINESS and (known := said.get(f"desk.wrapup.{area.key}")):
        return known
    return area.key or said[f"desk.satisfaction.none.{area.by}"]


def _cells(area: Area) -> Iterator[Cell]:
    for tally in (area.now, area.before):
        yield from _figures(tally, area.by)


def _figures(tally: Tally, by: str) -> Iterator[Cell]:
    unasked = by in (MYSTERY, REASON)
    yield _rounded(tally.mean)
    yield tally.answers
    yield None if unasked else tally.asked
    yield _rounded(tally.rate)
    yield _rounded(tally.low_share)
    yield None if unasked else tally.revisited
    yield None if unasked else tally.won
    yield _rounded(tally.settled_share)
    yield _rounded(tally.nps)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
