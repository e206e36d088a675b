"""Topics of complaints that grow: surges are found, and noise is not (clause ``complaint.warning``)."""

from math import exp
from random import Random

import pytest
from msgspec.structs import replace

from router.tickets.surges import Topic, at_least, growth, surges

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


def test_a_surge_of_one_province_is_seen_where_the_whole_hides_it_and_is_that_province_s_alone() -> None:
    quiet = {replace(BILLS, unit=unit): [24, 26, 25, 23, 27, 25, 24, 26, 25] for unit in range(10)}
    hidden = quiet | {replace(BILLS, unit=11): [4, 3, 5, 4, 4, 3, 4, 5, 20]}
    assert surges({BILLS: [sum(week) for week in zip(*hidden.values(), strict=True)]}) == []
    (found,) = growth(hidden)
    assert (found.topic.unit, found.count, found.usual) == (11, 20, 4.0)

    (found,) = growth(quiet | {replace(BILLS, unit=11): [4, 3, 5, 4, 4, 3, 4, 5, 190]})
    assert found.topic.unit == 11, "one province explains what the whole shows"


def test_what_grows_in_several_provinces_is_told_once_of_the_whole_operator() -> None:
    weeks = {replace(FAULTS, unit=unit): [6] * 8 + [25] for unit in range(1, 4)}
    (found,) = growth(weeks)
    assert (found.topic, found.count, found.usual) == (FAULTS, 75, 18.0)
    (found,) = growth({FAULTS: [6] * 8 + [25]})
    assert found.topic == FAULTS, "complaints that no province follows are looked at as before"
    (found,) = growth({replace(FAULTS, unit=1): [6] * 8 + [25], FAULTS: [6] * 8 + [25]})
    assert found.topic == FAULTS, "the rest has grown as well"


@pytest.mark.parametrize("mean", [0.3, 2.0, 12.0])
def test_flat_noise_of_many_provinces_raises_hardly_any_alarm(mean: float) -> None:
    chance, alarms, rounds = Random(5), 0, 150
    for _ in range(rounds):
        topics = [Topic("network", str(number), unit) for number in range(10) for unit in range(1, 9)]
        alarms += bool(growth({topic: [poisson(chance, mean) for _ in range(9)] for topic in topics}))
    assert alarms <= rounds * 0.05


@pytest.mark.parametrize("mean", [2.0, 12.0])
def test_a_province_in_which_a_topic_grows_threefold_is_found_among_noise(mean: float) -> None:
    chance, found, rounds = Random(13), 0, 60
    for _ in range(rounds):
        topics = [Topic("network", str(number), unit) for number in range(5) for unit in range(1, 9)]
        weeks = {topic: [poisson(chance, mean) for _ in range(9)] for topic in topics}
        weeks[topics[3]] = [*(poisson(chance, mean) for _ in range(8)), poisson(chance, max(3 * mean, mean + 14))]
        found += any(one.topic == topics[3] for one in growth(weeks))
    assert found >= rounds * 0.85


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
