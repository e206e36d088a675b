"""Which topics of complaints grew in a week against their baseline (clause ``complaint.warning``).

The baseline of a topic is the median of its weeks before, at the most eight of them, so that one bad week among them
does not hide the next. Counts of independent complaints scatter as Poisson's law says; a week is a surge where a count
so high would come about by chance less than once in a hundred weeks over all topics together. The median of a few weeks
is itself uncertain: one standard error is added to it before. The provinces together have such a chance of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, lgamma, log, pi, sqrt
from statistics import median

from msgspec import Struct

WEEKS = 8
"""Of a baseline."""
FEWEST_WEEKS = 4
"""Without so many weeks before there is no verdict."""
LEAST = 5
"""Complaints; fewer are answered one by one."""
GROWTH = 1.5
"""How many times its baseline a topic has at least."""
CHANCE = 0.01
"""Of a false alarm in a week, over all topics together; and once more over all topics of all provinces."""
FLOOR = 0.5
"""Complaints a week that a topic has at least in the long run, where its baseline is lower."""


class Topic(Struct, frozen=True, order=True):
    """What complaints are about: a responsible matter with a business type."""

    cause: str
    business: str
    unit: int = 0
    """The province in which they are followed; 0 for the whole operator, or for none."""


class Surge(Struct, frozen=True):
    """A topic that grew."""

    topic: Topic
    count: int
    """Complaints of the week."""
    usual: float
    """The baseline: complaints a week."""
    chance: float
    """Of such a week without a reason."""


def growth(weeks: Mapping[Topic, Sequence[int]]) -> list[Surge]:
    """The topics that grew in the last of the weeks, everywhere or in a province, the least likely first.

    The whole operator and its provinces are looked at apart, so a surge of one province is seen that the whole hides.
    Where one province has grown and the rest has not, the surge is that province's; else it is the whole operator's.

    Args:
        weeks: complaints of each topic in each province by week; those that no province follows have unit 0.
    """
    whole = _summed(weeks)
    near: dict[Topic, list[Surge]] = {}
    for one in surges({topic: counts for topic, counts in weeks.items() if topic.unit}):
        near.setdefault(_everywhere(one.topic), []).append(one)
    found: list[Surge] = []
    for one in surges(whole):
        local = near.pop(one.topic, [])
        alone = len(local) == 1 and not _beyond([_measured(one.topic, _rest(whole, weeks, local[0]))], len(whole))
        found += local if alone else [one]
    found += [one for local in near.values() for one in local]
    return sorted(found, key=lambda one: (one.chance, one.topic))


def surges(weeks: Mapping[Topic, Sequence[int]]) -> list[Surge]:
    """The topics that grew in the last of the weeks, the least likely first.

    Args:
        weeks: complaints of each topic by week, the oldest first; all topics have the same weeks.
    """
    found = [_measured(topic, counts) for topic, counts in weeks.items() if len(counts) > FEWEST_WEEKS]
    return sorted(_beyond(found, len(weeks)), key=lambda one: (one.chance, one.topic))


def at_least(count: int, mean: float) -> float:
    """How likely a Poisson variable of this mean is at least so great; each term is taken from the one before."""
    if count <= mean:
        return 1.0
    term = exp(count * log(mean) - mean - lgamma(count + 1))
    whole = 0.0
    while term > whole * 1e-12:
        whole += term
        count += 1
        term *= mean / count
    return whole


def _measured(topic: Topic, counts: Sequence[int]) -> Surge:
    *before, count = counts[-WEEKS - 1 :]
    usual = float(median(before))
    error = sqrt(pi / 2 * max(usual, FLOOR) / len(before))
    return Surge(topic, count, usual, at_least(count, max(usual, FLOOR) + error))


def _everywhere(topic: Topic) -> Topic:
    return Topic(topic.cause, topic.business)


def _summed(weeks: Mapping[Topic, Sequence[int]]) -> dict[Topic, list[int]]:
    whole: dict[Topic, list[int]] = {}
    for topic, counts in weeks.items():
        known = whole.setdefault(_everywhere(topic), [0] * len(counts))
        whole[_everywhere(topic)] = [a + b for a, b in zip(known, counts, strict=True)]
    return whole


def _rest(whole: Mapping[Topic, list[int]], weeks: Mapping[Topic, Sequence[int]], one: Surge) -> list[int]:
    """The weeks of a topic without those of a province."""
    return [a - b for a, b in zip(whole[_everywhere(one.topic)], weeks[one.topic], strict=True)]


def _beyond(found: Iterable[Surge], topics: int) -> list[Surge]:
    """Those that are no chance: each of so many topics has its share of it."""
    return [
        one for one in found if one.count >= LEAST and one.count >= GROWTH * one.usual and one.chance < CHANCE / topics
    ]
