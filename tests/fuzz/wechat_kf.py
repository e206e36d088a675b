"""What WeCom calls for and hands out for customer-service accounts (微信客服), opened and read."""

from channels.door import Malformed, Unsupported
from channels.nonces import MemoryNonces
from channels.wechat_kf.gate import Gate
from channels.wechat_kf.parse import parse
from channels.wechat_kf.payloads import Page, item_of, read
from channels.weixin.envelope import Envelope
from channels.weixin.signature import sign
from channels.weixin.xml import read as read_document
from tests.channels.wechat_kf_house import ACCOUNT, KEY, NOW
from tests.fuzz.mutations import Form
from tests.fuzz.target import Target, sound, written
from tests.wechat_kf_api import CUSTOMER, KF

ENVELOPE = Envelope(ACCOUNT.corp_id, ACCOUNT.token, KEY)
SECONDS = str(int(NOW.timestamp()))


def page(data: bytes) -> object:
    """A part of a list, each entry of which is understood or refused by itself."""
    found = read(data, Page)
    if found is None:
        raise Malformed("page_unreadable")
    return len(found.msg_list), *(_entry(entry) for entry in found.msg_list[:3])


def _entry(entry: object) -> object:
    try:
        return sound(parse(item_of(entry), account="main", source=KF))
    except (Malformed, Unsupported) as refused:
        return str(refused)


def call(data: bytes) -> object:
    """The document of a call, encrypted and signed as it should be whatever it says."""
    body = ENVELOPE.seal(data, SECONDS).encode()
    encrypted = read_document(body).get("Encrypt") or ""
    signature = sign(ACCOUNT.token, SECONDS, "1", encrypted)
    gate = Gate(ACCOUNT, MemoryNonces(), lambda: NOW)
    return bool(gate.open({"timestamp": SECONDS, "nonce": "1", "msg_signature": signature}, body).token)


def entry(kind: str, content: object, *, origin: int = 3) -> dict[str, object]:
    """An entry of a list."""
    whom = {"open_kfid": KF, "external_userid": CUSTOMER}
    return {"msgid": "m1", "send_time": int(SECONDS), "origin": origin, "msgtype": kind, kind: content, **whom}


def event(kind: str, **more: object) -> dict[str, object]:
    """An entry about something that happened."""
    return entry("event", {"event_type": kind, "open_kfid": KF, "external_userid": CUSTOMER, **more}, origin=4)


ENTRIES = (
    entry("text", {"content": "怎么查话费", "menu_id": "faq:fee"}),
    entry("image", {"media_id": "their-1"}),
    entry("location", {"latitude": 31.2, "longitude": 121.4, "name": "人民广场", "address": "西藏中路"}),
    entry("link", {"title": "公告", "url": "https://example.cn/a"}),
    entry("merged_msg", {"title": "聊天记录", "item": [{"sender_name": "李", "msgtype": "text", "msg_content": "{}"}]}),
    event("enter_session", scene="o_1024", welcome_code="W1"),
    event("msg_send_fail", fail_msgid="7-1-1", fail_type=10),
    event("session_status_change", change_type=3, old_servicer_userid="w"),
)
DOCUMENT = (
    f"<xml><ToUserName>{ACCOUNT.corp_id}</ToUserName><CreateTime>{SECONDS}</CreateTime><MsgType>event</MsgType>"
    f"<Event>kf_msg_or_event</Event><Token>T1</Token><OpenKfId>{KF}</OpenKfId></xml>"
)
TARGETS = (
    Target(
        "wechat_kf.page",
        Form.JSON,
        written(*({"errcode": 0, "next_cursor": "c2", "has_more": 0, "msg_list": [one]} for one in ENTRIES)),
        page,
    ),
    Target("wechat_kf.call", Form.XML, (DOCUMENT.encode(),), call),
)
