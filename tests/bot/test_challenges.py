"""Masked challenges: right once and wrong three times, and the answer stands nowhere in the database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from bot.crm.built_in import BuiltIn
from bot.crm.record import Record
from bot.crm.remote import Remote
from router.clauses.table import StandardError
from router.forms.table import parse
from router.routing import parse as parse_routing
from tests.bot.crm_api import open_crm
from tests.bot.stage import PROOFS, Stage, open_stage
from tests.bot.test_crm import ROUTING, prove
from tests.router.test_forms import office

FORM = """
[form]
version = 1
zh = "改密码"
en = "Change the password"
phrases = ["改密码"]

[step.who]
kind = "identity"
zh = "手机号"
en = "Your number"
label_zh = "身份"
label_en = "Identity"

[step.tail]
kind = "challenge"
zh = "证件号码的最后四位"
en = "The last four characters of your identity number"
label_zh = "证件核对"
label_en = "Document"
"""


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    form = parse("password", FORM)
    at = replace(
        office(),
        routing=parse_routing(ROUTING),
        forms=MappingProxyType({"password": form}),
        form_phrases=MappingProxyType({"改密码": "password"}),
    )
    async with open_stage(database_url, redis_url, at=at) as opened:
        yield opened


def test_a_form_that_challenges_strangers_does_not_hold() -> None:
    alone = FORM[: FORM.index("[step.who]")] + FORM[FORM.index("[step.tail]") :]
    with pytest.raises(StandardError, match="after a step of kind identity"):
        parse("password", alone)


async def test_an_answer_is_compared_a_few_times_and_stands_nowhere(stage: Stage) -> None:
    tail = PROOFS.of_tail("C1", "731X")
    await BuiltIn(stage.pool).keep(Record(number="C1", id_tail="731X"), datetime.now(UTC), tail=tail)
    await prove(stage)
    asked = await stage.say("改密码")
    assert "最后四位" in asked.replies[-1].text
    assert "请输入证件号码" in (await stage.say("不知道")).replies[-1].text
    assert "还可以再试 2 次" in (await stage.say("4444")).replies[-1].text
    await stage.say("731x")
    await stage.say("", choice="form:confirm")
    answers = await stage.pool.fetchval("SELECT answers FROM business_requests")
    assert [answer["value"] for answer in answers] == ["customer #1", "id_tail"]
    await stage.say("改密码")
    for wrong in ("0000", "1111"):
        await stage.say(wrong)
    assert "次数已用完" in (await stage.say("731X")).replies[-1].text
    assert await stage.pool.fetchval("SELECT count(*) FROM challenge_tries WHERE NOT correct") == 4
    assert await stage.pool.fetchval("SELECT count(*) FROM business_requests") == 1
    for table in ("messages", "contacts", "conversations", "business_requests", "crm_records", "intake", "outbox"):
        stored = str(await stage.pool.fetch(f"SELECT t::text FROM {table} t")).upper()  # noqa: S608
        assert "731X" not in stored, table
        assert "4444" not in stored.replace("****", ""), table


async def test_whom_the_crm_cannot_tell_is_sent_to_people_and_the_crm_s_own_word_is_hashed(stage: Stage) -> None:
    await prove(stage)
    await stage.say("改密码")
    assert "请人工同事" in (await stage.say("1234")).replies[-1].text
    async with open_crm() as api:
        api.customers["C1"] = {"number": "C1", "id_tail": "1234"}
        crm = Remote(api.account, api.session, BuiltIn(stage.pool), lambda: datetime.now(UTC), PROOFS)
        found = await crm.find(1)
    assert found is not None
    assert found.record.id_tail == ""
    assert "1234" not in str(await stage.pool.fetchval("SELECT record::text FROM crm_records"))
    await stage.say("改密码")
    assert "以上内容对吗" in (await stage.say("1234")).replies[-1].text
