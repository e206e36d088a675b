"""Guided business: one step after the other, questions in between, nothing lost, and a request at the end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.business.forms import shipped_forms, shipped_phrases
from router.binding import Checked, Verdict
from router.clauses.table import StandardError
from router.conversation import Status
from router.customers import Proof, ProofKind
from router.effects import Alert, Effect, FileRequest, Join, Say, WantCode, WriteNote, words
from router.events import FormBegun
from router.forms.dialogue import checked, discreet
from router.forms.table import parse
from router.forms.talk import CANCEL, DONE, RESUME
from router.world import Binding, Manners, World
from tests.dialog import FOUND, PHRASES, Dialog, _key, world

pytestmark = pytest.mark.pure

SAID = replace(PHRASES, resume=frozenset({"继续"}), yes=frozenset({"是", "同意", "需要"}), no=frozenset({"否"}))
PROOF = Proof(ProofKind.PHONE, "ab", "138****1234", "code")
INVOICE = {"kind": "单位", "title": "汇通公司", "month": "2026-10-01", "amount": "200", "mail": "a.b@example.com"}
SMALL = """
[form]
version = 2
zh = "小事"
en = "A small thing"

[step.one]
kind = "text"
zh = "写"
en = "Write"
label_zh = "一"
label_en = "One"
"""


def office(*, binding: Binding = Binding.DEMO) -> World:
    """The small world of dialogues, with the forms that come with the house."""
    said = replace(SAID, cancel=frozenset({"取消", "取消排队"}))
    manners, forms, begun = Manners(binding=binding), shipped_forms(), shipped_phrases()
    return replace(world(), manners=manners, phrases=said, forms=forms, form_phrases=begun)


def answers(dialog: Dialog) -> dict[str, str]:
    """What has been filled in so far."""
    assert dialog.contact.form is not None
    return {answer.step: answer.value for answer in dialog.contact.form.answers}


def filed(dialog: Dialog) -> dict[str, str]:
    """The answers of the request that was filed."""
    found = next(effect for effect in dialog.effects if isinstance(effect, FileRequest))
    return {answer.step: answer.value for answer in found.progress.answers}


def at(dialog: Dialog) -> str:
    """The step that waits."""
    assert dialog.contact.form is not None
    step = shipped_forms()[dialog.contact.form.form].next_step(dialog.contact.form)
    return step.id if step else ""


def prove(dialog: Dialog) -> None:
    """The right code has come in."""
    decision = checked(dialog.contact, Checked(Verdict.RIGHT, proof=PROOF), dialog.world, dialog.now)
    assert isinstance(decision.effects[0], Join)
    last = decision.effects[-1]
    assert isinstance(last, Say)
    options = tuple(option.id for option in last.options)
    dialog.contact = structs.replace(decision.contact, last_said=last.key, options=options)


def test_every_form_that_comes_with_the_house_holds_and_can_be_asked_for() -> None:
    assert set(shipped_forms()) == {"fault", "package", "suspension", "sim", "invoice", "complaint"}
    assert set(shipped_phrases().values()) == set(shipped_forms())
    assert shipped_forms()["suspension"].urgent


def test_a_form_is_filled_in_step_by_step_and_filed_with_all_its_answers() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" << "form.ask"
    for said in INVOICE.values():
        dialog >> said
    dialog << "form.confirm"
    dialog.tap("form:confirm") << FileRequest
    assert filed(dialog) == INVOICE | {"kind": "company"}
    assert dialog.contact.form is None


def test_an_answer_that_does_not_fit_is_asked_for_again() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "1" >> "汇通公司" >> "昨天吧" << "form.invalid.date"
    dialog >> "2099-01-01" << "form.invalid.date"
    dialog >> "2026年10月1日" << "form.ask"
    dialog >> "很多" << "form.invalid.number"
    dialog >> "0" << "form.invalid.number"
    dialog >> "88" << "form.ask"
    assert answers(dialog)["amount"] == "88"


def test_a_question_in_between_is_answered_and_the_form_goes_on_where_it_was() -> None:
    dialog = Dialog(world=office(), found=FOUND | {"怎么查话费": FOUND["话费"]})
    dialog >> "开发票"
    before = dialog.contact.form
    dialog >> "查询" << "suggest"
    assert dialog.options[-1] == "form:resume"
    dialog >> "话费" << "form.offer"
    assert dialog.contact.form is before
    dialog >> "继续" << "form.ask"
    dialog >> "单位" >> "怎么查话费" << "form.offer"
    dialog.tap("form:resume") >> "汇通公司"
    assert at(dialog) == "month"


def test_a_number_that_answers_a_step_is_not_the_number_of_a_choice() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "2" >> "汇通公司" >> "2026-10-01" >> "1"
    assert answers(dialog) == {"kind": "company", "title": "汇通公司", "month": "2026-10-01", "amount": "1"}


def test_the_form_waits_over_the_end_of_the_conversation() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位" >> timedelta(hours=20)
    assert dialog.contact.conversation is None
    dialog >> "你好" << "welcome"
    assert dialog.options[-1] == "form:resume"
    dialog.tap("form:resume") << "form.ask"
    assert at(dialog) == "title"


def test_cancelling_keeps_nothing_and_what_is_tapped_later_says_so() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位" >> "取消" << "form.cancelled"
    assert dialog.contact.form is None
    dialog.tap("form:resume") << "form.gone"


def test_asking_for_a_person_hands_over_what_was_filled_in_with_private_answers_masked() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票"
    for said in INVOICE.values():
        dialog >> said
    dialog >> "人工" << "queue.place"
    note = next(effect for effect in dialog.effects if isinstance(effect, WriteNote))
    summary = str(dict(note.text.fields)["summary"])  # type: ignore[union-attr]
    assert "汇通公司" in summary
    assert INVOICE["mail"] not in summary
    assert dialog.conversation.status is Status.QUEUED
    dialog >> "还在吗"
    assert answers(dialog) == INVOICE | {"kind": "company"}


def test_identity_is_proved_by_a_code_and_the_next_step_follows() -> None:
    dialog = Dialog(world=office())
    dialog >> "挂失" >> "13812341234" << WantCode
    prove(dialog)
    assert (at(dialog), answers(dialog)["identity"]) == ("number", "code 138****1234")


def test_who_is_known_already_is_not_asked_for_a_code() -> None:
    dialog = Dialog(world=office())
    dialog >> "你好"
    dialog.contact = structs.replace(dialog.contact, customer=5)
    dialog >> "挂失" << "form.ask"
    assert (at(dialog), answers(dialog)) == ("number", {"identity": "customer #5"})


def test_where_no_code_can_be_sent_a_person_is_offered() -> None:
    dialog = Dialog(world=office(binding=Binding.OFF))
    dialog >> "挂失" << "form.identity.off"
    assert "human" in dialog.options


def test_an_agreement_is_kept_with_its_edition_and_the_moment_and_without_it_nothing_goes_on() -> None:
    dialog = Dialog(world=office())
    dialog >> "你好"
    dialog.contact = structs.replace(dialog.contact, customer=5)
    dialog >> "挂失" >> "13912341234" >> "丢失" >> "否" << "form.declined"
    assert at(dialog) == "terms"
    dialog >> "同意" << "form.confirm"
    assert dialog.contact.form is not None
    assert dialog.contact.form.answers[-1].value == "2026-11"
    assert dialog.contact.form.answers[-1].at == dialog.now
    summary = next(effect.text for effect in dialog.effects if isinstance(effect, Say) and isinstance(effect.text, str))
    assert summary.split("\n")[1:] == [
        "身份核实：✓ #5",
        "挂失号码：139****1234",
        "情况：丢失",
        "挂失停机须知：✓ 2026-11",
    ]
    dialog >> "是" << FileRequest << Alert


def test_what_is_private_is_stored_masked_and_a_question_in_between_as_it_is() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票"
    before, stored = dialog.contact, ""
    for said in INVOICE.values():
        before = dialog.contact
        dialog >> said
        stored = discreet(before, dialog.contact, said, dialog.world)
        assert (stored == said) is (said != INVOICE["mail"])
    assert stored == "a.b********.com"
    assert discreet(before, before, "话费", dialog.world) == "话费"


def test_a_form_that_lies_is_reminded_of_once_and_ends_a_day_later_with_words() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位"
    dialog >> timedelta(hours=2) << "form.remind"
    dialog.tap(RESUME.id) << "form.ask"
    dialog >> timedelta(hours=2) << "form.remind"
    dialog >> timedelta(hours=23) << None
    assert dialog.contact.form is not None
    dialog >> timedelta(hours=1) << "form.expired"
    assert dialog.contact.form is None
    assert "form.remind" not in dialog.running()
    dialog.tap("form:start:invoice") << "form.ask"
    assert answers(dialog) == {}


def test_whoever_is_with_a_person_is_not_reminded_and_the_person_learns_that_the_form_has_ended() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位" >> "人工"
    dialog.assign()
    seen: list[Effect] = []
    for _ in range(40):
        for done in (timedelta(minutes=20), "在吗", timedelta(minutes=20)):
            dialog >> done
            seen += dialog.effects
        dialog.reply()
    assert dialog.contact.form is None
    notes = [effect.text for effect in seen if isinstance(effect, WriteNote)]
    assert notes == [words("form.expired", form="开具发票")]
    assert not {"form.remind", "form.expired"} & {_key(effect) for effect in seen if isinstance(effect, Say)}


def test_a_form_that_is_filed_or_given_up_has_no_deadline_left() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票"
    assert {"form.remind"} <= dialog.running().keys()
    dialog.tap(CANCEL.id)
    assert not {"form.remind", "form.idle"} & dialog.running().keys()


def test_a_second_form_asks_what_becomes_of_the_first() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "投诉" << "form.already"
    dialog >> "2" << "form.ask"
    assert dialog.contact.form is not None
    assert dialog.contact.form.form == "complaint"


def test_a_form_ends_in_the_version_in_which_it_began_and_the_next_one_is_of_the_new() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位"
    old = shipped_forms()["invoice"]
    new = replace(old, version=9, steps=old.steps[:1])
    editions = {("invoice", 1): old, ("invoice", 9): new}
    dialog.world = replace(dialog.world, forms={**shipped_forms(), "invoice": new}, form_editions=editions)
    for said in list(INVOICE.values())[1:]:
        dialog >> said
    dialog.tap(DONE.id)
    assert filed(dialog) == INVOICE | {"kind": "company"}
    dialog >> "开发票" >> "单位" << "form.confirm"
    assert dialog.contact.form is not None
    assert dialog.contact.form.version == 9


def test_a_form_whose_version_nobody_knows_any_more_begins_anew() -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票" >> "单位"
    invoice = replace(shipped_forms()["invoice"], version=9)
    dialog.world = replace(dialog.world, forms={**shipped_forms(), "invoice": invoice})
    dialog >> "汇通公司" << "form.changed"
    assert answers(dialog) == {}


def test_an_agent_starts_a_form_for_the_customer_and_what_the_agent_writes_is_no_question_of_it() -> None:
    dialog = Dialog(world=office())
    dialog >> "人工"
    dialog.assign()
    dialog >> FormBegun(7, dialog.conversation.version, "invoice") << "form.ask"
    dialog >> "单位" << "form.ask"
    assert dialog.conversation.waiting_since is None or dialog.conversation.answered is None
    dialog.reply("税号也请写上")
    dialog >> "好的" << None
    assert answers(dialog) == {"kind": "company"}
    dialog.tap("form:resume") << "form.ask"
    dialog >> FormBegun(8, dialog.conversation.version, "fault")
    assert dialog.contact.form is not None
    assert dialog.contact.form.form == "invoice"


@given(
    st.lists(
        st.sampled_from(["话费", "查询", "你好", "没见过的话?", "form:resume", "form:back", "x" * 2000]), max_size=12
    )
)
def test_whatever_comes_in_between_the_form_can_be_filled_in_to_its_end(between: list[str]) -> None:
    dialog = Dialog(world=office())
    dialog >> "开发票"
    for said in between:
        dialog = dialog.tap(said) if said.startswith("form:") else dialog >> said
        dialog >> timedelta(minutes=1)
        assert dialog.conversation.status is Status.BOT or dialog.conversation.with_people
        if dialog.conversation.with_people:
            return
    dialog.tap("form:resume")
    while step := at(dialog):
        dialog >> INVOICE[step]
    dialog.tap(DONE.id)
    assert filed(dialog) == INVOICE | {"kind": "company"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "text"', 'kind = "txt"', 'line 8, step.one: kind: "txt" is unknown; meant "text"?'),
        ('zh = "写"\n', "", 'line 7, step.one: "zh" is missing'),
        ("version = 2", 'version = "2"', "line 3, form: version: a number is expected, not '2'"),
        (
            'kind = "text"',
            'kind = "agreement"',
            'line 7, step.one: an agreement has an "edition", and nothing else has',
        ),
        ('kind = "text"', 'kind = "choice"', 'line 7, step.one: a choice has "pick" tables, and nothing else has'),
    ],
)
def test_an_error_in_a_form_names_its_line_and_table(before: str, after: str, said: str) -> None:
    with pytest.raises(StandardError, match="line") as refused:
        parse("small", SMALL.replace(before, after, 1))
    assert str(refused.value) == said
