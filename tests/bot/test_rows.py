"""Which of a deadline's columns a batch writes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from bot.turns.rows import Rows
from router.ledger import Line, fire

pytestmark = pytest.mark.pure
DUE = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
STEPS = (DUE - timedelta(minutes=10), DUE)
RUNNING = Line(
    7, "conversation", 3, "enquiry.first_response", DUE - timedelta(minutes=30), DUE, STEPS, next_at=STEPS[0]
)
WARNED = fire(RUNNING, STEPS[0])
BREACHED = fire(WARNED, DUE)
MET = replace(WARNED, met=DUE, next_at=None)
MOVED = replace(RUNNING, generation=2, due=DUE + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("lines", "stepped"),
    [
        ((RUNNING, WARNED), {7}),
        ((RUNNING, WARNED, BREACHED), {7}),
        ((RUNNING, WARNED, MET), set()),
        ((RUNNING, MOVED), set()),
        ((RUNNING, MOVED, fire(MOVED, STEPS[0])), set()),
        ((RUNNING, WARNED, replace(WARNED, edition=4)), set()),
        ((RUNNING, replace(RUNNING, edition=4), fire(replace(RUNNING, edition=4), STEPS[0])), set()),
    ],
)
def test_only_how_far_it_has_come_is_written_where_nothing_else_has_changed(
    lines: tuple[Line, ...], stepped: set[int]
) -> None:
    rows = Rows()
    for before, after in pairwise(lines):
        rows.change_line(1, before, after)
    assert rows.stepped == stepped
    assert rows.old_lines == {7: (1, lines[-1])}
