"""The demo's complaints: whatever chance brings, the weekly look finds the topic that grows, and no other."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.demo import data
from bot.demo.office import data as office
from bot.demo.office.weeks import BACK, Case, Weeks
from router.calendar import SHANGHAI
from router.tickets.surges import Topic, surges
from router.tickets.ticket import TicketKind

pytestmark = pytest.mark.pure
MIDNIGHT = datetime(2026, 11, 4, 16, tzinfo=UTC)
"""A Thursday in Shanghai."""


def counted(cases: Iterable[Case], first: datetime, weeks: int) -> dict[Topic, list[int]]:
    """Complaints by topic and week."""
    found: dict[Topic, list[int]] = {}
    for moment, one in cases:
        week = (moment - first) // timedelta(weeks=1)
        if one.kind is TicketKind.COMPLAINT and 0 <= week < weeks:
            found.setdefault(Topic(one.cause, one.business), [0] * weeks)[week] += 1
    return found


def test_a_topic_that_grows_is_found_and_no_other() -> None:
    troubles, (former, latest) = data.read().trouble, office.read().growth
    for seed in range(300):
        weeks = Weeks(SHANGHAI, Random(seed))
        monday = weeks.before(MIDNIGHT)
        usual = list(weeks.usual(troubles, MIDNIGHT))
        first = monday - timedelta(weeks=BACK - 1)
        for topic in (former, latest):
            found = surges(counted([*usual, *weeks.grown(topic, monday)], first, BACK))
            assert [one.topic for one in found] == [Topic(topic.cause, topic.business)], seed
        assert surges(counted(usual, first, BACK)) == [], seed


def test_a_week_begins_on_the_operators_monday_and_is_whole() -> None:
    weeks = Weeks(SHANGHAI, Random(1))
    assert weeks.before(MIDNIGHT) == datetime(2026, 10, 25, 16, tzinfo=UTC)
    moments = Counter(
        moment.astimezone(SHANGHAI).date() for moment, _ in weeks.grown(office.read().growth[0], weeks.before(MIDNIGHT))
    )
    assert min(moments) >= date(2026, 10, 26)
    assert max(moments) <= date(2026, 11, 1)


def test_what_people_read_in_the_offices_is_filled_in() -> None:
    texts = office.read()
    told = {"name": "李雷", "phone": "13900000001", "day": "2026-10-20", "code": "246810"}
    assert all(answer.format_map(told).strip() for errand in texts.errand for answer in errand.answers)
    assert {scene.fate for scene in texts.scene} == {"served", "aside", "refused", "waits"}
    assert texts.programs.url.split("/")[2].endswith(".example"), "nobody may ever be reached there"
