"""Topics of complaints that grow: surges are found, and noise is not (clause ``complaint.warning``)."""

from math import exp
from random import Random

import pytest

from router.tickets.surges import Topic, at_least, surges

FAULTS, BILLS = Topic("network", "broadband.fault"), Topic("charge", "charge.dispute")


def poisson(chance: Random, mean: float) -> int:
    """A number of events, by Knuth's product of chances."""
    count, product, limit = 0, chance.random(), exp(-mean)
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def test_a_surge_is_found_with_its_baseline_and_what_stays_flat_is_not() -> None:
    (found,) = surges({FAULTS: [4, 5, 3, 4, 6, 4, 5, 4, 18], BILLS: [9, 11, 10, 8, 12, 10, 9, 10, 12]})
    assert (found.topic, found.count, found.usual) == (FAULTS, 18, 4.0)
    assert found.chance < 1e-4


def test_one_bad_week_before_does_not_hide_the_next() -> None:
    assert [one.usual for one in surges({FAULTS: [4, 5, 60, 4, 6, 4, 5, 4, 22]})] == [4.5]


def test_a_new_topic_that_comes_with_force_is_a_surge() -> None:
    assert [one.topic for one in surges({FAULTS: [0] * 8 + [9], BILLS: [0] * 8 + [4]})] == [FAULTS]


@pytest.mark.parametrize("weeks", [1, 2, 3, 4])
def test_there_is_no_verdict_before_four_weeks_have_passed(weeks: int) -> None:
    assert surges({FAULTS: [1] * (weeks - 1) + [50]}) == []
    assert surges({}) == []


def test_steady_growth_of_many_topics_is_told_least_likely_first() -> None:
    found = surges({BILLS: [10] * 8 + [30], FAULTS: [10] * 8 + [60]})
    assert [one.topic for one in found] == [FAULTS, BILLS]


@pytest.mark.parametrize("mean", [0.3, 2.0, 12.0, 40.0])
def test_flat_noise_raises_hardly_any_alarm(mean: float) -> None:
    chance, alarms, rounds = Random(7), 0, 400
    for _ in range(rounds):
        topics = {Topic("network", str(number)): [poisson(chance, mean) for _ in range(9)] for number in range(20)}
        alarms += bool(surges(topics))
    assert alarms <= rounds * 0.03


@pytest.mark.parametrize("mean", [2.0, 12.0, 40.0])
def test_a_topic_that_grows_threefold_is_found_among_noise(mean: float) -> None:
    chance, found, rounds = Random(11), 0, 100
    for _ in range(rounds):
        topics = {Topic("network", str(number)): [poisson(chance, mean) for _ in range(9)] for number in range(20)}
        topics[FAULTS] = [*(poisson(chance, mean) for _ in range(8)), poisson(chance, max(3 * mean, mean + 12))]
        found += any(one.topic == FAULTS for one in surges(topics))
    assert found >= rounds * 0.85


def test_the_tail_of_poisson_s_law_agrees_with_tables_and_stands_great_means() -> None:
    assert at_least(0, 3.0) == 1.0
    assert at_least(8, 3.0) == pytest.approx(0.011905, abs=1e-6)
    assert at_least(15, 10.0) == pytest.approx(0.083458, abs=1e-6)
    assert 0.0 < at_least(5_500, 5_000.0) < 1e-10
