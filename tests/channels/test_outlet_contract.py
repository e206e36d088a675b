"""The outlet keeps the contract of doors, as far as a counter has a place for it: a letter is a form of the desk's."""

import pytest

from channels.door import Address, Busy, Malformed
from channels.outlet.door import OutletDoor
from channels.outlet.parse import parse
from router.events import CustomerEvent, Outcome, Visited
from tests.channels.contract import Contract
from tests.channels.stand import SENT_AT, Answer, Flaw, House, Letter, Stand

CUSTOMER = "13800000001"


class OutletStand(Stand):
    """A counter, and the form that the desk has taken from it."""

    def __init__(self, door: OutletDoor, house: House) -> None:
        super().__init__(door, house, Address("outlet", "rmlu", CUSTOMER))
        self.receive = house.receive

    async def post(self, letter: Letter) -> Answer:
        return await self._filled({"customer": CUSTOMER, "text": letter.text, "outcome": "queued"}, letter.number)

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        if flaw is Flaw.BROKEN:
            return await self._filled({"customer": "?", "text": letter.text}, letter.number)
        return await super().forge(letter, flaw)

    async def _filled(self, form: dict[str, str], number: int) -> Answer:
        try:
            inbound = parse(
                outlet_id="rmlu",
                outlet="人民路营业厅",
                agent=7,
                agent_name="王芳",
                form=form,
                source_id=f"form-{number}",
                now=SENT_AT,
            )
            await self.receive(inbound)
        except Malformed as refused:
            return Answer(refused.status)
        except Busy as busy:
            return Answer(503, str(busy.after))
        return Answer(200)

    def meant(self, letter: Letter) -> CustomerEvent:
        return Visited(7, "王芳", "人民路营业厅", letter.text, "", Outcome.QUEUED, "")


@pytest.fixture
def stand() -> OutletStand:
    return OutletStand(OutletDoor(), House())


DESK = "the form is a page of the desk, whose log-in and tokens guard it"
TOLD = "nothing can be written to somebody at a counter: people tell them, or call"


ABSENT = {
    "what_another_key_signed_is_refused": DESK,
    "what_nobody_signed_is_refused": DESK,
    "what_was_altered_after_it_was_signed_is_refused": DESK,
    "a_captured_signature_carries_no_second_event": DESK,
    "a_signature_of_long_ago_is_refused": DESK,
    "an_account_that_nobody_has_set_up_is_not_there": "the desk offers the outlets that there are",
    "a_kind_that_nobody_has_heard_of_is_acknowledged": "there is one kind of form",
    "too_large_a_body_is_refused": "the desk limits the bodies of all its forms",
    "media": "papers stay at the counter",
    "choices": TOLD,
    "a_long_text_arrives_in_parts_that_end_with_sentences": TOLD,
    "the_choices_of_a_long_text_stand_with_its_last_part": TOLD,
    "window": TOLD,
    "errors": TOLD,
    "reconnect": TOLD,
}


class TestOutlet(Contract, channel="outlet", capabilities=OutletDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
