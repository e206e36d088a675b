"""The menu of an official account in the file of channel accounts: what it may hold, and how a mistake is named."""

import pytest

from bot.config.accounts import parse
from bot.config.table import AccountsError
from channels.accounts import MenuItem

pytestmark = pytest.mark.pure

ACCOUNT = '[wechat.a]\napp_id = "x"\ntoken = "t"\nmode = "plain"\n'


def menu(text: str) -> tuple[MenuItem, ...]:
    return parse(ACCOUNT + text, file="accounts.toml", environ={}).wechat["a"].menu


def item(name: str, rest: str = 'say = "话费"', *, below: bool = False) -> str:
    return f'[[wechat.a.menu{".items" if below else ""}]]\nname = "{name}"\n{rest}\n'


def test_an_item_speaks_chooses_opens_a_page_or_a_mini_program_or_opens_others() -> None:
    text = (
        item("查话费")
        + item("服务", "")
        + item("转人工", 'choice = "human"', below=True)
        + item("营业厅", 'url = "https://x.cn/shops"', below=True)
        + item("办卡", 'app_id = "wx9"\npage = "pages/card"\nurl = "https://x.cn/card"', below=True)
        + item("签到", 'key = "CHECK_IN"')
    )
    assert menu(text) == (
        MenuItem("查话费", say="话费"),
        MenuItem(
            "服务",
            items=(
                MenuItem("转人工", choice="human"),
                MenuItem("营业厅", url="https://x.cn/shops"),
                MenuItem("办卡", url="https://x.cn/card", app_id="wx9", page="pages/card"),
            ),
        ),
        MenuItem("签到", key="CHECK_IN"),
    )


def test_an_account_without_a_menu_has_none() -> None:
    assert menu("") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("".join(item(f"第{n}") for n in range(4)), ": menu has 4 items; WeChat shows 3"),
        (item("多", "") + "".join(item(f"第{n}", below=True) for n in range(6)), "menu 1: items are 6; WeChat shows 5"),
        (item("一二三四五六"), "menu 1: name has 18 bytes, WeChat takes 16"),
        (item("下", "") + item("字" * 21, below=True), "menu 1 items 1: name has 63 bytes, WeChat takes 60"),
        (item("键", f'say = "{"字" * 42}"'), "key has 130 bytes, WeChat takes 128"),
        (item("选", f'choice = "{"c" * 120}"'), "key has 131 bytes, WeChat takes 128"),
        (item("址", f'url = "https://x.cn/{"a" * 1024}"'), "WeChat takes 1024"),
        (item("空", ""), "must have one of say, choice, key, url, app_id, or items"),
        (item("双", 'say = "a"\nchoice = "b"'), "must have one of"),
        (item("程", 'app_id = "wx9"\npage = "p"'), "takes app_id, page and, for old phones, url"),
        (item("页", 'url = "https://x.cn"\npage = "p"'), "has a page but no app_id"),
        (item("错", 'sai = "a"'), "must have one of"),
        (item("错", 'say = "a"\nsai = "a"'), "sai is not known here"),
        ('[wechat.a.menu]\nname = "x"\n', "menu must be a list of tables"),
    ],
)
def test_what_wechat_would_refuse_is_refused_here_and_named(text: str, said: str) -> None:
    with pytest.raises(AccountsError) as caught:
        menu(text)
    assert str(caught.value).startswith("accounts.toml: [wechat.a]")
    assert said in str(caught.value)
