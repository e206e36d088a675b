"""Questions that are answered at once, beside the long way of deciding."""

from dataclasses import replace as with_fields
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from router import at_once, binding, dialogue
from router.contact import Contact, Flood, Survey
from router.conversation import Conversation, Status
from router.decide import decide, decide_at_length
from router.effects import Say
from router.events import Found, Kind, Media, Said
from router.forms.progress import Progress
from router.forms.talk import INVALID
from router.survey import ASK
from router.world import Article, Phrases
from tests.dialog import KNOWLEDGE, MONDAY_MORNING, world

Change = dict[str, Any]
"""Fields that are other than usual."""
LISTS = ("human", "cancel", "thanks", "greetings", "place", "bind", "unbind", "resume", "yes", "no")
PHRASES = Phrases(**{name: frozenset({f"{name}话"}) for name in LISTS}, angry=frozenset({"投诉"}))
WORLD = with_fields(
    world(),
    phrases=PHRASES,
    form_phrases=MappingProxyType({"我要移机": "relocation"}),
    knowledge=MappingProxyType({**KNOWLEDGE, "move": Article("move", "怎么移机", "在这里办。", form="relocation")}),
)
BEFORE = MONDAY_MORNING - timedelta(seconds=4)
MOMENTS = (None, BEFORE, BEFORE - timedelta(seconds=20))
OF_CONVERSATION: tuple[Change, ...] = (
    *({"status": one} for one in Status),
    {"misses": 2},
    {"last_used": 3},
)
OF_CONTACT: tuple[Change, ...] = (
    {"channel": "web"},
    {"conversation": None},
    {"customer": 5},
    {"form": Progress("relocation", 1, BEFORE)},
    {"options": ("human", "faq:data", "survey:3:5")},
    {"survey": Survey(3, "王芳", BEFORE)},
    {"survey": Survey(3, "王芳", BEFORE, BEFORE)},
    *({"last_said": one} for one in ("", "suggest", ASK, INVALID, dialogue.LEAVE_ASKED, binding.ASK, binding.CODE)),
    *({"flood": Flood(since, count, told)} for since in MOMENTS for count in (1, 19, 20, 21) for told in (False, True)),
)
OF_EVENT: tuple[Change, ...] = (
    *({"text": one} for one in ("1", " 2 ", "3。", "12", "", "我要移机", "我要投诉", *(f"{one}话！" for one in LISTS))),
    *({"kind": one} for one in (Kind.VOICE, Kind.LOCATION)),
    *({"choice": one} for one in ("human", "faq:data", "survey:3:5")),
    *({"found": Found(one, direct=True)} for one in (("move",), ("gone",), ("fee", "data"), ("gone", "fee"))),
    {"found": Found(("fee",))},
    {"media": Media("m")},
    {"tapped": True},
)


def merged(changes: list[Change]) -> Change:
    """All changes as one."""
    return {name: value for change in changes for name, value in change.items()}


def asked(last_said: str = "answer:data") -> Contact:
    return Contact(1, "wechat", conversation=Conversation(7, Status.BOT, BEFORE, misses=1), last_said=last_said)


QUESTION = Said("怎么查话费", found=Found(("fee",), direct=True))


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(OF_CONVERSATION), max_size=1),
    st.lists(st.sampled_from(OF_CONTACT), max_size=2),
    st.lists(st.sampled_from(OF_EVENT), max_size=2),
)
def test_what_is_answered_at_once_is_answered_alike_at_length(
    of_conversation: list[Change], of_contact: list[Change], of_event: list[Change]
) -> None:
    usual = asked()
    assert usual.conversation is not None
    conversation = replace(usual.conversation, **merged(of_conversation))
    contact = replace(usual, **{"conversation": conversation, **merged(of_contact)})
    event = replace(QUESTION, **merged(of_event))
    quick = at_once.answered(contact, event, WORLD, MONDAY_MORNING)
    if quick is not None:
        long = decide_at_length(contact, event, WORLD, MONDAY_MORNING)
        (say,) = long.effects
        assert isinstance(say, Say)
        assert quick.effects == long.effects
        assert quick.contact == replace(long.contact, last_said=say.key, options=())
        assert quick.answer == say.text


def test_a_question_in_a_conversation_with_the_bot_is_answered_at_once() -> None:
    decision = at_once.answered(asked(), QUESTION, WORLD, MONDAY_MORNING)

    assert decision is not None
    assert decision == decide(asked(), QUESTION, WORLD, MONDAY_MORNING)
    assert decision.answer == KNOWLEDGE["fee"].answer
    assert decision.contact.last_said == "answer:fee"
    assert decision.contact.flood.count == 1


@pytest.mark.parametrize(
    "event",
    [
        replace(QUESTION, text="我要投诉"),
        replace(QUESTION, text="我要移机"),
        replace(QUESTION, text="human话"),
        replace(QUESTION, choice="faq:data"),
        replace(QUESTION, found=Found(("move",), direct=True)),
        replace(QUESTION, found=Found(("fee", "data"))),
        replace(QUESTION, media=Media("m")),
    ],
)
def test_whatever_could_mean_more_is_decided_at_length(event: Said) -> None:
    assert at_once.answered(asked(), event, WORLD, MONDAY_MORNING) is None


@pytest.mark.parametrize(
    "change",
    [
        *({"last_said": one} for one in (dialogue.LEAVE_ASKED, binding.ASK, binding.CODE)),
        {"form": Progress("relocation", 1, BEFORE)},
        {"flood": Flood(BEFORE, 1, told=True)},
        {"flood": Flood(BEFORE, 20)},
    ],
)
def test_where_more_is_under_way_it_is_decided_at_length(change: Change) -> None:
    assert at_once.answered(replace(asked(), **change), QUESTION, WORLD, MONDAY_MORNING) is None


@pytest.mark.parametrize("text", ["2", " 2 ", "12"])
def test_a_text_so_short_that_it_may_be_a_number_is_decided_at_length(text: str) -> None:
    event = replace(QUESTION, text=text)
    assert at_once.answered(asked(), event, WORLD, MONDAY_MORNING) is None
