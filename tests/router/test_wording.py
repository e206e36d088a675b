"""Wording: what an answer had better not say is found where it stands, and what means no harm is left alone."""

from pathlib import Path

import pytest

import router
from router.wording.personal import Personal, is_card, is_identity, spots, veil
from router.wording.wording import Finding, Level, Rule, Wording, WordingError, changed, check, parse, pieces

pytestmark = pytest.mark.pure
SHIPPED = parse((Path(router.__file__).parent / "wording" / "wording.toml").read_text(encoding="utf-8"))
RULES = Wording.of(SHIPPED, ["example.cn"])


def kinds(text: str, *said: str) -> list[str]:
    return [finding.kind for finding in check(text, RULES, said)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("我保证明天就好", "promise", "保证"),
        ("我 保 证 明天就好", "promise", "保 证"),
        ("这不归我管，你找别人", "rude", "不归我管"),
        ("We GUARANTEE it", "promise", "GUARANTEE"),
        ("That’s the policy", "idle", "That’s the policy"),
        ("请把验证码告诉我", "secret", "把验证码"),
        ("１００％没问题", "promise", "１００％"),
    ],
)
def test_a_forbidden_word_is_found_where_it_stands(text: str, kind: str, words: str) -> None:
    first = check(text, RULES)[0]
    assert (first.kind, first.words, text[first.start : first.end]) == (kind, words, words)


@pytest.mark.parametrize(
    "text",
    [
        "这个日期我们不能保证，请以短信为准",
        "您的保证金会原路退回",
        "屏幕可以滚动查看",
        "您好，已经为您查到，上月账单 58.20 元",
        "请拨打 10086 或 400-810-0086",
        "订单号 20261126123456789",
        "请看 https://www.example.cn/help?id=1 和 example.cn",
        "Your balance is 58.20 yuan.",
        "cannot guarantee a date",
    ],
)
def test_what_means_no_harm_is_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("号码是13800138000", Personal.PHONE),
        ("号码是 138 0013 8000。", Personal.PHONE),
        ("+86-138-0013-8000", Personal.PHONE),
        ("１３８００１３８０００", Personal.PHONE),
        ("身份证11010519491231002X", Personal.IDENTITY),
        ("身份证 110105 19491231 002x", Personal.IDENTITY),
        ("卡号6222021234567894567", Personal.CARD),
        ("4111 1111 1111 1111", Personal.CARD),
    ],
)
def test_personal_data_is_found_and_masked(text: str, kind: Personal) -> None:
    found = spots(text)
    assert [one.kind for one in found] == [kind]
    assert "*" in veil(text)
    assert spots(veil(text)) == ()
    assert kinds(text) == [f"personal.{kind.value}"]
    assert "*" in check(text, RULES)[0].words


def test_numbers_whose_check_digit_is_wrong_are_no_personal_data() -> None:
    assert is_identity("11010519491231002X")
    assert not is_identity("110105194912310021")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert spots("110105194912310021 4111111111111112 138****8000 1380013800 138001380001") == ()


def test_links_lead_nowhere_but_to_sites_on_the_list() -> None:
    assert kinds("点 http://evil.com/a") == ["link"]
    assert kinds("点 http://example.cn.evil.com") == ["link"]
    assert kinds("点 https://example.cn@evil.com/") == ["link"]
    assert kinds("看 bit.ly/abc") == ["link"]
    assert kinds("发到 help@example.cn") == []


def test_the_same_words_once_more_are_noticed_whatever_their_blanks() -> None:
    assert kinds("好的，请稍等。", "好的， 请稍等") == ["repeat"]
    assert kinds("好的，请稍等一下", "好的，请稍等") == []


def test_an_operator_s_own_phrases_come_before_the_shipped_ones_and_may_allow_some() -> None:
    own = Wording.of(changed(SHIPPED, block=["内部系统"], warn=["亲"], allow=["绝对值"]), [])
    found = check("亲，内部系统里的绝对值", own)
    assert [(one.kind, one.level) for one in found] == [("own", Level.WARN), ("own", Level.BLOCK)]


def test_a_text_is_cut_where_findings_stand() -> None:
    text = "我保证，http://evil.com 好"
    cut = pieces(text, check(text, RULES))
    assert [piece for piece, _ in cut] == ["我", "保证", "，", "http://evil.com", " 好"]
    assert [found.kind if found else "" for _, found in cut] == ["", "promise", "", "link", ""]
    assert pieces("好", [Finding("repeat", Level.WARN, 0, 1, "")]) == [("好", None)]


@pytest.mark.parametrize(
    "text",
    [
        "[[rule]]\nid = 'a'",
        "[[rule]]\nid = 'a'\nlevel = 'warn'\nsays = [1]",
        "[[rule]]\nid = 'a'\nlevel = 'warn'\nsays = ['b']\nmore = 1",
        "x =",
    ],
)
def test_rules_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(WordingError):
        parse(text)


def test_no_rule_is_without_phrases_and_each_phrase_is_found() -> None:
    for rule in SHIPPED:
        for phrase in rule.says:
            assert any(one.kind == rule.id for one in check(phrase, Wording.of([Rule(rule.id, rule.level, rule.says)])))
