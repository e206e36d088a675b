"""Whatever comes from outside is understood or refused in the words of its door: nothing stumbles, nothing hangs."""

from pathlib import Path
from random import Random

import pytest

from channels.door import Malformed
from tests.fuzz import run
from tests.fuzz.mutations import Form, mutated
from tests.fuzz.run import Course, Find, Refused, TooSlow, kept, tried
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

PAYLOADS = 150
KEPT = [(target, data) for target in TARGETS for data in kept(target.name)]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_payload_that_is_almost_right_makes_a_parser_stumble(target: Target) -> None:
    course = Course(target, Random(target.name))
    course.turn(PAYLOADS)
    assert course.finds == {}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_the_payloads_to_begin_with_are_taken_or_refused(target: Target) -> None:
    outcomes = [tried(target, data) for data in target.seeds]
    assert [find for _, find in outcomes if find is not None] == []
    assert any(not isinstance(outcome, Refused) for outcome, _ in outcomes), "none gets past the first check"


@pytest.mark.parametrize(("target", "data"), KEPT, ids=[f"{target.name}-{at}" for at, (target, _) in enumerate(KEPT)])
def test_what_a_parser_once_stumbled_over_no_longer_trips_it(target: Target, data: bytes) -> None:
    assert tried(target, data)[1] is None


def test_every_payload_that_is_kept_belongs_to_a_parser() -> None:
    assert {path.parent.name for path in run.SEEDS.glob("*/*.bin")} <= {target.name for target in TARGETS}


# The fuzzing itself -----------------------------------------------------------------------------------------------


def careful(data: bytes) -> object:
    if b"\0" in data:
        raise Malformed("nul")
    return b"<a>" in data and data.decode()


def test_a_parser_that_stumbles_is_found_and_what_tripped_it_is_kept(tmp_path: Path) -> None:
    course = Course(Target("careful", Form.TEXT, ("话费".encode(), b"<a>"), careful), Random(1))
    course.turn(2_000)
    (find,) = course.finds.values()
    assert find.error.startswith("UnicodeDecodeError at test_fuzz.py:")
    path = find.keep(tmp_path)
    assert (path.parent.name, path.read_bytes()) == ("careful", find.data)


def test_a_parser_that_does_not_come_to_an_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TOO_SLOW", 0.05)

    def endless(_data: bytes) -> object:
        while True:
            pass

    _, find = tried(Target("endless", Form.TEXT, (b"x",), endless), b"x")
    assert isinstance(find, Find)
    assert find.error.startswith(TooSlow.__name__)


@pytest.mark.parametrize("form", Form)
def test_the_same_seed_makes_the_same_payloads(form: Form) -> None:
    seeds = next(target.seeds for target in TARGETS if target.form is form)

    def made() -> list[bytes]:
        random = Random(5)
        return [mutated(random.choice(seeds), seeds, form, random) for _ in range(200)]

    first = made()
    assert first == made()
    assert len(set(first)) > 100
