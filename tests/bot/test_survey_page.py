"""The page of a survey: a link's preview never votes, a tap votes once, and it works without scripts."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.chat.language import LANGUAGES
from bot.db import Row
from bot.static import Static
from bot.surveys.form import BODY_LIMIT, COMMENT_LIMIT
from bot.surveys.page import SurveyPages, page_words
from bot.surveys.token import token_for
from channels.door import Busy, Inbound, Receipt, Receive
from router.forms.form import Wording
from router.questionnaire.questionnaire import Questionnaire, Questionnaires
from tests.bot.stage import Stage, open_stage
from tests.bot.test_surveys import KEY, asked

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


def application(stage: Stage, receive: Receive) -> web.Application:
    static = Static()
    pages = SurveyPages(
        pool=stage.pool,
        receive=receive,
        static=static,
        operator=lambda: "汇通移动",
        questionnaires=lambda: stage.world.questionnaires,
    )
    app = web.Application(client_max_size=64 * 1024)
    app.router.add_routes([*pages.routes(), *static.routes()])
    return app


@dataclass
class Asked:
    """A survey whose page somebody has been given."""

    stage: Stage
    client: "TestClient[Any, Any]"
    survey_id: int
    path: str

    async def row(self) -> Row:
        found = await self.stage.pool.fetchrow("SELECT * FROM surveys WHERE id = $1", self.survey_id)
        assert found is not None
        return found

    async def get(self, **headers: str) -> tuple[int, str]:
        response = await self.client.get(self.path, headers=headers)
        return response.status, await response.text()

    async def post(self, **fields: str) -> tuple[int, str]:
        response = await self.client.post(self.path, data=fields)
        return response.status, await response.text()


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Asked]:
    survey_id = await asked(stage)
    async with TestClient(TestServer(application(stage, stage.writer.take))) as client:
        yield Asked(stage, client, survey_id, f"/survey/{token_for(KEY.encode(), survey_id)}")


async def test_opening_the_page_never_votes(page: Asked) -> None:
    for _ in range(3):
        status, html = await page.get()
        assert status == 200
        assert html.count('name="stars"') == 5
        assert "王芳" in html
    assert (await page.client.head(page.path)).status == 200
    assert (await page.client.get(f"{page.path}?stars=5&comment=x")).status == 200
    assert (await page.row())["scored"] is None


async def test_a_tap_votes_and_offers_a_comment(page: Asked) -> None:
    status, html = await page.post(stars="4")
    assert status == 200
    assert page_words("zh")["survey.page.thanks"] in html
    assert 'name="comment"' in html
    row = await page.row()
    assert (row["stars"], row["score"], row["comment"], row["agent_id"]) == (4, 75, None, 1)


async def test_score_and_comment_may_come_together(page: Asked) -> None:
    _, html = await page.post(stars="2", comment=" 等太久\r\n下次快点 ")
    assert 'name="comment"' not in html
    row = await page.row()
    assert (row["stars"], row["comment"]) == (2, "等太久\n下次快点")


async def test_the_comment_may_follow_the_score_once(page: Asked) -> None:
    await page.post(stars="5")
    _, html = await page.post(comment="很耐心")
    assert page_words("zh")["survey.page.heard"] in html
    _, html = await page.post(comment="改主意了")
    assert page_words("zh")["survey.page.already"] in html
    row = await page.row()
    assert (row["stars"], row["comment"]) == (5, "很耐心")


async def test_after_the_score_the_questionnaire_asks_for_reasons_of_that_score_and_takes_each_answer_once(
    page: Asked,
) -> None:
    _, html = await page.post(stars="2")
    assert ("等待太久" in html, "热情耐心" in html) == (True, False)
    assert (html.count('name="nps"'), html.count('name="solved"')) == (11, 2)
    status, html = await page.post(comment=" ")
    assert (status, page_words("zh")["survey.page.empty"] in html, "等待太久" in html) == (400, True, True)
    form = [("solved", "no"), ("reason", "waiting"), ("reason", "attitude"), ("reason", "friendly"), ("nps", "3")]
    response = await page.client.post(page.path, data=form)
    assert page_words("zh")["survey.page.heard"] in await response.text()
    row = await page.row()
    assert (row["solved"], row["reasons"], row["nps"], row["questionnaire"]) == (False, ["waiting", "attitude"], 3, 1)
    _, html = await page.post(solved="yes", nps="10", comment="改主意了")
    assert page_words("zh")["survey.page.already"] in html
    row = await page.row()
    assert (row["solved"], row["nps"], row["comment"]) == (False, 3, None)


@pytest.mark.parametrize(
    "form", [{"solved": "maybe"}, {"nps": "11"}, {"nps": "-1"}, {"nps": "٣"}, {"reason": "made_up"}]
)
async def test_what_is_no_answer_is_not_recorded(page: Asked, form: dict[str, str]) -> None:
    await page.post(stars="5")
    await page.post(**form)
    row = await page.row()
    assert (row["solved"], row["reasons"], row["nps"]) == (None, [], None)


async def test_a_survey_is_answered_in_the_version_in_which_it_was_asked(page: Asked) -> None:
    other = Questionnaire(2, stars=Wording("{agent} 怎么样？", "{agent}?"), nps=Wording("推荐吗？", "Recommend?"))
    known = page.stage.world.questionnaires.all
    questionnaires = Questionnaires(MappingProxyType({**known, 2: other}), 2)
    page.stage.see(replace(page.stage.world, questionnaires=questionnaires))
    assert "王芳 的这次服务" in (await page.get())[1]
    await page.stage.pool.execute("UPDATE surveys SET questionnaire = NULL")
    assert "王芳 怎么样？" in (await page.get())[1], (
        "one that was asked before there were any is answered in the latest"
    )
    _, html = await page.post(stars="5")
    assert ("推荐吗？" in html, 'name="comment"' in html) == (True, False)
    await page.post(nps="9", solved="yes")
    row = await page.row()
    assert (row["nps"], row["solved"], row["questionnaire"]) == (9, None, 2)


async def test_a_second_tap_changes_nothing(page: Asked) -> None:
    await page.post(stars="5")
    status, html = await page.post(stars="1")
    assert status == 200
    assert page_words("zh")["survey.page.already"] in html
    assert page_words("zh")["survey.page.already"] in (await page.get())[1]
    assert (await page.row())["stars"] == 5


async def test_of_taps_at_the_same_instant_one_votes(page: Asked) -> None:
    shown = await asyncio.gather(*(page.post(stars=str(star)) for star in (1, 2, 3, 4, 5)))
    thanked = [html for _, html in shown if page_words("zh")["survey.page.thanks"] in html]
    assert len(thanked) == 1
    assert await page.stage.pool.fetchval("SELECT count(*) FROM intake WHERE source_id LIKE 'survey:%:page'") == 1


async def test_a_score_given_in_the_chat_closes_the_page(page: Asked) -> None:
    await page.stage.say("3")
    assert page_words("zh")["survey.page.already"] in (await page.get())[1]
    await page.post(stars="5")
    assert (await page.row())["stars"] == 3


async def test_the_vote_says_nothing_in_the_chat(page: Asked) -> None:
    before = await page.stage.pool.fetchval("SELECT count(*) FROM messages")
    await page.post(stars="5", comment="好")
    assert await page.stage.pool.fetchval("SELECT count(*) FROM messages") == before


async def test_a_week_later_the_page_has_expired(page: Asked) -> None:
    await page.stage.pool.execute("UPDATE surveys SET asked = asked - interval '7 days'")
    status, html = await page.get()
    assert (status, page_words("zh")["survey.page.expired"] in html) == (410, True)
    assert (await page.post(stars="5"))[0] == 410
    assert (await page.row())["scored"] is None


@pytest.mark.parametrize("token", ["x", "A" * 22, "A" * 4000, "..%2F..%2Fetc", "%00" * 22, "评价评价评价"])
async def test_a_token_that_opens_nothing_is_not_found(page: Asked, token: str) -> None:
    for answer in (page.client.get(f"/survey/{token}"), page.client.post(f"/survey/{token}", data={"stars": "5"})):
        response = await answer
        assert response.status == 404
    assert (await page.row())["scored"] is None


async def test_a_survey_that_was_not_asked_has_no_page(page: Asked) -> None:
    await page.stage.pool.execute("UPDATE surveys SET asked = NULL")
    assert (await page.get())[0] == 404


@pytest.mark.parametrize("stars", ["0", "6", "-1", "5.0", "five", "５", ""])
async def test_what_is_no_star_is_asked_for_again(page: Asked, stars: str) -> None:
    status, html = await page.post(stars=stars)
    assert (status, page_words("zh")["survey.page.missing"] in html) == (400, True)
    assert (await page.row())["scored"] is None


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"stars=5", {"Content-Type": "application/json"}, 415),
        (b"stars=5", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"stars=5", FORM | {"Content-Encoding": "gzip"}, 415),
        (b"stars=5&comment=" + b"x" * BODY_LIMIT, FORM, 413),
        (b"&".join(b"a%d=1" % number for number in range(50)), FORM, 400),
        (b"stars=5&comment=\xff\xfe", FORM, 400),
    ],
)
async def test_a_body_that_is_no_form_is_refused(
    page: Asked, body: bytes, headers: dict[str, str], status: int
) -> None:
    response = await page.client.post(page.path, data=body, headers=headers, skip_auto_headers=["Content-Encoding"])
    assert response.status == status
    assert (await page.row())["scored"] is None


async def test_a_comment_is_cut_and_cleaned_and_never_markup(page: Asked) -> None:
    await page.post(stars="1", comment="\x00\x1b<script>alert(1)</script>👨\u200d👩\u200d👧" + "长" * 1000)
    comment = (await page.row())["comment"]
    assert comment.startswith("<script>alert(1)</script>👨\u200d👩\u200d👧")
    assert len(comment) == COMMENT_LIMIT
    assert "<script" not in (await page.get())[1]


async def test_an_agents_name_is_never_markup(page: Asked) -> None:
    await page.stage.pool.execute("UPDATE agents SET name = '<b>王芳</b>'")
    assert "&lt;b&gt;王芳&lt;/b&gt;" in (await page.get())[1]


async def test_the_page_allows_no_script_and_is_kept_nowhere(page: Asked) -> None:
    response = await page.client.get(page.path)
    html = await response.text()
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert re.search(r"<script|\son\w+=|\sstyle=", html) is None
    for file in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
        assert (await page.client.get(file)).status == 200


async def test_the_page_speaks_the_browsers_language_or_the_chosen_one(page: Asked) -> None:
    assert "How was your service" in (await page.get(**{"Accept-Language": "en-GB"}))[1]
    assert "滿意" in (await page.get(**{"Accept-Language": "zh-HK"}))[1]
    response = await page.client.get(f"{page.path}?lang=en")
    assert 'lang="en"' in await response.text()


def test_all_languages_have_the_same_words_with_the_same_fields() -> None:
    fields = {
        language: {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in page_words(language).items()}
        for language in LANGUAGES
    }
    assert fields["zh"] == fields["zh-TW"] == fields["en"]
    assert all(text.strip() for language in LANGUAGES for text in page_words(language).values())


async def test_a_busy_house_says_so_and_when_to_come_back(page: Asked) -> None:
    async def busy(_inbound: Inbound) -> Receipt:
        raise Busy

    async with TestClient(TestServer(application(page.stage, busy))) as client:
        response = await client.post(page.path, data={"stars": "5"})
        assert response.status == 503
        assert response.headers["Retry-After"] == "5"
        assert page_words("zh")["survey.page.busy"] in await response.text()
