"""Satisfaction of a month beside the one before, by what the standard compares (clause ``survey.analysis``)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.db import Row

ENOUGH = 10
"""Answers from which on an area can be called low; fewer say little about it."""


class By(StrEnum):
    """What satisfaction is compared by."""

    BUSINESS = "business"
    """The wrap-up of the service."""
    CHANNEL = "channel"
    TEAM = "team"
    """The unit that whoever served belongs to itself."""
    REGION = "region"
    """Provinces for the headquarters; for others the cities below them."""
    AGENT = "agent"


ALL = "all"
MYSTERY = "mystery"
REASON = "reason"
"""A reason that customers chose for their score."""


Labels = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in a month."""

    asked: int = 0
    """Surveys that were asked in that month and arrived."""
    answers: int = 0
    """Those of them with a score, whenever it came."""
    total: int = 0
    """Sum of the scores, each of 0-100."""
    low: int = 0
    """Scores below the standard's limit."""
    revisited: int = 0
    won: int = 0
    """Customers won back, of those revisited."""
    settled: int = 0
    """Customers who say that their matter is settled."""
    settled_of: int = 0
    """Those who say whether it is."""
    promoters: int = 0
    """Customers who would recommend us by 9 or 10."""
    detractors: int = 0
    """Those who would by 0 to 6."""
    nps_of: int = 0
    """All who say how likely they are to."""

    @property
    def mean(self) -> float | None:
        """Points of 0-100."""
        return self.total / self.answers if self.answers else None

    @property
    def rate(self) -> float | None:
        """Percent of the surveys that were answered."""
        return _percent(self.answers, self.asked)

    @property
    def low_share(self) -> float | None:
        """Percent of the answers that are low."""
        return _percent(self.low, self.answers)

    @property
    def won_share(self) -> float | None:
        """Percent of the customers revisited who were won back."""
        return _percent(self.won, self.revisited)

    @property
    def settled_share(self) -> float | None:
        """Percent of the matters that are settled, of those of which customers say so or not."""
        return _percent(self.settled, self.settled_of)

    @property
    def nps(self) -> float | None:
        """Percent of promoters less percent of detractors, -100 to 100."""
        return _percent(self.promoters - self.detractors, self.nps_of)


@dataclass(frozen=True, slots=True)
class Area:
    """A line of the analysis."""

    by: str
    key: str
    """The wrap-up's code, the channel, the unit's path or the agent's id; empty where there is none."""
    name_zh: str
    name_en: str
    now: Tally
    before: Tally

    def is_low(self, limit: int) -> bool:
        """Whether its mean is below a limit, by answers enough to say so."""
        mean = self.now.mean
        return mean is not None and self.now.answers >= ENOUGH and mean < limit


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis of a month."""

    everything: Area
    mystery: Area
    areas: Mapping[By, tuple[Area, ...]]
    """By what they are compared by: the lowest first, those without answers last."""
    low: tuple[Area, ...]
    """The low ones, the lowest first."""
    reasons: tuple[Area, ...]
    """Why customers scored so: what was chosen most first."""


def analysed(rows: Iterable[Row], visits: Iterable[Row], chosen: Iterable[Row], limit: int, labels: Labels) -> Analysis:
    """The analysis out of what was counted.

    Args:
        rows: as the statement ``figures`` counts them.
        visits: as ``mystery`` counts them.
        chosen: as ``reasons`` counts them.
        limit: scores below it are low.
        labels: what a reason is called in a language.
    """
    found: dict[tuple[str, str], Area] = {}
    for row in rows:
        tally = Tally(**{name: row[name] for name in Tally.__slots__})
        at = row["by"], row["key"]
        found[at] = _with(found.get(at) or _empty(*at, row["name_zh"], row["name_en"]), row, tally)
    mystery = _empty(MYSTERY)
    for row in visits:
        mystery = _with(mystery, row, _scores(row))
    reasons: dict[str, Area] = {}
    for row in chosen:
        key = row["key"]
        area = reasons.get(key) or _empty(REASON, key, labels(key, "zh"), labels(key, "en"))
        reasons[key] = _with(area, row, _scores(row))
    ordered = sorted(found.values(), key=_worst_first)
    areas = {by: tuple(area for area in ordered if area.by == by) for by in By}
    low = tuple(area for area in ordered if area.by != ALL and area.is_low(limit))
    most = tuple(sorted(reasons.values(), key=lambda area: (-area.now.answers, -area.before.answers, area.key)))
    return Analysis(found.get((ALL, ""), _empty(ALL)), mystery, areas, low, most)


def _empty(by: str, key: str = "", name_zh: str = "", name_en: str = "") -> Area:
    return Area(by, key, name_zh, name_en, Tally(), Tally())


def _scores(row: Row) -> Tally:
    return Tally(answers=row["answers"], total=row["total"], low=row["low"])


def _with(area: Area, row: Row, tally: Tally) -> Area:
    now, before = (tally, area.before) if row["this"] else (area.now, tally)
    return Area(area.by, area.key, area.name_zh, area.name_en, now, before)


def _worst_first(area: Area) -> tuple[bool, float, str]:
    return area.now.mean is None, area.now.mean or 0.0, area.key


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
