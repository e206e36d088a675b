"""The operator's time zone: service hours run in it, and whatever people read of times is told in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.desk.render import Look, Renderer
from bot.house import SHIPPED
from bot.settings import zone
from bot.static import Static
from router.calendar import SHANGHAI
from router.standard import parse
from router.world import World
from tests.bot.stage import Stage, open_stage
from tests.dialog import world

URUMQI, MADRID = ZoneInfo("Asia/Urumqi"), ZoneInfo("Europe/Madrid")
NEVER = '[hours.service]\ndaily = ["09:00-09:01"]\n[hours.working]\nmon-fri = ["09:00-18:00"]\n'
"""Hours outside of which a test runs, in whichever zone."""


def closed(in_zone: ZoneInfo) -> World:
    """A world whose people will be there at nine, in this zone."""
    return World(parse(NEVER, in_zone), world().manners, world().phrases)


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url, at=closed(MADRID)) as opened:
        yield opened


def test_the_shipped_standard_is_meant_in_the_operators_zone_and_one_that_names_its_own_in_that() -> None:
    text = SHIPPED.read_text("utf-8")
    assert parse(text).calendar.zone.key == "Asia/Shanghai"
    assert parse(text, URUMQI).calendar.zone is URUMQI
    assert parse('[calendar]\nzone = "Europe/Madrid"\n' + NEVER, URUMQI).calendar.zone == MADRID
    noon = datetime(2026, 5, 6, 4, 30, tzinfo=UTC)
    assert parse(NEVER, URUMQI).calendar.next_open(noon) == datetime(2026, 5, 7, 3, 0, tzinfo=UTC)


def test_the_zone_is_read_from_the_environment() -> None:
    assert zone({}).key == "Asia/Shanghai"
    assert zone({"HUIYING_TIME_ZONE": "Asia/Urumqi"}) == URUMQI


async def test_a_customer_is_told_in_the_operators_zone_when_people_will_be_there(stage: Stage) -> None:
    (told,) = (await stage.say("人工")).replies
    assert "09:00" in told.text


def test_the_desk_shows_times_and_days_in_the_operators_zone() -> None:
    now, raised = datetime(2026, 5, 6, 19, 30, tzinfo=UTC), datetime(2026, 5, 6, 15, 0, tzinfo=UTC)
    alert = SimpleNamespace(
        id=1, conversation_id=1, ticket_id=None, kind="in_doubt", name="王", raised=raised, seen=None
    )
    shanghai, madrid = (
        Renderer(Static(), "汇通移动", lambda: now, one)("bell.html", Look(), alerts=[alert], csrf="")
        for one in (SHANGHAI, MADRID)
    )
    assert "昨天 23:00" in shanghai
    assert ">17:00<" in madrid
