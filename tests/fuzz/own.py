"""What our own protocols, forms and signed reports bring, read."""

import time
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from jwt.api_jws import PyJWS

from bot.surveys.form import sheet
from channels.door import Address
from channels.hotline import reports
from channels.hotline.peer import Peer as Pbx
from channels.outlet.parse import parse as parse_visit
from channels.serving import wanted
from channels.telephone import masked, spelled
from channels.web import bodies
from channels.web.identity import identity_of
from channels.web.peers import _address, _line
from channels.web.queries import Page
from channels.web.sockets.visit import parse_hello
from channels.webhooks import require_fresh
from docs.example_door import parse as parse_event
from tests.channels.hotline_house import ACCOUNT as PBX
from tests.channels.hotline_house import CALLER
from tests.channels.hotline_house import NOW as CALLED
from tests.channels.test_web_identity import claims, signed
from tests.channels.web_house import ACCOUNT as SITE
from tests.channels.web_house import SECRET
from tests.channels.wechat_house import NOW, SECONDS
from tests.fuzz.mutations import Form
from tests.fuzz.target import Target, sound, written

WEB = Address("web", "demo", "v:1")
BEGUN = datetime.now(UTC)
"""When the claims to begin with were made; they hold for minutes."""


def web_message(data: bytes) -> object:
    return sound(bodies.parse(WEB, bodies.as_object(data)))


def web_receipts(data: bytes) -> object:
    reach = bodies.parse_receipts(bodies.as_object(data))
    assert 0 <= reach.read <= reach.delivered < 2**63
    return "receipts"


def web_hello(data: bytes) -> object:
    hello = parse_hello(data.decode("utf-8", "ignore"))
    assert 0 <= hello.after < 2**63
    return hello.wishes


def web_page(data: bytes) -> object:
    page = Page.of(dict(parse_qsl(data.decode("latin-1"), keep_blank_values=True)))
    assert 0 <= page.wait <= 25
    assert 1 <= page.limit <= 200
    return page.before is None, page.wait > 0


def web_identity(data: bytes) -> object:
    found = identity_of(data.decode("utf-8", "surrogateescape"), SITE, BEGUN)
    assert b"\0" not in f"{found.subject}{found.name}{found.language}".encode(), "a text holds NUL"
    return bool(found.name), found.language


def web_claims(data: bytes) -> object:
    """What a genuine signature stands under, whatever it says."""
    return web_identity(PyJWS().encode(data, SECRET, algorithm="HS256").encode())


def report(data: bytes) -> object:
    return sound(reports.parse(reports.read(data), account="pbx", source_id="h:1", now=CALLED))


def visit(data: bytes) -> object:
    """The desk's form, whose texts have passed through its guard."""
    form = {name: value.replace("\0", "") for name, value in parse_qsl(data.decode("ascii", "replace"))}
    common = {"outlet_id": "rmlu", "outlet": "人民路营业厅", "agent": 7, "agent_name": "王芳", "source_id": "f:1"}
    return sound(parse_visit(form=form, now=NOW, **common))  # type: ignore[arg-type]


def event(data: bytes) -> object:
    return sound(parse_event(data, account="main", source_id="m1"))


def survey_sheet(data: bytes) -> object:
    return sheet(data).stars


def number(data: bytes) -> object:
    found = spelled(data.decode("utf-8", "replace"))
    assert len(masked(found)) == len(found)
    return len(found)


def headers(data: bytes) -> object:
    text = data.decode("latin-1")
    asked, peer = wanted(text, 1_000), _address(text)
    if peer is not None:
        return _line(peer).count(":")
    require_fresh(text, SECONDS)
    return asked


CALL = {"call": "c1", "caller": CALLER}
TOLD: dict[str, dict[str, object]] = {
    "call.offered": {},
    "call.picked_up": {"login": "wangfang"},
    "call.ended": {"by": "caller", "seconds": 61},
    "voicemail.left": {"seconds": 9, "transcript": "宽带坏了", "recording": "https://pbx.example.cn/1.mp3"},
    "recording.ready": {"recording": "https://pbx.example.cn/1.mp3", "content_type": "audio/mpeg"},
    "ivr.score": {"score": 4, "scale": "1-5"},
}
REPORTS = tuple(Pbx(PBX).report("m1", kind, CALLED, **CALL, **more).body for kind, more in TOLD.items())
VISIT = {"customer": "+86 138 0000 0001", "text": "补办手机卡", "reason": "x", "outcome": "queued", "answer": "好"}

TARGETS = (
    Target("hotline.report", Form.JSON, REPORTS, report),
    Target("outlet.visit", Form.QUERY, (urlencode(VISIT).encode(),), visit),
    Target(
        "web.message",
        Form.JSON,
        written({"client_msg_id": "7f9c", "text": "怎么查话费", "choice": "faq:fee", "language": "zh-Hant-HK"}),
        web_message,
    ),
    Target("web.receipts", Form.JSON, written({"type": "receipts", "delivered": 7, "read": 5}), web_receipts),
    Target(
        "web.hello", Form.JSON, written({"type": "hello", "token": "t", "after_seq": 3, "standing": True}), web_hello
    ),
    Target("web.page", Form.QUERY, (b"after_seq=3&wait=25&limit=50", b"before_seq=9"), web_page),
    Target("web.claims", Form.JSON, written(claims(name="小李", language="en", iat=int(time.time()))), web_claims),
    Target("web.identity", Form.TEXT, (signed().encode(), signed(sub="a b").encode()), web_identity),
    Target("survey.sheet", Form.QUERY, (urlencode({"stars": "5", "comment": "很好"}).encode(),), survey_sheet),
    Target("example.event", Form.JSON, written({"type": "message", "sender": "+8613800000001", "text": "你好"}), event),
    Target("telephone", Form.TEXT, (b"+86 138 0000 0001", b"0086-10-1234 5678", b"10086"), number, (ValueError,)),
    Target("headers", Form.TEXT, (b"bytes=0-9", str(SECONDS).encode(), b" 203.0.113.7", b"2001:db8::1%eth0"), headers),
)
