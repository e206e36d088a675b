"""An entry of a list becomes an event of ours (developer.work.weixin.qq.com: reading messages and events)."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from channels.door import Address, Inbound, Malformed, Unsupported, Voucher
from channels.storable import storable
from channels.wechat_kf.party import CHANNEL, Party, party
from channels.wechat_kf.payloads import Card, Event, Forwarded, Item, Location, read
from router.events import Bounced, CustomerEvent, Followed, Kind, Media, Observed, Said, Tapped

CUSTOMER, PLATFORM, COLLEAGUE = 3, 4, 5
VOUCHER = timedelta(seconds=20)
"""How long the code of a welcome lives."""
LONGEST_ID = 128
MOST_FORWARDED = 50
OUTLET = "o_"
"""A scene carries no colon: ``o_<outlet>`` stands for the scene ``o:<outlet>``."""
LATEST = 253_370_764_799
"""The last second of the year 9998: what follows from a time is a time as well."""

FAILURES = {
    1: "kf_deleted",
    2: "app_closed",
    4: "session_expired",
    5: "session_ended",
    6: "quota",
    7: "not_verified",
    8: "not_verified",
    9: "not_verified",
    10: "customer_refuses",
    11: "nobody_logged_in",
    12: "kind_forbidden",
    13: "restricted",
}
"""Why a message that was taken did not arrive, by ``fail_type``."""


def parse(item: Item, *, account: str, source: str) -> Inbound:
    """Understand one entry.

    Args:
        item: as it was fetched.
        account: the name of our account.
        source: the ``open_kfid`` whose list it stands in.

    Raises:
        Unsupported: no word of a customer and nothing that we act on.
        Malformed: a part that must be there is missing, or is none.
    """
    if item.msgtype == "event":
        happened = item.event
        event = _happened(item)
        who = party(happened.open_kfid or source, happened.external_userid or item.external_userid)
    else:
        event = _said(item)
        who = party(item.open_kfid or source, item.external_userid)
    return Inbound(
        Address(CHANNEL, account, who.contact),
        _source_id(item, who),
        event,
        sent_at(item),
        voucher=_voucher(item),
    )


def sent_at(item: Item) -> datetime | None:
    """When the platform says it was sent. Raises: Malformed."""
    if not 0 <= item.send_time <= LATEST:
        raise Malformed("time_unreadable")
    return datetime.fromtimestamp(item.send_time, UTC) if item.send_time else None


# Messages --------------------------------------------------------------------------------------------------------


def _said(item: Item) -> CustomerEvent:
    """A message of a kind that we do not know is kept all the same: a person at the desk will see it."""
    if not item.msgtype:
        raise Unsupported("not_a_message")
    said = _message(item)
    if item.origin == CUSTOMER:
        return said
    if item.origin == COLLEAGUE:
        return Observed("answered_elsewhere", said.text or storable(f"[{item.msgtype}]"))
    raise Unsupported("of_no_customer")


def _message(item: Item) -> Said:
    match item.msgtype:
        case "text":
            return Said(storable(item.text.content), choice=storable(item.text.menu_id))
        case "image" | "voice" | "video" | "file" as kind:
            ref = storable(getattr(item, kind).media_id)
            return Said("", Kind(kind), media=Media(ref) if ref else None)
        case "location":
            return Said(_place(item.location), Kind.LOCATION)
        case "merged_msg":
            return Said(_forwarded(item.merged_msg), Kind.OTHER)
        case kind if kind in CARDS:
            means, words = CARDS[kind]
            return Said(_lines(*words(getattr(item, kind))), means)
        case _:
            return Said("", Kind.OTHER)


CARDS: Mapping[str, tuple[Kind, Callable[[Card], tuple[str, ...]]]] = {
    "link": (Kind.LINK, lambda card: (card.title, card.url)),
    "miniprogram": (Kind.LINK, lambda card: (card.title,)),
    "channels": (Kind.LINK, lambda card: (card.title, card.nickname)),
    "channels_shop_product": (Kind.LINK, lambda card: (card.title, card.sales_price, card.shop_nickname)),
    "channels_shop_order": (
        Kind.OTHER,
        lambda card: (card.product_titles, card.price_wording, card.order_id, card.shop_nickname),
    ),
    "business_card": (Kind.OTHER, lambda card: (card.userid,)),
    "msgmenu": (Kind.OTHER, lambda card: (card.head_content,)),
}
"""What each kind of card is, and the lines that stand for it."""


def _place(place: Location) -> str:
    """A place by its names, and by its coordinates in degrees north and east."""
    known = place.latitude is not None and place.longitude is not None
    return _lines(place.name, place.address, f"{place.latitude}, {place.longitude}" if known else "")


def _forwarded(card: Card) -> str:
    """Messages that were forwarded together, a line each."""
    return _lines(card.title, *map(_line, card.item[:MOST_FORWARDED]))


def _line(one: Forwarded) -> str:
    told = read(one.msg_content.encode("utf-8", "replace"), Item) if one.msgtype == "text" else None
    said = told.text.content if told is not None else ""
    return f"{one.sender_name}: {said or f'[{one.msgtype}]'}"


def _lines(*lines: str) -> str:
    return storable("\n".join(filter(None, lines)))


# Events ----------------------------------------------------------------------------------------------------------


def _happened(item: Item) -> CustomerEvent:
    event = item.event
    match event.event_type:
        case "enter_session":
            scene = _scene(event)
            return Followed(scene) if event.welcome_code else Tapped(scene)
        case "msg_send_fail":
            # A message of several parts has failed where one of them has.
            key, _, _ = event.fail_msgid.rpartition("-")
            return Bounced(storable(key), FAILURES.get(event.fail_type, f"fail_{event.fail_type}"))
        case "session_status_change" if event.change_type != 3:
            return Observed("taken_elsewhere")
        case "session_status_change" if event.old_servicer_userid:
            return Observed("session_ended")
        case "user_recall_msg":
            return Observed("recalled")
        case "reject_customer_msg_switch_change":
            return Observed("rejected" if event.reject_switch else "accepted")
    raise Unsupported("event_without_meaning")


def _scene(event: Event) -> str:
    scene = storable(event.scene_param or event.scene)
    return f"o:{scene.removeprefix(OUTLET)}" if scene.startswith(OUTLET) else scene


def _voucher(item: Item) -> Voucher | None:
    """A welcome goes with a code, once and soon."""
    code, sent = item.event.welcome_code, sent_at(item)
    if item.msgtype != "event" or item.event.event_type != "enter_session" or not code or sent is None:
        return None
    return Voucher(storable(code), sent + VOUCHER)


def _source_id(item: Item, who: Party) -> str:
    """The platform's id, or its digest where it is too long to be a key; an entry without one is named by itself."""
    named = storable(item.msgid)
    if 0 < len(named) <= LONGEST_ID:
        return named
    return blake2b(named.encode() or repr((who, item)).encode("utf-8", "replace"), digest_size=16).hexdigest()
