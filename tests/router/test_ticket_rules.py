"""The data of tickets: what does not hold is refused with its line, and quiet hours end in the morning."""

from datetime import UTC, datetime

import pytest

from router.calendar import SHANGHAI
from router.clauses.table import StandardError
from router.tickets.guess import guess_business, guess_kind
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
