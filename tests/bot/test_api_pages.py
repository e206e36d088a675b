"""The page and the documents of the app's protocol are served as they stand, in both languages, without scripts."""

import re
from html import unescape

import pytest
from aiohttp import web
from pytest_aiohttp import AiohttpClient

from bot.api.documents import ASYNCAPI, OPENAPI, document
from bot.api.outline import outline
from bot.api.pages import ApiPages
from bot.static import Static
from bot.words import LANGUAGES
from tests.channels.web_house import Customer


@pytest.fixture
async def page(aiohttp_client: AiohttpClient) -> Customer:
    static = Static()
    app = web.Application()
    app.router.add_routes([*ApiPages(static, lambda: "九州通信").routes(), *static.routes()])
    return Customer(await aiohttp_client(app))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_tells_every_call_and_every_frame(page: Customer, language: str) -> None:
    response = await page.client.get(f"/api/docs?lang={language}")
    assert response.status == 200
    html = unescape(await response.text())
    for item in document(OPENAPI)["paths"].values():
        for method, one in item.items():
            assert method == "parameters" or one["summary" if language == "en" else "x-zh"] in html
    for message in document(ASYNCAPI)["components"]["messages"].values():
        assert message["title"] in html
    assert "<script" not in html
    assert not re.search(r'(src|href)="https?://', html)
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', html):
        assert (await page.client.get(address)).status == 200, address


async def test_the_documents_are_served_for_machines_of_any_site(page: Customer) -> None:
    for name in (OPENAPI, ASYNCAPI):
        response = await page.client.get(f"/api/{name}", headers={"Origin": "https://tool.example"})
        assert await response.json() == document(name)
        assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_a_browser_gets_the_page_in_its_own_language(page: Customer) -> None:
    for accepted, tag in (("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-CN"), ("fr", "zh-CN")):
        response = await page.client.get("/api/docs", headers={"Accept-Language": accepted})
        assert f'<html lang="{tag}">' in await response.text()


def test_both_languages_have_the_same_outline() -> None:
    chinese, english = outline("zh"), outline("en")
    assert [[call.anchor for call in one.calls] for one in chinese.chapters] == [
        [call.anchor for call in one.calls] for one in english.chapters
    ]
    assert all(call.title for one in chinese.chapters for call in one.calls)
