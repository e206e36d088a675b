"""The data of tickets: what does not hold is refused with its line, and quiet hours end in the morning."""

from datetime import UTC, date, datetime

import pytest

from router.calendar import SHANGHAI
from router.clauses.table import StandardError
from router.fields import BUSINESS, meant
from router.tickets.about import About
from router.tickets.guess import Guess, guess, guess_business, guess_kind
from router.tickets.rules import parse
from router.tickets.ticket import TicketKind
from tests.dialog import TICKETS

pytestmark = pytest.mark.pure

SMALL = """
[department.network]
zh = "网络部"
en = "Network"
[business.line]
zh = "固话"
en = "Landline"
department = "network"
[business."line.fault"]
zh = "故障"
en = "Fault"
"""


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        (SMALL.replace('department = "network"', 'department = "netwok"'), 8, 'meant "network"'),
        (SMALL.replace("[business.line]", "[business.lines]"), 9, '"line" is missing'),
        (SMALL + '[quiet]\nfrom = "25:00"\n', 13, "no time such as 08:00"),
        (SMALL + '[quiet]\nwaits = ["solved"]\n', 13, "unknown"),
        (SMALL + "[grade.major]\npeople = 0\n", 13, "above 0"),
        (
            SMALL + '[form.fault]\nkind = "matter"\nstep = "what"\n[form.fault.picks]\nline = "lime.fault"\n',
            12,
            "meant",
        ),
        (SMALL + '[business."line.noise"]\nzh = "杂音"\nen = "Noise"\nabout = "signals"\n', 15, 'meant "signal"'),
        (SMALL + "[cause.charge]\nzh = 1\n", 13, "a text is expected"),
    ],
)
def test_what_does_not_hold_is_refused_with_line_and_reason(wrong: str, line: int, says: str) -> None:
    with pytest.raises(StandardError) as refused:
        parse(wrong)
    assert says in str(refused.value)
    assert refused.value.line == line, refused.value


def test_a_type_leads_where_the_one_above_it_leads() -> None:
    rules = parse(SMALL)
    assert rules.department_of("line.fault") == "network"
    assert rules.is_leaf("line.fault")
    assert not rules.is_leaf("line")
    assert rules.title("line.fault", "zh") == "固话 · 故障"
    assert all(TICKETS.is_leaf(leaf) for form in TICKETS.forms.values() for leaf in form.picks.values())


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-11-26 20:59", None),
        ("2026-11-26 21:00", "2026-11-27 08:00"),
        ("2026-11-27 00:30", "2026-11-27 08:00"),
        ("2026-11-27 07:59", "2026-11-27 08:00"),
        ("2026-11-27 08:00", None),
    ],
)
def test_quiet_hours_end_at_eight_and_hold_only_what_no_limit_asks_for(local: str, until: str | None) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)
    found = TICKETS.quiet.until("reported", now, SHANGHAI)
    assert found == (None if until is None else datetime.fromisoformat(until).replace(tzinfo=SHANGHAI))
    assert TICKETS.quiet.until("opened", now, SHANGHAI) is None


@pytest.mark.parametrize(
    ("said", "business", "kind"),
    [
        ("我家宽带坏了，光猫红灯", "broadband.fault", TicketKind.MATTER),
        ("我要投诉，扣费不对", "charge.dispute", TicketKind.COMPLAINT),
        ("建议营业厅晚点关门", "people.outlet", TicketKind.SUGGESTION),
        ("roaming charges are wrong", "charge.roaming", TicketKind.MATTER),
        ("在吗", "", TicketKind.MATTER),
    ],
)
def test_a_ticket_is_prefilled_with_what_the_customer_s_words_point_to(
    said: str, business: str, kind: TicketKind
) -> None:
    assert (guess_business(said, TICKETS), guess_kind(said)) == (business, kind)


def test_a_chat_fills_a_ticket_in_with_numbers_masked_in_what_was_said() -> None:
    said = ["喂", "我家上不了网，投诉你们", "号码 13900139000", "家在朝阳区建国路88号3单元502室", "昨天晚上8点开始的"]
    about = About("13900139000", "朝阳区建国路88号3单元502室", date(2026, 11, 25), "20:00")
    filled = guess(said, date(2026, 11, 26), TICKETS)
    assert filled == Guess(TicketKind.COMPLAINT, "mobile.signal", filled.text, about)
    assert "号码 139****9000" in filled.text
    assert filled.about.masked == About("139****9000", "朝阳区*********502室", about.day, about.time)
    assert guess(["在吗"], date(2026, 11, 26), TICKETS) == Guess(TicketKind.MATTER, "", "在吗", About())


def test_words_of_customers_lead_to_a_type_that_tickets_can_be_of() -> None:
    assert all(TICKETS.is_leaf(TICKETS.about(key)) for key in BUSINESS if key != "card")
    assert TICKETS.about("") == TICKETS.about("card") == ""


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("139****9000", "13900139000"),
        ("010****6666", "01088886666"),
        ("13700137000", "13700137000"),
        ("138****1111", "138****1111"),
        ("", ""),
    ],
)
def test_a_number_that_comes_back_masked_is_the_one_that_was_said(shown: str, number: str) -> None:
    said = ["座机 010-88886666", "我的号码 139 0013 9000，不对"]
    assert meant(shown, said) == number
