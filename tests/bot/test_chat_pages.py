"""The chat page as it leaves the server: its language, its words and its policy."""

import gzip
import re

import pytest
from pytest_aiohttp import AiohttpClient

from bot.chat.language import LANGUAGES, chat_words, choose
from bot.chat.pages import ChatPages
from bot.chat.view import Page
from bot.chat.widget import Widget, script
from bot.static import Static
from bot.words import TEMPLATES
from channels.accounts import WebAccount
from channels.door import Choice
from tests.channels.web_house import application


@pytest.mark.parametrize(
    ("wished", "accepted", "shown"),
    [
        ("", "", "zh"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "fr, zh-Hant-HK;q=0.8, en;q=0.5", "zh-TW"),
        ("", "en;q=0.2, zh-TW;q=0.7", "zh-TW"),
        ("", "en;q=0, zh", "zh"),
        ("", "de, fr", "zh"),
        ("", ";;;q=x,,", "zh"),
        ("en", "zh-CN", "en"),
        ("zh-tw", "en", "zh-TW"),
        ("tlh", "en", "en"),
    ],
)
def test_the_language_is_the_wished_one_or_the_best_that_the_browser_accepts(
    wished: str, accepted: str, shown: str
) -> None:
    assert choose(wished, accepted) == shown


def test_every_language_has_every_word_with_the_same_fields() -> None:
    def fields(text: str) -> set[str]:
        return {part.partition("}")[0] for part in text.split("{")[1:]}

    ours = chat_words("zh")
    for language in LANGUAGES:
        theirs = chat_words(language)
        assert theirs.keys() == ours.keys()
        assert {key: fields(text) for key, text in theirs.items()} == {key: fields(text) for key, text in ours.items()}


async def fetch(aiohttp_client: AiohttpClient, path: str, operator: str = "汇通移动") -> tuple[int, str, str]:
    async def view(_language: str) -> Page:
        return Page(operator, (Choice("faq:1", "</script><b>问</b>"),))

    account = WebAccount("demo", allowed_origins=("https://shop.example",))
    app = application()
    static = Static()
    app.router.add_routes(
        [
            *Widget().routes(),
            *ChatPages(accounts={"demo": account}, view=view, static=static).routes(),
            *static.routes(),
        ]
    )
    client = await aiohttp_client(app)
    response = await client.get(path)
    return response.status, response.headers.get("Content-Security-Policy", ""), await response.text()


async def test_the_page_allows_no_inline_script_and_only_listed_frames(aiohttp_client: AiohttpClient) -> None:
    status, policy, html = await fetch(aiohttp_client, "/chat/demo")
    assert status == 200
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none';" in policy
    assert "style=" not in html
    _, policy, _ = await fetch(aiohttp_client, "/chat/demo?embedded=1")
    assert "frame-ancestors 'self' https://shop.example;" in policy


@pytest.mark.parametrize(("named", "told"), [("https://shop.example", True), ("https://evil.example", False)])
async def test_the_page_talks_only_to_a_site_that_may_frame_it(
    aiohttp_client: AiohttpClient, named: str, told: bool
) -> None:
    _, _, html = await fetch(aiohttp_client, f"/chat/demo?embedded=1&origin={named}")
    assert (f'"host": "{named}"' in html) is told


async def test_the_operators_words_are_escaped(aiohttp_client: AiohttpClient) -> None:
    _, _, html = await fetch(aiohttp_client, "/chat/demo", "</script><img src=x onerror=alert(1)>")
    assert "<img" not in html
    assert "<b>" not in html


async def test_a_browser_hears_of_all_modules_at_once_and_need_not_find_one_behind_another(
    aiohttp_client: AiohttpClient,
) -> None:
    _, _, html = await fetch(aiohttp_client, "/chat/demo")
    announced = set(re.findall(r'rel="modulepreload" href="/static/[0-9a-f]{12}/chat/([^"]+)"', html))
    folder = TEMPLATES / "static" / "chat"
    assert announced == {path.relative_to(folder).as_posix() for path in folder.rglob("*.js")}


async def test_an_unknown_account_has_no_page(aiohttp_client: AiohttpClient) -> None:
    assert (await fetch(aiohttp_client, "/chat/nobody"))[0] == 404


def test_the_widget_is_small() -> None:
    assert len(gzip.compress(script().encode(), 9)) <= 25 * 1024


async def test_the_widget_is_served_to_other_sites(aiohttp_client: AiohttpClient) -> None:
    status, _, script = await fetch(aiohttp_client, "/widget.js")
    assert status == 200
    assert "window.Huiying" in script
