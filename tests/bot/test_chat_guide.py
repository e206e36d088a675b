"""What the chat page asks before a conversation: how the house stands, questions as they are typed, one answer."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from bot.announcements.announcement import Announcement, Level
from bot.chat.guide import Guide
from bot.chat.home import Homes
from bot.chat.hours import week_lines
from bot.chat.language import chat_words
from bot.chat.search import MOST_WAITING, Search
from channels.accounts import WebAccount
from channels.door import Busy
from router.calendar import Calendar
from router.clauses.period import period
from router.faq.index import Index
from router.faq.match import Entry
from router.world import Article, World
from tests.browser.site import ARTICLES, Board, known
from tests.dialog import world

Client = TestClient[web.Request, web.Application]
BASE = "/channels/web/demo"
NIGHT = datetime(2026, 5, 11, 15, 30, tzinfo=UTC)
"""23:30 in Shanghai."""
MORNING = datetime(2026, 5, 12, 2, 0, tzinfo=UTC)


def searching(seen: World) -> Search:
    index = Index.build([Entry(one.id, one.question, (), one.answer) for one in seen.knowledge.values()])
    return Search(lambda: (index, seen.knowledge))


@pytest.fixture
async def client(aiohttp_client: AiohttpClient) -> Client:
    seen = known()

    async def agree(token: str, notice: str) -> bool:
        return (token, notice) == ("known", "https://a.example/privacy")

    account = WebAccount("demo", ("https://shop.example",), privacy_url="https://a.example/privacy")
    app = web.Application()
    guide = Guide(
        accounts={"demo": account},
        homes=Homes(lambda: seen, Board(), lambda: MORNING),
        search=searching(seen),
        knowledge=lambda: seen.knowledge,
        agree=agree,
    )
    app.router.add_routes(guide.routes())
    return await aiohttp_client(app)


async def ids(client: Client, text: str) -> list[str]:
    response = await client.get(f"{BASE}/search", params={"q": text})
    assert response.status == 200
    return [one["id"] for one in (await response.json())["questions"]]


@pytest.mark.parametrize(
    ("typed", "first"), [("漫游", "roaming"), ("漫遊", "roaming"), ("宽带断", "broadband"), ("查话费", "balance")]
)
async def test_a_few_typed_words_find_the_question(client: Client, typed: str, first: str) -> None:
    assert (await ids(client, typed))[0] == first


@pytest.mark.parametrize("typed", ["", "   ", "？？", "x" * 5_000, "\x00", "<script>"])
async def test_what_means_nothing_finds_nothing(client: Client, typed: str) -> None:
    assert await ids(client, typed) == []


async def test_a_question_is_answered_without_a_session(client: Client) -> None:
    response = await client.get(f"{BASE}/questions/roaming")
    assert (await response.json())["answer"] == ARTICLES[1].answer
    assert (await client.get(f"{BASE}/questions/nothing")).status == 404
    assert (await client.get("/channels/web/nobody/questions/roaming")).status == 404


async def test_who_reads_traditional_characters_finds_questions_and_answers_in_them(client: Client) -> None:
    found = await (await client.get(f"{BASE}/search?language=zh-TW&q=國際漫遊")).json()
    assert found["questions"][0] == {"id": "roaming", "question": "怎麼開通國際漫遊？"}
    answer = await (await client.get(f"{BASE}/questions/roaming?language=zh-TW")).json()
    assert answer["answer"] == "在 App 的「國際業務」裡開通，出發前一天就好。"


@pytest.mark.parametrize(("origin", "status"), [("https://shop.example", 200), ("https://evil.example", 403)])
async def test_other_sites_do_not_ask(client: Client, origin: str, status: int) -> None:
    for path in ("home", "search?q=x", "questions/roaming"):
        assert (await client.get(f"{BASE}/{path}", headers={"Origin": origin})).status == status


async def test_an_agreement_is_taken_from_whoever_holds_a_session(client: Client) -> None:
    for token, status in (("known", 204), ("stolen", 401), ("", 401)):
        response = await client.post(f"{BASE}/agreement", headers={"Authorization": f"Bearer {token}"})
        assert response.status == status


async def test_the_home_tells_the_expected_wait_while_people_serve(client: Client) -> None:
    home = await (await client.get(f"{BASE}/home?language=en")).json()
    assert (home["open"], home["minutes"], home["answered_by"], home["announcements"]) == (True, 12, None, [])


async def test_out_of_hours_the_home_tells_when_people_come_and_by_when_a_message_is_answered() -> None:
    homes = Homes(lambda: world(open_always=False), Board(), lambda: NIGHT)
    home = (await homes.show("zh")).document()
    assert (home["open"], home["changes"], home["answered_by"]) == (
        False,
        "2026-05-12T00:00:00Z",
        "2026-05-12T00:00:00Z",
    )


async def test_announcements_for_all_are_read_in_traditional_characters_and_those_of_one_language_as_written() -> None:
    board = Board([Announcement(Level.INFO, "宽带故障", "抢修中"), Announcement(Level.INFO, "软件", "", "zh-TW")])
    home = await Homes(known, board, lambda: NIGHT).show("zh-TW")
    assert [(one.title, one.text) for one in home.announcements] == [("寬頻故障", "搶修中"), ("软件", "")]


async def test_a_new_edition_is_searched_at_once() -> None:
    seen = [known()]
    index = Index.build([Entry(one.id, one.question, (), one.answer) for one in ARTICLES])
    search = Search(lambda: (index, seen[0].knowledge))
    assert [one.id for one in await search.find("漫游")] == ["roaming"]
    fresh = Article("roaming-day", "漫游日包怎么买？", "在 App 里买。")
    seen[0] = replace(seen[0], knowledge=MappingProxyType({fresh.id: fresh}))
    assert [one.id for one in await search.find("漫游")] == ["roaming-day"]
    search.close()


async def test_too_many_searches_at_once_are_told_to_come_back() -> None:
    search = searching(known())
    await search.find("话费")
    asked = await asyncio.gather(*(search.find(f"漫游{n}") for n in range(2 * MOST_WAITING)), return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in asked) == MOST_WAITING
    search.close()


def test_the_week_is_written_in_a_line_or_a_few() -> None:
    work, rest = (period("09:00-12:00"), period("13:00-18:00")), ()
    zh, en = chat_words("zh"), chat_words("en")
    assert week_lines(Calendar(), zh) == ("全天 24 小时",)
    assert week_lines(Calendar(week=((period("08:00-22:00"),),) * 7), en) == ("Every day 08:00–22:00",)
    five = Calendar(week=(work,) * 5 + (rest,) * 2)
    assert week_lines(five, zh) == ("周一至周五 09:00–12:00、13:00–18:00", "周六至周日 休息")
