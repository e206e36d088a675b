"""What ``kf/sync_msg`` answers, as far as we read it (developer.work.weixin.qq.com: reading messages and events)."""

import json
from typing import TypeVar

import msgspec
from msgspec import Struct

from channels.door import Malformed

T = TypeVar("T")


class Text(Struct, frozen=True):
    """A text, or the label of a menu item that was tapped."""

    content: str = ""
    menu_id: str = ""


class Media(Struct, frozen=True):
    """A file that the platform keeps for three days."""

    media_id: str = ""


class Location(Struct, frozen=True):
    """A place, in degrees north and east."""

    latitude: float | None = None
    longitude: float | None = None
    name: str = ""
    address: str = ""


class Card(Struct, frozen=True):
    """A link, a mini-program, something of a shop or a channel, forwarded messages: each has some of these."""

    title: str = ""
    url: str = ""
    userid: str = ""
    head_content: str = ""
    nickname: str = ""
    shop_nickname: str = ""
    product_titles: str = ""
    sales_price: str = ""
    price_wording: str = ""
    order_id: str = ""
    item: tuple["Forwarded", ...] = ()


class Forwarded(Struct, frozen=True):
    """One of the messages that were forwarded together."""

    sender_name: str = ""
    msgtype: str = ""
    msg_content: str = ""
    """JSON of its own."""


class Event(Struct, frozen=True):
    """Something that happened on the platform."""

    event_type: str = ""
    open_kfid: str = ""
    external_userid: str = ""
    scene: str = ""
    scene_param: str = ""
    welcome_code: str = ""
    fail_msgid: str = ""
    fail_type: int = 0
    change_type: int = 0
    old_servicer_userid: str = ""
    reject_switch: int = 0


class Item(Struct, frozen=True):
    """An entry of a list."""

    msgid: str = ""
    open_kfid: str = ""
    external_userid: str = ""
    send_time: int = 0
    """Seconds since 1970."""
    origin: int = 0
    """3: the customer, 4: the platform, 5: one of our people in the WeCom client."""
    msgtype: str = ""
    text: Text = Text()
    image: Media = Media()
    voice: Media = Media()
    video: Media = Media()
    file: Media = Media()
    location: Location = Location()
    link: Card = Card()
    business_card: Card = Card()
    miniprogram: Card = Card()
    msgmenu: Card = Card()
    channels: Card = Card()
    channels_shop_product: Card = Card()
    channels_shop_order: Card = Card()
    merged_msg: Card = Card()
    event: Event = Event()


class Page(Struct, frozen=True):
    """A part of a list."""

    errcode: int = 0
    errmsg: str = ""
    next_cursor: str = ""
    has_more: int = 0
    msg_list: tuple[object, ...] = ()
    """Entries as they are: one that nobody can read must not take the others with it."""


def item_of(entry: object) -> Item:
    """Read an entry. Raises: Malformed."""
    try:
        return msgspec.convert(entry, type=Item, strict=False)
    except (msgspec.MsgspecError, UnicodeEncodeError):  # The second where half a character stands for an object.
        raise Malformed("item_unreadable") from None


def read(body: bytes, kind: type[T]) -> T | None:
    """The meaning of a body, None where it has none; halves of characters in it are no reason to have none."""
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return msgspec.convert(json.loads(body), type=kind, strict=False)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
