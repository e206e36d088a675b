"""``python -m bot wechat``: the menu of the file reaches WeChat, and outlets get their codes."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest
from aiohttp.test_utils import TestServer
from PIL import Image
from pytest_aiohttp import AiohttpServer
from typer.testing import CliRunner, Result

from bot.doors.wechat_cli import app
from channels.wechat.keys import said
from router.events import Said
from tests.outages import Outage
from tests.wechat_api import MENU, MENU_SHOW, WechatApi

MENU_TABLES = """
[[wechat.main.menu]]
name = "查话费"
say = "怎么查话费"

[[wechat.main.menu]]
name = "服务"

[[wechat.main.menu.items]]
name = "转人工"
choice = "human"

[[wechat.main.menu.items]]
name = "办卡"
app_id = "wx9"
page = "pages/card"
url = "https://x.example.cn/card"
"""
LINES = [
    "查话费 → click say:怎么查话费",
    "服务",
    "  转人工 → click choice:human|转人工",
    "  办卡 → miniprogram wx9 pages/card https://x.example.cn/card",
]


@pytest.fixture
def api() -> WechatApi:
    return WechatApi()


@pytest.fixture
async def server(api: WechatApi, aiohttp_server: AiohttpServer) -> TestServer:
    return await aiohttp_server(api.application())


@pytest.fixture
def file(server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "accounts.toml"
    rewrite(found, accounts(server, "main"))
    monkeypatch.setenv("HUIYING_CONFIG", str(found))
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a key of this test only")
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return found


def accounts(server: TestServer, *names: str) -> str:
    """A file of accounts behind the stand-in; the last has a menu."""
    base = str(server.make_url("")).rstrip("/")
    keys = 'app_id = "wx0123456789abcdef"\napp_secret = "app-secret"\ntoken = "t"\nmode = "plain"'
    return "\n".join(f'[wechat.{name}]\n{keys}\napi_base = "{base}"' for name in names) + MENU_TABLES


def rewrite(file: Path, text: str) -> None:
    """Another file in its place."""
    file.write_text(text, encoding="utf-8")


async def invoke(*args: str) -> Result:
    """Run a command; it brings a loop of its own, so it gets a thread of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(args))


async def test_the_menu_of_the_file_is_put_into_wechat_once(api: WechatApi, file: Path) -> None:
    first = json.loads((await invoke("menu", "push", "--json")).stdout)
    assert (first["account"], first["pushed"], first["shown"]) == ("main", True, [])
    assert first["wanted"] == LINES
    assert [item["name"] for item in api.menu["button"]] == ["查话费", "服务"]
    assert said(api.menu["button"][0]["key"]) == Said("怎么查话费", tapped=True)
    assert said(api.menu["button"][1]["sub_button"][0]["key"]) == Said("转人工", choice="human", tapped=True)
    second = json.loads((await invoke("menu", "push", "--json")).stdout)
    assert (second["pushed"], second["differs"], api.calls[MENU]) == (False, False, 1)


async def test_what_will_change_is_printed(api: WechatApi, server: TestServer, file: Path) -> None:
    await invoke("menu", "push")
    rewrite(file, accounts(server, "main").replace("怎么查话费", "查话费余额"))
    shown = await invoke("menu", "show")
    assert "-查话费 → click say:怎么查话费" in shown.stdout
    assert "+查话费 → click say:查话费余额" in shown.stdout
    assert api.calls[MENU] == 1
    pushed = await invoke("menu", "push")
    assert "+查话费 → click say:查话费余额" in pushed.stdout
    assert "has taken the menu" in pushed.stdout


async def test_a_menu_that_is_in_line_is_shown_as_it_is(file: Path) -> None:
    await invoke("menu", "push")
    shown = json.loads((await invoke("menu", "show", "--json")).stdout)
    assert (shown["differs"], shown["diff"], shown["shown"]) == (False, [], LINES)
    assert "WeChat has the menu of the file" in (await invoke("menu", "show")).stdout


async def test_a_menu_that_somebody_made_in_wechat_itself_is_shown_too(api: WechatApi, file: Path) -> None:
    api.menu = {"button": [{"type": "text", "name": "公告", "value": "停机维护"}]}
    assert "-公告 → text 停机维护" in (await invoke("menu", "show")).stdout


async def test_without_a_menu_in_the_file_nothing_is_pushed(api: WechatApi, server: TestServer, file: Path) -> None:
    rewrite(file, accounts(server, "main").removesuffix(MENU_TABLES))
    result = await invoke("menu", "push")
    assert result.exit_code == 2
    assert "[[wechat.main.menu]]" in result.stderr
    assert not api.calls


async def test_what_wechat_refuses_is_said_with_its_code(api: WechatApi, file: Path) -> None:
    api.always[MENU] = 48001
    result = await invoke("menu", "push")
    assert result.exit_code == 1
    assert "48001 (not_permitted)" in result.stderr
    api.always[MENU_SHOW] = Outage.GARBAGE
    assert (await invoke("menu", "show")).exit_code == 1


async def test_of_several_accounts_one_has_to_be_named(server: TestServer, file: Path) -> None:
    rewrite(file, accounts(server, "second", "main"))
    unnamed = await invoke("menu", "show")
    assert unnamed.exit_code == 2
    assert "main, second" in unnamed.stderr
    assert (await invoke("menu", "show", "--account", "second")).exit_code == 0


@pytest.fixture
async def outlet(database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO outlets (id, name, city) VALUES ('gz-01', '天河营业厅', '广州')")
    await connection.close()
    return "gz-01"


async def test_an_outlet_gets_a_code_that_lasts(api: WechatApi, file: Path, outlet: str, tmp_path: Path) -> None:
    result = await invoke("qr", outlet, "--out", "code.png", "--json")
    written = json.loads(result.stdout)
    assert written["outlet"] == {"id": "gz-01", "name": "天河营业厅", "city": "广州"}
    assert list(api.scenes.values()) == ["o:gz-01"]
    assert written["url"].endswith(next(iter(api.scenes)))
    with Image.open(tmp_path / "code.png") as picture:
        assert picture.format == "PNG"
        assert picture.width == picture.height > 300
    assert (await invoke("qr", outlet)).exit_code == 0
    assert (tmp_path / "outlet-gz-01.png").exists()


async def test_an_unknown_outlet_gets_no_code(api: WechatApi, file: Path, outlet: str) -> None:
    result = await invoke("qr", "gz-02")
    assert result.exit_code == 2
    assert "outlet add gz-02" in result.stderr
    assert not api.scenes
