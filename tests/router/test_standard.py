"""What a standard's text says is what runs, and what it cannot say is refused with line and clause."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from router.calendar import SHANGHAI, Calendar
from router.clauses.period import hours
from router.clauses.subjects import SUBJECTS
from router.clauses.table import StandardError, spelled
from router.conversation import Conversation, Status
from router.effects import QuestionKind
from router.questions import Question
from router.standard import Due, Standard, Step, next_step, open_deadlines, parse
from router.survey import Asking
from tests.router.slow_calendar import SlowCalendar

pytestmark = pytest.mark.pure

SHIPPED = (Path(__file__).parents[2] / "router" / "standard.toml").read_text("utf-8")
STANDARD = parse(SHIPPED)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""A Friday."""
MINUTE = timedelta(minutes=1)

HOURS = """
[hours.service]
daily = ["08:00-22:00"]
[hours.working]
mon-fri = ["09:00-12:00", "13:00-18:00"]
"""
TRANSFER = """
["ticket.transfer"]
section = "§3.2"
subject = "ticket"
when = { kind = ["complaint", "suggestion"] }
from = "created"
until = "transferred"
within = "1h"
warn = ["30m", "10m"]
alert = ["owner", "leader"]
on_breach = "escalate"
"""


@dataclass
class Record:
    """A subject with any marks and facts."""

    kind: str
    marks: dict[str, datetime] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, datetime] = field(default_factory=dict)

    def fact(self, name: str) -> str | None:
        return self.facts.get(name)

    def mark(self, name: str) -> datetime | None:
        return self.marks.get(name)

    def extended(self, clause_id: str) -> datetime | None:
        return self.extensions.get(clause_id)


def with_clause(text: str) -> Standard:
    return parse(HOURS + text)


def local(text: str) -> datetime:
    """``2026-11-20 17:30`` on a clock in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ids(subject: Conversation | Question | Asking | Record, standard: Standard = STANDARD) -> list[str]:
    return [due.clause_id for due in open_deadlines(subject, standard)]


def only(subject: Conversation | Question | Asking | Record, standard: Standard = STANDARD) -> Due:
    (due,) = open_deadlines(subject, standard)
    return due


# What a text says ----------------------------------------------------------------------------------------------------


def test_a_clause_is_read_word_by_word() -> None:
    clause = with_clause(TRANSFER).clause("ticket.transfer")
    assert (clause.section, clause.subject) == ("§3.2", "ticket")
    assert (clause.since, clause.until) == (("created",), "transferred")
    assert dict(clause.when) == {"kind": frozenset({"complaint", "suggestion"})}
    assert (clause.within, clause.calendar) == (timedelta(hours=1), "always")
    assert clause.warn == (30 * MINUTE, 10 * MINUTE)
    assert ([rung.who for rung in clause.alert], clause.on_breach) == (["owner", "leader"], "escalate")
    assert clause.is_promise


@pytest.mark.parametrize(("text", "limit"), [("10s", 10), ("30m", 1800), ("1h", 3600), ("24h", 86400), ("3d", 259200)])
def test_durations_have_a_number_and_a_unit(text: str, limit: int) -> None:
    clause = with_clause(TRANSFER.replace('"1h"', f'"{text}"').replace('warn = ["30m", "10m"]', ""))
    assert clause.clause("ticket.transfer").within == timedelta(seconds=limit)


@given(st.integers(1, 1_000_000))
def test_a_duration_is_spelled_as_it_is_read(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    text = TRANSFER.replace('"1h"', f'"{spelled(duration)}"').replace('warn = ["30m", "10m"]', "")
    assert with_clause(text).clause("ticket.transfer").within == duration


def test_hours_holidays_and_swapped_workdays_are_read() -> None:
    standard = parse(
        """
        [calendar]
        zone = "Asia/Shanghai"
        holidays = [2026-10-01, "2026-10-02..2026-10-07"]
        workdays = ["2026-10-10"]
        [hours.service]
        daily = ["08:00-22:00"]
        sun = []
        holiday = ["10:00-16:00"]
        [hours.working]
        mon-fri = ["13:00-18:00", "09:00-12:00"]
        """
    )
    assert standard.calendar.week == (hours(["08:00-22:00"]),) * 6 + ((),)
    assert standard.calendar.is_open(local("2026-10-03 15:00"))
    assert not standard.calendar.is_open(local("2026-10-03 17:00"))
    assert not standard.working.is_open(local("2026-10-05 10:00")), "a Monday off"
    assert standard.working.is_open(local("2026-10-10 10:00")), "a Saturday that works"
    assert not standard.working.is_open(local("2026-10-10 12:30")), "with the break of other days"


def test_the_hours_can_be_replaced_as_a_whole() -> None:
    standard = STANDARD.with_hours("00:00-24:00")
    assert standard.calendar.never_closes
    assert standard.clauses == STANDARD.clauses
    queued = Conversation(1, Status.QUEUED, NOON, queued=NOON, waiting_since=NOON, spoke=NOON)
    assert ids(queued, standard) == ["enquiry.first_response"], "it never closes, so nobody is sent home"


def test_the_shipped_standard_serves_from_eight_to_ten_at_night() -> None:
    assert not STANDARD.calendar.is_open(local("2026-11-20 07:59"))
    assert STANDARD.calendar.is_open(local("2026-11-22 08:00"))
    assert not STANDARD.calendar.is_open(local("2026-11-22 22:00"))
    assert STANDARD.working.is_open(local("2026-02-14 10:00"))
    assert not STANDARD.working.is_open(local("2026-02-16 10:00"))


# What a text cannot say ----------------------------------------------------------------------------------------------

BAD = [
    (HOURS + TRANSFER.replace("until =", "untill ="), 'line 12, ticket.transfer: "untill" is unknown; meant "until"?'),
    (
        HOURS + TRANSFER.replace('"created"', '"creatd"'),
        'line 11, ticket.transfer: from: "creatd" is unknown; meant "created"?',
    ),
    (HOURS + TRANSFER.replace('"transferred"', '"answered"'), 'line 12, ticket.transfer: until: "answered" is unknown'),
    (HOURS + TRANSFER.replace('"ticket"\n', '"tickets"\n'), 'line 9, ticket.transfer: subject: "tickets" is unknown'),
    (HOURS + TRANSFER.replace("kind =", "color ="), 'line 10, ticket.transfer: when: "color" is unknown'),
    (HOURS + TRANSFER.replace('"leader"', '"agent"'), 'line 15, ticket.transfer: alert: "agent" is unknown'),
    (HOURS + TRANSFER.replace('"escalate"', '"close"'), 'line 16, ticket.transfer: on_breach: "close" is unknown'),
    (
        HOURS + TRANSFER.replace('within = "1h"', ""),
        'line 7, ticket.transfer: exactly one of "within" and "by" is the limit',
    ),
    (HOURS + TRANSFER + 'by = "08:00"\n', "line 7, ticket.transfer: exactly one of"),
    (HOURS + TRANSFER.replace('"30m"', '"60m"'), "line 14, ticket.transfer: warn: a warning must be shorter"),
    (HOURS + TRANSFER.replace('"1h"', '"1 hour"'), 'line 13, ticket.transfer: within: "1 hour" is no duration'),
    (HOURS + TRANSFER.replace('"1h"', '"0h"'), 'line 13, ticket.transfer: within: "0h" is no duration'),
    (HOURS + TRANSFER.replace('"1h"', '"9999999d"'), 'line 13, ticket.transfer: within: "9999999d" is no duration'),
    (HOURS + TRANSFER.replace('"1h"', "60"), "line 13, ticket.transfer: within: a text is expected, not 60"),
    (HOURS + TRANSFER.replace('section = "§3.2"\n', ""), 'line 7, ticket.transfer: "section" is missing'),
    (HOURS + TRANSFER.replace('from = "created"\n', ""), 'line 7, ticket.transfer: "from" is missing'),
    (HOURS + TRANSFER.replace('until = "transferred"', 'until = "created"'), 'line 12, ticket.transfer: until: "cre'),
    (HOURS + TRANSFER.replace('["30m", "10m"]', '["10m", "10m"]'), "line 14, ticket.transfer: warn: something is said"),
    (HOURS + TRANSFER + 'every = "24h"\n', 'line 17, ticket.transfer: every: needs "within", and a second mark'),
    (HOURS + TRANSFER + 'round = "1h"\n', "line 17, ticket.transfer: round: must be shorter"),
    (HOURS + TRANSFER + 'round = "11m"\n', "line 17, ticket.transfer: round: must be shorter"),
    (HOURS + TRANSFER + 'calendar = "office"\n', 'line 17, ticket.transfer: calendar: "office" is unknown'),
    (HOURS + TRANSFER.replace('within = "1h"', 'by = "8:00"'), 'line 13, ticket.transfer: by: "8:00" is neither'),
    (HOURS + TRANSFER.replace('within = "1h"', 'by = "closing"'), "line 13, ticket.transfer: by: closing time is that"),
    (
        HOURS + TRANSFER.replace('within = "1h"', 'by = "closing"\ncalendar = "service"'),
        "line 15, ticket.transfer: warn: closing time has no warnings",
    ),
    (HOURS + TRANSFER.replace("{ kind", "[ kind"), "line 10, ticket.transfer: "),
    (HOURS + TRANSFER.replace('{ kind = ["complaint", "suggestion"] }', '"complaint"'), "line 10, ticket.transfer: "),
    (HOURS + TRANSFER.replace('["complaint", "suggestion"]', "[]"), "line 10, ticket.transfer: when: kind has no"),
    (
        HOURS + TRANSFER.replace('["ticket.transfer"]', "[ticket.transfer]"),
        "line 7, ticket.transfer: a clause's id stands in quotes",
    ),
    (HOURS + TRANSFER.replace("ticket.transfer", "Ticket"), "line 7, Ticket: an id is lower-case words with dots"),
    (HOURS + TRANSFER + TRANSFER, "line 18, ticket.transfer: Cannot declare"),
    ("[hours.service]\ndaily = [", "line 2, hours.service: "),
    (HOURS.replace("22:00", "26:00"), 'line 3, hours.service: daily: "08:00-26:00" is no period'),
    (HOURS.replace("13:00-18", "11:00-18"), "line 4, hours.working: periods of one day overlap"),
    (HOURS.replace("daily", "dayly"), 'line 3, hours.service: "dayly" is unknown; meant "daily"?'),
    (HOURS + "[calendar]\nholidays = [\n'2026-02-30']", 'line 7, calendar: holidays: "2026-02-30" is no date'),
    (HOURS + "[calendar]\nholidays = ['2026-02-03..2026-02-01']", "line 7, calendar: holidays: "),
    (HOURS + "[calendar]\nzone = 'Asia/Shangai'", 'line 7, calendar: zone: there is no time zone "Asia/Shangai"'),
    (HOURS + "[calendar]\nholydays = []", 'line 7, calendar: "holydays" is unknown; meant "holidays"?'),
    (HOURS + "[calendar]\nholidays = [2026-10-01]\nworkdays = [2026-10-01]", "2026-10-01 is both a holiday and"),
    (TRANSFER, "line 1, hours.service: a week has seven days and some open hours"),
    (HOURS + "title = 3\n", 'line 6, hours.working: "title" is unknown'),
    ("title = 3\n" + HOURS, "line 1, title: "),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=[message[:70] for _, message in BAD])
def test_what_does_not_hold_is_refused_with_line_and_clause(text: str, message: str) -> None:
    with pytest.raises(StandardError) as refused:
        parse(text)
    assert message in str(refused.value)


@given(st.data())
def test_any_broken_line_is_refused_as_a_standard_error(data: st.DataObject) -> None:
    lines = (HOURS + TRANSFER).splitlines()
    number = data.draw(st.integers(0, len(lines) - 1))
    lines[number] = data.draw(st.text(max_size=12)) + lines[number][data.draw(st.integers(0, 20)) :]
    text = "\n".join(lines)
    try:
        parse(text)
    except StandardError as error:
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017


def test_lines_are_counted_as_editors_do() -> None:
    with pytest.raises(StandardError) as caught:
        parse("# a\u2028b\x85c\n[broken\n")
    assert caught.value.line == 2


# When a deadline is open ---------------------------------------------------------------------------------------------

marks_of_ticket = st.dictionaries(
    st.sampled_from(["created", "transferred", "reported", "solved"]),
    st.integers(0, 100_000).map(lambda seconds: NOON + timedelta(seconds=seconds)),
)


@given(marks_of_ticket, st.sampled_from(["complaint", "suggestion", "fault"]))
def test_a_deadline_is_open_while_from_is_set_and_until_is_not_set_at_or_after_it(
    marks: dict[str, datetime], kind: str
) -> None:
    found = {due.clause_id: due for due in open_deadlines(Record("ticket", marks, {"kind": kind}), STANDARD)}
    created, transferred = marks.get("created"), marks.get("transferred")
    holds = kind != "fault" and created is not None and (transferred is None or transferred < created)
    assert ("ticket.transfer" in found) == holds
    since = [marks[mark] for mark in ("transferred", "reported") if mark in marks]
    holds = bool(since) and ("solved" not in marks or marks["solved"] < max(since))
    assert ("ticket.progress" in found) == holds
    if holds:
        assert found["ticket.progress"].opened == max(since)


def test_a_mark_set_in_the_same_moment_ends_the_deadline() -> None:
    assert ids(Record("ticket", {"created": NOON, "transferred": NOON}, {"kind": "complaint"})) == [
        "ticket.progress",
        "ticket.close",
    ]


def test_a_clause_without_its_facts_is_not_open() -> None:
    assert ids(Record("ticket", {"created": NOON})) == ["ticket.close"]
    assert ids(Record("ticket", {"created": NOON}, {"kind": "fault"})) == ["ticket.close"]
    assert ids(Record("planet", {"created": NOON})) == []


def test_the_warnings_of_thirty_minutes_come_at_twenty_and_twenty_seven() -> None:
    queued = Conversation(1, Status.QUEUED, NOON, queued=NOON, waiting_since=NOON, spoke=NOON)
    due = open_deadlines(queued, STANDARD)[0]
    assert due == Due(
        "enquiry.first_response",
        NOON,
        NOON + 30 * MINUTE,
        (NOON + 20 * MINUTE, NOON + 27 * MINUTE, NOON + 30 * MINUTE),
    )


def test_a_warning_that_lies_before_the_opening_is_left_out() -> None:
    late = Question(1, QuestionKind.OVERNIGHT, local("2026-11-21 07:30"))
    assert only(late).thresholds == (local("2026-11-21 07:45"), local("2026-11-21 08:00"))
    sharp = Question(1, QuestionKind.OVERNIGHT, local("2026-11-21 07:00"))
    assert only(sharp).thresholds == (local("2026-11-21 07:45"), local("2026-11-21 08:00"))


def test_an_overnight_message_left_at_eight_sharp_has_until_the_next_eight() -> None:
    assert only(Question(1, QuestionKind.OVERNIGHT, local("2026-11-21 08:00"))).due == local("2026-11-22 08:00")
    assert only(Question(1, QuestionKind.OVERNIGHT, local("2026-11-21 07:59"))).due == local("2026-11-21 08:00")


def test_a_follow_up_runs_in_service_hours_and_warns_in_them() -> None:
    due = only(Question(1, QuestionKind.FOLLOW_UP, local("2026-11-20 21:00")))
    assert due.due == local("2026-11-21 09:00")
    assert due.thresholds == (local("2026-11-21 08:30"), local("2026-11-21 08:50"), local("2026-11-21 09:00"))


def test_a_gap_in_the_knowledge_keeps_nobody_waiting() -> None:
    assert ids(Question(1, QuestionKind.GAP, NOON)) == []


def test_a_survey_is_asked_24_hours_after_the_service_ended() -> None:
    assert only(Asking(1, NOON)) == Due("survey.online", NOON, NOON + timedelta(1), (NOON + timedelta(1),))
    assert ids(Asking(1, NOON, asked=NOON + timedelta(1))) == []
    assert not STANDARD.clause("survey.online").is_promise


def test_working_days_are_counted_whole() -> None:
    standard = with_clause(
        """
        ["ticket.close"]
        section = "ours"
        subject = "ticket"
        from = "created"
        until = "solved"
        within = "1d"
        calendar = "working"
        warn = ["1h"]
        """
    )
    clause = standard.clause("ticket.close")
    assert (clause.days, clause.within) == (1, None)
    due = only(Record("ticket", {"created": local("2026-11-20 15:00")}), standard)
    assert due.thresholds == (local("2026-11-23 17:00"), local("2026-11-23 18:00"))


def test_a_report_begins_the_next_round() -> None:
    daily = TRANSFER.replace('"created"', '["created", "reported"]').replace('"1h"', '"2h"') + 'every = "24h"\n'
    standard = with_clause(daily)
    ticket = Record("ticket", {"created": NOON}, {"kind": "complaint"})
    assert only(ticket, standard).due == NOON + timedelta(hours=2)
    ticket.marks["reported"] = NOON + timedelta(hours=3)
    assert only(ticket, standard).due == NOON + timedelta(hours=27)
    ticket.marks["reported"] = NOON + timedelta(hours=20)
    assert only(ticket, standard).due == NOON + timedelta(hours=44)


def test_an_extension_moves_the_due_time_and_its_warnings_but_never_forwards() -> None:
    ticket = Record("ticket", {"created": NOON}, {"kind": "fault"})
    ticket.extensions["ticket.close"] = NOON + timedelta(days=5)
    due = only(ticket)
    assert due.due == NOON + timedelta(days=5)
    assert due.thresholds == (due.due - timedelta(hours=12), due.due - timedelta(hours=2), due.due)
    ticket.extensions["ticket.close"] = NOON + timedelta(days=1)
    assert only(ticket).due == NOON + timedelta(days=2)


# Conversations -------------------------------------------------------------------------------------------------------

AT = NOON
bot = Conversation(1, Status.BOT, AT, spoke=AT)
queued = replace(bot, status=Status.QUEUED, queued=AT, waiting_since=AT)
assigned = replace(queued, status=Status.ASSIGNED, assigned=AT + MINUTE)
answered = replace(assigned, answered=AT + 2 * MINUTE, waiting_since=None)
asked_again = replace(answered, spoke=AT + 5 * MINUTE, waiting_since=AT + 5 * MINUTE)
put_back = replace(asked_again, status=Status.QUEUED, assigned=None)
reminded = replace(answered, reminded=AT + 32 * MINUTE)
back = replace(reminded, spoke=AT + 40 * MINUTE, waiting_since=AT + 40 * MINUTE)
closed = replace(asked_again, status=Status.CLOSED, closed=AT + 6 * MINUTE, waiting_since=None)


@pytest.mark.parametrize(
    ("conversation", "clauses"),
    [
        pytest.param(bot, ["conversation.idle"], id="with the bot"),
        pytest.param(queued, ["enquiry.first_response", "conversation.closing"], id="in the queue"),
        pytest.param(assigned, ["enquiry.first_response"], id="with an agent who has not answered"),
        pytest.param(answered, ["conversation.remind"], id="the agent spoke last"),
        pytest.param(asked_again, ["enquiry.next_response"], id="the customer asked again"),
        pytest.param(put_back, ["enquiry.next_response", "conversation.closing"], id="put back while waiting"),
        pytest.param(reminded, ["conversation.remind", "conversation.end"], id="the customer was reminded"),
        pytest.param(back, ["enquiry.next_response"], id="the customer came back"),
        pytest.param(closed, [], id="closed"),
        pytest.param(replace(assigned, status=Status.CLOSED, closed=AT), [], id="closed without an answer"),
    ],
)
def test_a_conversation_has_the_limits_of_where_it_stands(conversation: Conversation, clauses: list[str]) -> None:
    assert ids(conversation) == clauses


maybe = st.one_of(st.none(), st.integers(0, 90).map(lambda n: AT + n * MINUTE))


@given(
    st.sampled_from([Status.QUEUED, Status.ASSIGNED]), st.integers(0, 90).map(lambda n: AT + n * MINUTE), maybe, maybe
)
def test_a_wait_runs_under_exactly_one_of_first_and_next_response(
    status: Status, handed_off: datetime, said: datetime | None, person: datetime | None
) -> None:
    waiting = said is not None and (person is None or said > person)
    conversation = Conversation(
        1, status, AT, queued=handed_off, spoke=said, answered=person, waiting_since=said if waiting else None
    )
    responses = [clause for clause in ids(conversation) if clause.startswith("enquiry.")]
    if person is None or person < handed_off:
        assert responses == ["enquiry.first_response"]
    else:
        assert responses == (["enquiry.next_response"] if waiting else [])


@given(st.lists(st.integers(0, 299_999_999), min_size=2, max_size=6))
def test_a_stream_of_messages_within_five_minutes_moves_the_idle_end_at_most_once(micros: list[int]) -> None:
    ends = {only(replace(bot, spoke=AT + timedelta(microseconds=micro))).due for micro in micros}
    assert ends <= {AT + 30 * MINUTE, AT + 35 * MINUTE}


@pytest.mark.parametrize(
    ("at", "closing"),
    [("2026-11-20 21:59", "2026-11-20 22:00"), ("2026-11-20 23:30", "2026-11-20 23:30")],
    ids=["before closing time", "handed off when it had come already"],
)
def test_whoever_waits_at_closing_time_leaves_a_message(at: str, closing: str) -> None:
    waiting = replace(queued, queued=local(at))
    assert open_deadlines(waiting, STANDARD)[1].due == local(closing)


def test_every_declared_mark_of_a_subject_that_exists_can_be_read() -> None:
    for subject in (bot, Question(1, QuestionKind.GAP, AT), Asking(1, AT)):
        for mark in SUBJECTS[subject.kind].marks:
            assert subject.mark(mark) is None or isinstance(subject.mark(mark), datetime)


def test_every_declared_value_of_a_conversations_facts_occurs() -> None:
    states = (bot, queued, assigned, answered, asked_again, closed)
    for fact, values in SUBJECTS["conversation"].facts.items():
        assert not values or {state.fact(fact) for state in states} == set(values)


# Complaints ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade", "clauses"),
    [
        ("ordinary", ["complaint.verify", "complaint.first_reply", "complaint.resolve"]),
        ("escalated", ["complaint.verify", "complaint.emergency", "complaint.team_plan", "complaint.progress"]),
        (
            "major",
            [
                "complaint.verify",
                "complaint.emergency",
                "complaint.team_plan",
                "complaint.progress",
                "complaint.regulator",
            ],
        ),
    ],
)
def test_the_grade_of_a_complaint_chooses_its_limits(grade: str, clauses: list[str]) -> None:
    assert ids(Record("complaint", {"created": NOON}, {"grade": grade})) == clauses


def test_a_change_of_grade_counts_its_limits_anew() -> None:
    graded = NOON + timedelta(hours=5)
    complaint = Record("complaint", {"created": NOON, "graded": graded}, {"grade": "escalated"})
    due = {due.clause_id: due.due for due in open_deadlines(complaint, STANDARD)}
    assert due["complaint.emergency"] == graded + timedelta(hours=1)
    assert due["complaint.verify"] == NOON + timedelta(hours=2), "the facts are verified whatever the grade"


def test_a_solved_complaint_is_told_and_visited() -> None:
    marks = {"created": NOON, "verified": NOON, "solved": NOON}
    solved = Record("complaint", marks, {"grade": "major", "state": "solved"})
    due = {due.clause_id: due.due for due in open_deadlines(solved, STANDARD)}
    assert due["complaint.reply"] == NOON + timedelta(hours=1)
    assert due["complaint.visit"] == NOON + timedelta(days=3)


# Limits against the model --------------------------------------------------------------------------------------------

LIMITS = {"10s": 10, "30m": 1800, "1h": 3600, "2h": 7200, "24h": 86400, "48h": 172800}


@given(
    st.timedeltas(timedelta(days=-60), timedelta(days=60)).map(lambda after: NOON + after),
    st.sampled_from(sorted(LIMITS)),
    st.sampled_from(["always", "service", "working"]),
    st.sampled_from(["", "10s", "1m", "7m"]),
)
def test_no_deadline_is_early_and_none_is_late_by_more_than_its_rounding(
    created: datetime, limit: str, calendar: str, multiple: str
) -> None:
    text = TRANSFER.replace('"1h"', f'"{limit}"').replace('["30m", "10m"]', '["5s", "1s"]')
    text += f'calendar = "{calendar}"\n'
    text = text.replace('warn = ["5s", "1s"]', "") if multiple else text
    rounded = bool(multiple) and {"10s": 10, "1m": 60, "7m": 420}[multiple] < LIMITS[limit]
    standard = with_clause(text + (f'round = "{multiple}"\n' if rounded else ""))
    due = only(Record("ticket", {"created": created}, {"kind": "complaint"}), standard)
    hours_of = {"always": Calendar(), "service": standard.calendar, "working": standard.working}[calendar]
    exact = SlowCalendar(hours_of).add(created, timedelta(seconds=LIMITS[limit]))
    if not rounded:
        assert due.due == exact
        return
    step = {"10s": 10, "1m": 60, "7m": 420}[multiple]
    assert timedelta() <= due.due - exact < timedelta(seconds=step)
    assert due.due.timestamp() % step == 0


@given(st.timedeltas(timedelta(), timedelta(days=40)).map(lambda after: NOON + after))
def test_thresholds_rise_and_lie_between_the_opening_and_the_due_time(at: datetime) -> None:
    subjects = [
        Record(
            kind,
            dict.fromkeys(found.marks[:1], at),
            {fact: value for fact, values in found.facts.items() for value in values[:1]},
        )
        for kind, found in SUBJECTS.items()
    ]
    for due in (due for subject in subjects for due in open_deadlines(subject, STANDARD)):
        assert list(due.thresholds) == sorted(set(due.thresholds))
        assert due.opened < due.thresholds[0]
        assert due.thresholds[-1] == due.due


# Steps ---------------------------------------------------------------------------------------------------------------

THIRTY = Due("enquiry.first_response", AT, AT + 30 * MINUTE, (AT + 20 * MINUTE, AT + 27 * MINUTE, AT + 30 * MINUTE))


@pytest.mark.parametrize(
    ("minutes", "step"),
    [
        (0, Step(0, AT + 20 * MINUTE, False)),
        (19.99, Step(0, AT + 20 * MINUTE, False)),
        (20, Step(1, AT + 27 * MINUTE, False)),
        (27, Step(2, AT + 30 * MINUTE, False)),
        (29.99, Step(2, AT + 30 * MINUTE, False)),
        (30, Step(3, None, True)),
        (9999, Step(3, None, True)),
    ],
)
def test_steps_pass_in_order_and_several_missed_ones_count_as_the_latest(minutes: float, step: Step) -> None:
    assert next_step(THIRTY, AT + timedelta(minutes=minutes)) == step


def test_a_clock_time_is_read_as_a_time_of_day() -> None:
    assert STANDARD.clause("message.overnight").clock == time(8)


PAGE = (Path(__file__).parents[2] / "docs" / "standard.md").read_text("utf-8")


def test_the_page_about_the_standard_names_every_subject_with_its_marks_and_facts() -> None:
    rows = {line.replace(" ", "") for line in PAGE.splitlines()}
    for name, kind in SUBJECTS.items():
        assert f"|`{name}`|{','.join(kind.marks)}|{','.join(kind.facts)}|{','.join(kind.acts)}|" in rows


def test_each_example_of_the_page_about_the_standard_holds() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for example in examples:
        parse(example if re.search(r"\[hours|^pack", example) else HOURS + example, house=STANDARD)
    assert len(examples) == 7
