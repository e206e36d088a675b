"""What began under an edition of the standard keeps it, and a pack says itself what it is about."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from router.calendar import SHANGHAI
from router.cases import Case, next_marks
from router.clauses.ladder import called
from router.clauses.table import StandardError
from router.editions import Edition, Editions
from router.ledger import bring_in_line
from router.standard import open_deadlines, parse
from tests.router.test_standard import HOURS, SHIPPED, TRANSFER, Record

PACK = (Path(__file__).parents[2] / "router" / "packs" / "miit_appeals.toml").read_text("utf-8")
HOUSE = parse(SHIPPED)
NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
"""A Friday."""
DAY = timedelta(days=1)
OLD, NEW = parse(HOURS + TRANSFER), parse(HOURS + TRANSFER.replace('"1h"', '"3h"'))


def ticket(created: datetime) -> Record:
    return Record("ticket", {"created": created}, {"kind": "complaint"})


def number(editions: Editions, record: Record, now: datetime) -> int:
    found = editions.measuring(record, now)
    assert found is not None
    return found.number


# Editions ------------------------------------------------------------------------------------------------------------


def test_a_record_keeps_the_edition_under_which_it_began() -> None:
    editions = Editions((Edition(0, OLD), Edition(1, NEW, NOON)))
    before, after = ticket(NOON - DAY), ticket(NOON)
    assert number(editions, before, NOON + DAY) == 0
    assert number(editions, after, NOON + DAY) == 1
    assert number(editions, ticket(NOON - timedelta(microseconds=1)), NOON + DAY) == 0


def test_an_edition_published_ahead_measures_nothing_before_its_day() -> None:
    editions = Editions((Edition(0, OLD), Edition(1, NEW, NOON + DAY)))
    assert [one.number for one in editions.in_force(NOON)] == [0]
    assert [one.number for one in editions.in_force(NOON + DAY)] == [1]
    assert number(editions, ticket(NOON), NOON) == 0


def test_open_records_follow_another_edition_only_where_that_was_decided() -> None:
    decided = NOON + 2 * DAY
    editions = Editions((Edition(0, OLD), Edition(1, NEW, NOON, rebased=decided), Edition(2, OLD, NOON + 3 * DAY)))
    old = ticket(NOON - DAY)
    assert number(editions, old, decided - timedelta(seconds=1)) == 0
    assert number(editions, old, decided) == 1
    assert number(editions, old, NOON + 9 * DAY) == 1, "a later edition that nobody re-based on changes nothing"
    assert number(editions, ticket(NOON + 4 * DAY), NOON + 9 * DAY) == 2


def test_a_rebased_deadline_moves_and_what_was_armed_before_means_nothing() -> None:
    record = ticket(NOON)
    first = bring_in_line((), record, 7, OLD, NOON, lambda: 1)
    moved = bring_in_line(first, record, 7, NEW, NOON + timedelta(minutes=5), lambda: 2, edition=4)
    assert [(one.id, one.due, one.generation, one.edition) for one in moved] == [(1, NOON + timedelta(hours=3), 2, 4)]


def test_an_edition_that_says_the_same_leaves_warnings_that_were_given_as_they_are() -> None:
    record = ticket(NOON)
    (first,) = bring_in_line((), record, 7, OLD, NOON, lambda: 1)
    warned = replace(first, step=1, warned=NOON)
    (same,) = bring_in_line((warned,), record, 7, OLD, NOON, lambda: 2, edition=4)
    assert (same.generation, same.step, same.warned, same.edition) == (1, 1, NOON, 4)


def test_a_clause_that_the_new_edition_does_not_have_applies_no_longer() -> None:
    record = ticket(NOON)
    first = bring_in_line((), record, 7, OLD, NOON, lambda: 1)
    without = parse(HOURS + TRANSFER.replace("ticket.transfer", "ticket.hand_on"))
    after = {one.clause: one for one in bring_in_line(first, record, 7, without, NOON + DAY, lambda: 2, edition=4)}
    assert after["ticket.transfer"].voided == NOON + DAY
    assert after["ticket.hand_on"].running


# Packs ---------------------------------------------------------------------------------------------------------------


def test_the_appeals_pack_keeps_the_days_of_the_house() -> None:
    pack = parse(PACK, house=HOUSE)
    assert (pack.pack, pack.working.holidays, tuple(pack.kinds)) == (
        "miit_appeals",
        HOUSE.working.holidays,
        ("appeal",),
    )
    case = Case(1, "appeal", {}, {"complained": NOON})
    (answer,) = open_deadlines(case, pack)
    assert (answer.clause_id, answer.due) == ("appeal.answer", NOON + 15 * DAY)
    appealed = Case(1, "appeal", {}, {"complained": NOON, "answered": NOON, "appealed": NOON})
    (acceptance,) = open_deadlines(appealed, pack)
    assert (acceptance.clause_id, acceptance.due) == ("appeal.acceptance", NOON.replace(day=27, hour=18))


def test_a_pack_over_the_national_day_counts_working_days_only() -> None:
    appealed = datetime(2026, 9, 30, 10, tzinfo=SHANGHAI)
    case = Case(1, "appeal", {}, {"appealed": appealed})
    (acceptance,) = open_deadlines(case, parse(PACK, house=HOUSE))
    assert acceptance.due == datetime(2026, 10, 13, 18, tzinfo=SHANGHAI), "8, 9, 10 (a Saturday that works), 12, 13"


def test_marks_are_reached_once() -> None:
    kind = parse(PACK, house=HOUSE).kinds["appeal"]
    assert next_marks(kind, {"complained": NOON, "appealed": NOON}) == ("answered", "decided")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('pack = "miit_appeals"', "", 'line 8, subjects.appeal: what declares its own subjects is a pack'),
        ('pack = "miit_appeals"', 'pack = "MIIT"', "line 5: pack: a name is lower-case letters and underscores"),
        ('[subjects.appeal]\n', '[subjects.ticket]\n', 'subjects.ticket: "ticket" is a kind of the house already'),
        ('answered = { zh = "企业答复", en = "the operator answered" }', 'answered = "x"', "subjects.appeal: "),
        ('until = "decided"', 'until = "decidet"', 'appeal.acceptance: until: "decidet" is unknown; meant "decided"?'),
        ('subject = "appeal"', 'subject = "ticket"', 'subject: "ticket" is unknown (known: appeal)'),
        ('on = "due"', 'on = "2d"', 'appeal.answer: alert: "2d" is no threshold of "warn"'),
        ('who = "manager"', 'who = "boss"', 'appeal.answer: alert: "boss" is unknown'),
        ('"webhook"', '"fax"', 'appeal.answer: alert: "fax" is unknown'),
        ('en = "Decision on acceptance"', 'de = "Entscheid"', "appeal.acceptance: title: a text for each of zh, en"),
    ],
)  # fmt: skip
def test_a_pack_that_does_not_hold_is_refused_with_line_and_place(before: str, after: str, message: str) -> None:
    assert before in PACK
    with pytest.raises(StandardError) as refused:
        parse(PACK.replace(before, after, 1), house=HOUSE)
    assert message in str(refused.value)


# The ladder ----------------------------------------------------------------------------------------------------------


def test_a_rung_that_names_its_threshold_hears_of_that_one_only() -> None:
    clause = parse(PACK, house=HOUSE).clause("appeal.answer")
    heard = [[rung.who for rung in called(clause.alert, clause.warn, [step], 3)] for step in (1, 2, 3)]
    assert heard == [["owner"], ["leader"], ["leader", "manager"]]
    assert called(clause.alert, clause.warn, [3], 3)[1].how == ("desk", "webhook")


def test_warnings_that_lay_before_the_opening_leave_their_rungs_uncalled() -> None:
    ladder = parse(HOURS + TRANSFER.replace('["owner", "leader"]', '[{ who = "owner", on = "30m" }, "leader"]'))
    alert, warn = ladder.clause("ticket.transfer").alert, ladder.clause("ticket.transfer").warn
    assert [rung.who for rung in called(alert, warn, [1], 2)] == ["leader"], "the first one left is the 10 minutes"
    assert [rung.who for rung in called(alert, warn, [1], 3)] == ["leader", "owner"]
