"""Routing: data says which queue a matter goes to and what it asks of people there, and mistakes name their line."""

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest

from router.clauses.table import StandardError
from router.events import Overflowed
from router.routing import parse
from router.world import Article
from tests.dialog import KNOWLEDGE, Dialog, world

SHIPPED = files("router").joinpath("routing.toml").read_text(encoding="utf-8")
TEXT = """
default = "service"

[queue.service]
zh = "客服"
en = "Service"

[queue.vip]
zh = "贵宾"
en = "Gold"
priority = 5
required = ["vip", "english"]
overflow = "service"
overflow_after = "10m"

[queue.vip.after.2m]
required = "vip"
preferred = "english"

[rule.gold]
queue = "vip"
when = { level = ["gold", "platinum"], language = "en" }

[rule.english]
queue = "service"
when = { language = "en" }
"""


def test_the_first_rule_that_fits_decides_and_else_none() -> None:
    routing = parse(TEXT)
    assert routing.choose({"level": "gold", "language": "en"}) == "vip"
    assert routing.choose({"level": "", "language": "en"}) == "service"
    assert routing.choose({"level": "gold", "language": "zh"}) == ""


def test_what_is_asked_of_people_relaxes_with_time() -> None:
    stretches = [one for one in parse(TEXT).stretches() if one.queue == "vip"]
    assert [(one.since, one.step.required, one.step.preferred) for one in stretches] == [
        (timedelta(0), frozenset({"vip", "english"}), frozenset()),
        (timedelta(minutes=2), frozenset({"vip"}), frozenset({"english"})),
    ]
    assert stretches[0].below == stretches[1].since
    assert parse(TEXT).queues["vip"].required == {"vip"}


def test_a_queue_that_is_gone_asks_what_the_default_asks() -> None:
    routing = parse(TEXT)
    assert routing.queue("gone") is routing.queues["service"]
    assert [one.step for one in routing.stretches() if one.queue == ""] == list(routing.queues["service"].steps)


def test_the_shipped_routing_holds_and_sends_broadband_to_its_desk() -> None:
    routing = parse(SHIPPED)
    assert routing.choose({"business": "宽带电视"}) == "broadband"
    assert routing.choose({"business": "话费"}) == ""


def test_a_customer_who_was_answered_about_broadband_waits_for_its_desk() -> None:
    knowledge = KNOWLEDGE | {"fee": Article("fee", "怎么查话费", "发送查话费到10977。", "宽带电视")}
    at_work = replace(world(), routing=parse(SHIPPED), knowledge=knowledge)
    dialog = Dialog(at_work) >> "话费" >> "人工"
    assert dialog.conversation.queue == "broadband"
    dialog = Dialog(at_work) >> "人工"
    assert dialog.conversation.queue == "service"


def test_what_waited_too_long_goes_on_waiting_in_another_queue_with_its_limit() -> None:
    dialog = Dialog() >> "人工"
    running, version = dialog.running(), dialog.conversation.version
    dialog = dialog >> Overflowed(version, "province")
    assert (dialog.conversation.queue, dialog.running()) == ("province", running)
    dialog = dialog >> Overflowed(version, "elsewhere")
    assert dialog.conversation.queue == "province"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "problem"),
    [
        ('default = "service"', 'default = "servce"', 2, 'meant "service"'),
        ('queue = "vip"', 'queue = "vips"', 21, 'meant "vip"'),
        ('overflow = "service"', 'overflow = "vip"', 13, "unknown"),
        ("priority = 5", "priority = -5", 11, "a number is expected"),
        ('required = "vip"', 'requires = "vip"', 17, 'meant "required"'),
        ("[queue.vip.after.2m]", "[queue.vip.after.soon]", 16, "no duration"),
        ('when = { language = "en" }', "", 24, '"when" is missing'),
        ('overflow_after = "10m"', "", 13, "come together"),
        ('when = { language = "en" }', 'when = { weather = "fine" }', 24, "unknown"),
    ],
)
def test_a_mistake_names_its_line(wrong: str, right: str, line: int, problem: str) -> None:
    assert TEXT.count(wrong) == 1
    with pytest.raises(StandardError, match=problem) as refused:
        parse(TEXT.replace(wrong, right))
    assert refused.value.line == line
