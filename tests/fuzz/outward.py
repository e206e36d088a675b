"""What people and the bot write, made to fit each platform."""

from channels import texts
from channels.door import Choice
from channels.telegram.parcels import TEXT_UNITS, parcels
from channels.telegram.texts import units
from channels.wechat.calls.media import FORMS
from channels.wechat.replies import merged, render
from channels.weixin.pieces import LIMIT, pieces
from channels.weixin.texts import size
from channels.weixin.xml import read
from tests.channels.wechat_house import OPENID, SECONDS, message
from tests.fuzz.mutations import Form
from tests.fuzz.target import Target

CHOICES = (Choice("faq:fee", "怎么查话费"), Choice("human", "转人工"))
SAID = ("您好，每个月一号出账单。" * 60).encode(), "Hi! 👩‍👩‍👧 a < b & c ]]> \n\n 1. 话费".encode(), b"a. b. c. " * 300


def long_text(data: bytes) -> object:
    """Whatever people write is split within the limits, and nothing but white space is lost."""
    text = data.decode("utf-8", "replace")
    for count, limit in ((len, 300), (size, 2_048), (units, 70)):
        parts = texts.split(text, limit, count)
        assert all(0 < count(part) <= limit for part in parts), "a part is too long"
        assert "".join("".join(parts).split()) == "".join(text.split()), "a word is lost"
    return "split"


def reply(data: bytes) -> object:
    """Whatever the bot says is a document that WeChat reads, within its limit."""
    text = data.decode("utf-8", "replace")
    shown = merged((message(text, *CHOICES),))
    assert size(shown) <= LIMIT, "a reply is too long"
    if not shown:
        return "left to be pushed"
    assert read(render(OPENID, "gh_1", SECONDS, shown).encode()).get("Content"), "a reply is unreadable"
    return "reply"


def pushed(data: bytes) -> object:
    said = (message(data.decode("utf-8", "replace"), *CHOICES), message("好", *CHOICES))
    for piece in pieces(said, FORMS):
        assert size(piece.text) <= LIMIT, "a piece is too long"
    for parcel in parcels(said):
        assert units(parcel.text) <= TEXT_UNITS, "a parcel is too long"
    return "pushed"


TARGETS = (
    Target("wechat.reply", Form.TEXT, SAID, reply),
    Target("texts", Form.TEXT, SAID, long_text),
    Target("pushed", Form.TEXT, SAID, pushed),
)
