"""Every door is under contract and leaves out only what its platform has no place for, and the page shows it."""

import pytest

from bot.doors.known import CAPABILITIES
from tests.channels.contract import Contract
from tests.channels.contract_page import PAGE, WRITES, contracts, rewritten
from tests.channels.rows import ROWS

DOORS = contracts()
EXAMPLE = "gateway"


def left_out(door: type[Contract], group: str) -> set[bool]:
    """Whether the rows of a group are left out: all, none, or both."""
    return {bool(door.why_not(row)) for row in ROWS if row.group == group}


def leaves_out(door: type[Contract], name: str) -> bool:
    """Whether a row is left out."""
    return bool(door.why_not(next(row for row in ROWS if row.name == name)))


def test_the_page_shows_the_contract_as_the_doors_keep_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert rewritten(page) == page, f"the page is stale: {WRITES}"


def test_every_channel_is_under_contract_with_the_very_capabilities_of_its_door() -> None:
    assert {door.channel: door.capabilities for door in DOORS if door.channel != EXAMPLE} == CAPABILITIES


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.channel)
def test_a_row_is_left_out_only_where_the_platform_has_no_place_for_it(door: type[Contract]) -> None:
    can = door.capabilities
    assert left_out(door, "errors") == {not can.pushes}
    assert left_out(door, "duplicates") == left_out(door, "reorder") == {False}
    assert leaves_out(door, "what_comes_after_the_reply_window_is_undeliverable") == (can.reply_window is None)
    assert leaves_out(door, "what_exceeds_the_quota_is_undeliverable") == (can.quota is None)
    assert leaves_out(door, "choices_arrive_as_buttons_or_as_a_numbered_list") == (can.text_limit == 0)
    assert leaves_out(door, "a_typed_number_means_the_choice_that_stands_there") == (can.text_limit == 0)
    assert leaves_out(door, "a_tapped_choice_comes_with_its_id") == (not can.choices)
    assert leaves_out(door, "a_long_text_arrives_in_parts_that_end_with_sentences") == (not can.pushes)


def test_a_row_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(TypeError, match="no row"):

        class Wrong(Contract, channel="x", capabilities=DOORS[0].capabilities, absent={"colour": "none"}):
            """A door that leaves out what nobody asks of it."""
