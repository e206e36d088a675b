"""The contract: what every door keeps to, whatever platform is before it. One suite, played at a stand for each door.

A door's test makes a class of it, with a stand as its fixture, and tells which rows its platform has no place for:

    GONE = {"reconnect": "Telegram keeps the thread and shows it by itself"}

    class TestTelegram(Contract, channel="telegram", capabilities=TelegramDoor.capabilities, absent=GONE):
        ...
"""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from channels.door import Busy, Capabilities, Choice, TryAgain, Undeliverable
from router.events import Said
from tests.channels.rows import ROWS, Row, row
from tests.channels.stand import OURS, PICTURE, Arrival, Flaw, Letter, Refusal, Stand, message
from tests.dialog import Dialog

SENTENCE = "每个月一号出账单，您可以在应用里查看明细。"
PAGE = "https://chat.example/p"
LONGEST_TYPED = "话" * 10_000


class Contract:
    """The suite, made for one door by a class of its own: its channel, what it can carry, and why rows do not apply.

    Such rows are named one by one, or all of a group by the group's name.
    """

    channel: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    absent: ClassVar[Mapping[str, str]]

    def __init_subclass__(cls, *, channel: str, capabilities: Capabilities, absent: Mapping[str, str]) -> None:
        known = {one for each in ROWS for one in (each.group, each.name)}
        if unknown := absent.keys() - known:
            raise TypeError(f"{cls.__name__}: no row of the contract is called {', '.join(sorted(unknown))}")
        cls.channel, cls.capabilities, cls.absent = channel, capabilities, absent
        for each in ROWS:
            if cls.why_not(each):
                setattr(cls, each.test, None)

    @classmethod
    def why_not(cls, one: Row) -> str:
        """Why a row does not apply to this door; empty where it does."""
        return cls.absent.get(one.name) or cls.absent.get(one.group, "")

    # Signature ---------------------------------------------------------------------------------------------------

    @row("signature")
    async def test_what_the_platform_signed_is_taken(self, stand: Stand) -> None:
        assert (await stand.post(Letter())).taken
        (inbound,) = stand.house.received
        assert (inbound.address, inbound.event) == (stand.address, stand.meant(Letter()))
        assert inbound.source_id

    @row("signature")
    async def test_what_another_key_signed_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.FOREIGN, 401, 403)

    @row("signature")
    async def test_what_nobody_signed_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.ABSENT, 401, 403)

    @row("signature")
    async def test_what_was_altered_after_it_was_signed_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.ALTERED, 401, 403)

    @row("signature")
    async def test_a_captured_signature_carries_no_second_event(self, stand: Stand) -> None:
        assert (await stand.forge(Letter(), Flaw.REPLAYED)).refused
        assert len(stand.house.received) == 1

    @row("signature")
    async def test_a_signature_of_long_ago_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.STALE, 401, 403)

    @row("signature")
    async def test_an_account_that_nobody_has_set_up_is_not_there(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.ELSEWHERE, 404)

    # Duplicates and reorder --------------------------------------------------------------------------------------

    @row("duplicates")
    @pytest.mark.parametrize("times", [2, 3])
    async def test_what_comes_two_or_three_times_is_stored_once_and_answered_alike(
        self, stand: Stand, times: int
    ) -> None:
        answers = [await stand.post(Letter()) for _ in range(times)]
        assert all(answer.taken for answer in answers)
        assert len({answer.reply for answer in answers}) == 1
        assert len(stand.house.received) == 1

    @row("duplicates")
    async def test_what_comes_several_times_at_once_is_stored_once_and_answered_alike(self, stand: Stand) -> None:
        answers = await asyncio.gather(*(stand.post(Letter()) for _ in range(5)))
        assert all(answer.taken for answer in answers)
        assert len({answer.reply for answer in answers}) == 1
        assert len(stand.house.received) == 1

    @row("reorder")
    async def test_what_comes_out_of_order_is_all_stored_as_it_comes(self, stand: Stand) -> None:
        letters = [Letter(number, f"第{number}句") for number in (3, 1, 2)]
        for letter in letters:
            assert (await stand.post(letter)).taken
        assert [inbound.event for inbound in stand.house.received] == [stand.meant(letter) for letter in letters]

    # Bad input ----------------------------------------------------------------------------------------

    @row("bad input")
    async def test_a_kind_that_nobody_has_heard_of_is_acknowledged(self, stand: Stand) -> None:
        assert (await stand.forge(Letter(), Flaw.STRANGE)).taken

    @row("bad input")
    async def test_a_broken_body_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.BROKEN, 400, 422)

    @row("bad input")
    async def test_too_large_a_body_is_refused(self, stand: Stand) -> None:
        await self._refused(stand, Flaw.LARGE, 413)

    @row("bad input")
    async def test_what_cannot_be_stored_now_is_not_acknowledged_and_is_taken_when_it_comes_again(
        self, stand: Stand
    ) -> None:
        stand.house.failure = Busy(7)
        busy = await stand.post(Letter())
        assert (busy.status, busy.retry_after) == (503, "7")
        assert stand.house.received == []
        stand.house.failure = None
        assert (await stand.post(Letter())).taken
        assert len(stand.house.received) == 1

    @row("bad input")
    async def test_the_log_holds_nothing_that_a_customer_wrote(self, stand: Stand) -> None:
        secret = Letter(text="13912345678")
        with capture_logs() as lines:
            await stand.post(secret)
            await stand.forge(secret, Flaw.BROKEN)
        assert secret.text not in str(lines)

    # Errors of the platform ---------------------------------------------------------------------------------------

    @row("errors")
    async def test_a_platform_that_has_taken_nothing_is_tried_again(self, stand: Stand) -> None:
        assert not (await self._later(stand, Refusal.LATER)).unsure
        assert len(await stand.deliver(message("您好"))) == 1

    @row("errors")
    async def test_a_pause_that_the_platform_asks_for_is_told(self, stand: Stand) -> None:
        told = await self._later(stand, Refusal.PAUSED)
        assert not told.unsure
        assert told.after is not None
        assert told.after.total_seconds() > 0

    @row("errors")
    async def test_what_the_platform_will_never_take_is_undeliverable(self, stand: Stand) -> None:
        await self._never(stand, Refusal.NEVER)

    @row("errors")
    async def test_a_call_without_an_answer_leaves_a_doubt(self, stand: Stand) -> None:
        assert (await self._later(stand, Refusal.UNSURE)).unsure

    @row("errors")
    async def test_a_turn_that_breaks_off_half_way_is_never_said_twice(self, stand: Stand) -> None:
        text = self._long()
        stand.refuse(Refusal.HALFWAY)
        with pytest.raises(TryAgain) as caught:
            await stand.deliver(message(text))
        assert len(stand.arrived()) == 1
        if self.capabilities.idempotent:
            assert "".join(arrival.text for arrival in await stand.deliver(message(text), again=True)) == text
        else:
            assert caught.value.unsure

    @row("errors")
    async def test_nothing_to_say_is_undeliverable(self, stand: Stand) -> None:
        with pytest.raises(Undeliverable):
            await stand.deliver()

    # Media -------------------------------------------------------------------------------------------------------

    @row("media")
    async def test_a_customers_file_comes_with_its_message_and_can_be_fetched(self, stand: Stand) -> None:
        assert (await stand.post(Letter(picture=True))).taken
        media = stand.media()
        assert media is not None
        assert await stand.fetch(media) == PICTURE

    @row("media")
    async def test_a_file_of_ours_arrives_whole_with_its_text(self, stand: Stand) -> None:
        arrivals = await stand.deliver(message("请看账单", file=OURS))
        assert [arrival.file for arrival in arrivals if arrival.file] == [PICTURE]
        assert [arrival.text for arrival in arrivals if arrival.text] == ["请看账单"]

    # Choices -----------------------------------------------------------------------------------------------------

    @row("choices")
    async def test_choices_arrive_as_buttons_or_as_a_numbered_list(self, stand: Stand) -> None:
        choices = (Choice("faq:fee", "怎么查话费"), Choice("faq:data", "怎么查流量"))
        (arrival,) = await stand.deliver(message("您是不是想问：", *choices))
        assert arrival in (
            Arrival("您是不是想问：", ("faq:fee", "faq:data")),
            Arrival("您是不是想问：\n1. 怎么查话费\n2. 怎么查流量"),
        )
        assert bool(arrival.choices) == self.capabilities.choices

    @row("choices")
    async def test_a_tapped_choice_comes_with_its_id(self, stand: Stand) -> None:
        await stand.post(Letter(text="怎么查流量", choice="faq:data"))
        assert stand.house.received[0].event == Said("怎么查流量", choice="faq:data")

    @row("choices")
    async def test_a_typed_number_means_the_choice_that_stands_there(self, stand: Stand) -> None:
        dialog = Dialog(channel=self.channel) >> "查询"
        assert dialog.options[1] == "faq:data"
        await stand.post(Letter(text="2"))
        dialog >> stand.house.received[0].event << "answer:data"

    # Length ------------------------------------------------------------------------------------------------------

    @row("length")
    async def test_a_long_text_arrives_in_parts_that_end_with_sentences(self, stand: Stand) -> None:
        text = self._long()
        parts = [arrival.text for arrival in await stand.deliver(message(text))]
        assert len(parts) > 1
        assert all(len(part) <= self.capabilities.text_limit and part.endswith("。") for part in parts)
        assert "".join(parts) == text

    @row("length")
    async def test_the_choices_of_a_long_text_stand_with_its_last_part(self, stand: Stand) -> None:
        *first, last = await stand.deliver(message(self._long(), Choice("human", "转人工"), Choice("leave", "留言")))
        assert not any(arrival.choices or "1. " in arrival.text for arrival in first)
        assert last.choices == ("human", "leave") or last.text.endswith("\n1. 转人工\n2. 留言")

    @row("length")
    async def test_ten_thousand_characters_are_taken_whole_or_plainly_refused(self, stand: Stand) -> None:
        letter = Letter(text=LONGEST_TYPED)
        answer = await stand.post(letter)
        stored = [inbound.event for inbound in stand.house.received]
        assert (answer.taken, stored) == (True, [stand.meant(letter)]) or (answer.refused, stored) == (True, [])

    # Window ------------------------------------------------------------------------------------------------------

    @row("window")
    async def test_what_comes_after_the_reply_window_is_undeliverable(self, stand: Stand) -> None:
        await self._never(stand, Refusal.WINDOW)

    @row("window")
    async def test_what_exceeds_the_quota_is_undeliverable(self, stand: Stand) -> None:
        await self._never(stand, Refusal.QUOTA)

    @row("window")
    async def test_where_no_message_may_be_sent_a_notice_leads_to_the_page(self, stand: Stand) -> None:
        stand.refuse(Refusal.WINDOW)
        (arrival,) = await stand.deliver(message("您的宽带已修好"), page=PAGE)
        assert PAGE in arrival.text

    # Reconnect ---------------------------------------------------------------------------------------------------

    @row("reconnect")
    async def test_who_comes_back_reads_exactly_what_was_missed(self, stand: Stand) -> None:
        for seq in (1, 2, 3):
            await stand.deliver(message(f"第{seq}句", seq=seq))
        assert await stand.read(1) == [2, 3]
        assert await stand.read(3) == []

    # -------------------------------------------------------------------------------------------------------------

    def _long(self) -> str:
        """Sentences for two messages and a bit."""
        return SENTENCE * (self.capabilities.text_limit * 5 // 2 // len(SENTENCE))

    async def _refused(self, stand: Stand, flaw: Flaw, *statuses: int) -> None:
        answer = await stand.forge(Letter(), flaw)
        assert answer.status in statuses
        assert stand.house.received == []

    async def _later(self, stand: Stand, refusal: Refusal) -> TryAgain:
        stand.refuse(refusal)
        with pytest.raises(TryAgain) as caught:
            await stand.deliver(message("您好"))
        return caught.value

    async def _never(self, stand: Stand, refusal: Refusal) -> None:
        stand.refuse(refusal)
        with pytest.raises(Undeliverable):
            await stand.deliver(message("您好"))
