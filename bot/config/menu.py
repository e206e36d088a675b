"""The menu below the chat of an official account, as the file of channel accounts writes it, within WeChat's limits."""

from bot.config.table import Table
from channels.accounts import MenuItem
from channels.wechat.keys import MOST_BYTES, key_of

MOST = 3
"""Items of the bar."""
MOST_BELOW = 5
"""Items that one of them opens."""
LONGEST_NAME = 16
"""Bytes (developers.weixin.qq.com: custom menu); about five Chinese characters."""
LONGEST_NAME_BELOW = 60
LONGEST_URL = 1024
TAPS = ("say", "choice", "key", "url", "app_id")
"""What a tap can do; one of them, with ``url`` beside ``app_id``."""


def menu(table: Table, key: str) -> tuple[MenuItem, ...]:
    """The items of the bar, none where there is no menu.

    Raises:
        AccountsError: too many, too long, or an item that does nothing or several things.
    """
    tables = table.inners(key)
    if len(tables) > MOST:
        raise table.wrong(key, f"has {len(tables)} items; WeChat shows {MOST}")
    return tuple(_item(one) for one in tables)


def _item(table: Table) -> MenuItem:
    below = table.inners("items")
    if not below:
        return _tap(table, LONGEST_NAME)
    if len(below) > MOST_BELOW:
        raise table.wrong("items", f"are {len(below)}; WeChat shows {MOST_BELOW}")
    name = _within(table, "name", table.text("name"), LONGEST_NAME)
    return table.finish(MenuItem(name, items=tuple(_tap(one, LONGEST_NAME_BELOW) for one in below)))


def _tap(table: Table, longest_name: int) -> MenuItem:
    """An item that does something."""
    item = MenuItem(
        name=_within(table, "name", table.text("name"), longest_name),
        say=table.text("say", ""),
        choice=table.text("choice", ""),
        key=table.text("key", ""),
        url=_within(table, "url", table.address("url", ""), LONGEST_URL),
        app_id=table.text("app_id", ""),
        page=table.text("page", ""),
    )
    _within(table, "key", key_of(item), MOST_BYTES)
    if problem := _problem(item):
        raise table.wrong(item.name, problem)
    return table.finish(item)


def _problem(item: MenuItem) -> str:
    does = [name for name in TAPS if getattr(item, name)]
    if item.app_id:
        whole = does == ["url", "app_id"] and bool(item.page)
        return "" if whole else "opens a mini-program; that takes app_id, page and, for old phones, url"
    if item.page:
        return "has a page but no app_id"
    return "" if len(does) == 1 else f"must have one of {', '.join(TAPS)}, or items"


def _within(table: Table, key: str, value: str, longest: int) -> str:
    """The value. Raises: AccountsError where it has more bytes of UTF-8 than WeChat takes."""
    if (size := len(value.encode())) > longest:
        raise table.wrong(key, f"has {size} bytes, WeChat takes {longest}")
    return value
