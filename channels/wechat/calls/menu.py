"""The custom menu below the chat: what we want there, what WeChat has there, and how the two are put in line.

WeChat takes the menu in one form and shows it in another (developers.weixin.qq.com: custom menu); both are read here as
lines, one for each item, so that people and code compare the same.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct, field

from channels.accounts import MenuItem, WechatAccount
from channels.door import TryAgain
from channels.wechat.calls.api import MENU_PATH, MENU_SHOW_PATH, Api
from channels.wechat.keys import key_of


class Button(Struct, frozen=True):
    """An item as WeChat shows it; one made on its own pages has a ``value`` of a type that we never use."""

    name: str = ""
    type: str = ""
    key: str = ""
    url: str = ""
    appid: str = ""
    pagepath: str = ""
    value: str = ""
    sub_button: "Below" = field(default_factory=lambda: Below())

    @property
    def line(self) -> str:
        """What it says, does, and with what."""
        if self.sub_button.list:
            return self.name
        target = self.key or " ".join(filter(None, (self.appid, self.pagepath, self.url))) or self.value
        return f"{self.name} → {self.type} {target}"


class Below(Struct, frozen=True):
    """The items that one opens."""

    list: tuple[Button, ...] = ()


class Bar(Struct, frozen=True):
    """The items of the bar."""

    button: tuple[Button, ...] = ()


class Shown(Struct, frozen=True):
    """What WeChat answers when it is asked for the menu."""

    is_menu_open: bool
    selfmenu_info: Bar = field(default_factory=Bar)


async def push(api: Api, account: WechatAccount) -> None:
    """Put the account's menu in the place of the one that is there. Raises: TryAgain, Undeliverable."""
    await api.ask(account, MENU_PATH, {"button": [_posted(item) for item in account.menu]})


async def shown(api: Api, account: WechatAccount) -> tuple[str, ...]:
    """The lines of the menu that customers see, none where it is closed.

    Raises:
        TryAgain: not now.
        Undeliverable: never.
    """
    content = await api.ask(account, MENU_SHOW_PATH)
    try:
        found = msgspec.json.decode(content.body, type=Shown, strict=False)
    except msgspec.MsgspecError:
        raise TryAgain("answer_unreadable") from None
    return lines(found.selfmenu_info.button) if found.is_menu_open else ()


def wanted(menu: Sequence[MenuItem]) -> tuple[str, ...]:
    """The lines of a menu of ours."""
    return lines(map(_button, menu))


def lines(buttons: Iterable[Button]) -> tuple[str, ...]:
    """One line for each item, those that another opens behind it and further in."""
    found: list[str] = []
    for button in buttons:
        found += [button.line, *(f"  {below.line}" for below in button.sub_button.list)]
    return tuple(found)


def _button(item: MenuItem) -> Button:
    if item.items:
        return Button(item.name, sub_button=Below(tuple(map(_button, item.items))))
    if item.app_id:
        return Button(item.name, "miniprogram", url=item.url, appid=item.app_id, pagepath=item.page)
    if item.url:
        return Button(item.name, "view", url=item.url)
    return Button(item.name, "click", key=key_of(item))


def _posted(item: MenuItem) -> Mapping[str, object]:
    """An item as WeChat takes it."""
    if item.items:
        return {"name": item.name, "sub_button": [_posted(below) for below in item.items]}
    button = _button(item)
    fields = ("name", "type", "key", "url", "appid", "pagepath")
    return {name: value for name in fields if (value := getattr(button, name))}
