"""What WeChat pushes, understood."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.door import Address, Inbound, Malformed, Unsupported
from channels.wechat.parse import KINDS, WORDS, parse, party, understand
from channels.weixin.xml import MOST_ELEMENTS, read
from router.events import CustomerEvent, Followed, Kind, Media, Said, Tapped, Unfollowed
from tests.channels.wechat_house import PATIENT

PAYLOADS = Path(__file__).parent / "payloads" / "wechat"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "wechat"
CONTACT = "oHuiYing_4x-9Qm2TzK7bVn1RcLp0"

UNDERSTOOD: dict[str, CustomerEvent] = {
    "text": Said("宽带坏了，红灯一直闪 <los>"),
    "text-tapped": Said("★★★★★ 非常满意", choice="survey:7:5"),
    "text-empty": Said(""),
    "text-without-id": Said("没有编号"),
    "image": Said("", Kind.IMAGE, media=Media("m-image")),
    "voice": Said("", Kind.VOICE, media=Media("m-voice", type="audio/amr")),
    "voice-recognised": Said("查一下话费", Kind.VOICE, media=Media("m-voice", type="audio/amr")),
    "video": Said("", Kind.VIDEO, media=Media("m-video")),
    "shortvideo": Said("", Kind.VIDEO, media=Media("m-short")),
    "location": Said("上海市黄浦区人民大道 200 号\n31.230416, 121.473701", Kind.LOCATION),
    "link": Said("套餐介绍\nhttps://example.com/plan", Kind.LINK),
    "miniprogrampage": Said("营业厅小程序", Kind.LINK),
    "file": Said("", Kind.FILE, media=Media("", "账单.pdf")),
    "sticker-of-tomorrow": Said("", Kind.OTHER),
    "subscribe": Followed(),
    "subscribe-by-code": Followed("o:pudong-3"),
    "unsubscribe": Unfollowed(),
    "scan": Tapped("o:pudong-3"),
    "click": Tapped("menu-balance"),
    "click-question": Said("怎么查话费", tapped=True),
    "click-choice": Said("转人工", choice="human", tapped=True),
    "scancode": Tapped("menu-scan"),
}
UNSUPPORTED = (
    "view",
    "view-miniprogram",
    "location-report",
    "template-sent",
    "template-refused",
    "subscription-popup",
    "subscription-changed",
    "subscription-sent",
    "event-of-tomorrow",
    "lists",
    "type-without-id",
)


def taken(document: str | bytes) -> Inbound:
    body = document if isinstance(document, bytes) else document.encode()
    return understand(body, account="demo")[0]


def by_the_parser(body: bytes) -> tuple[Inbound, str]:
    fields = read(body)
    return parse(fields, account="demo"), party(fields, "ToUserName")


def text_message(content: str, *, more: str = "", created: str = "1777856400") -> str:
    return (
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType>text</MsgType>{content}<MsgId>1</MsgId>{more}</xml>"
    )


def test_every_payload_of_ours_has_an_expectation() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.xml")} == {*UNDERSTOOD, *UNSUPPORTED}


@pytest.mark.parametrize(("name", "event"), UNDERSTOOD.items())
def test_what_customers_do_becomes_an_event(name: str, event: CustomerEvent) -> None:
    inbound = taken((PAYLOADS / f"{name}.xml").read_bytes())
    assert inbound.event == event
    assert inbound.address == Address("wechat", "demo", CONTACT)
    assert inbound.sent_at == datetime(2026, 5, 4, 1, 0, tzinfo=UTC)


def test_a_message_of_words_is_read_by_its_pattern() -> None:
    assert WORDS.fullmatch((PAYLOADS / "text.xml").read_text()) is not None


@given(
    st.text(max_size=12),
    st.text(max_size=12),
    st.sampled_from(["", "7", "7x", "<b>7</b>", "1" * 64, "1" * 65]),
    st.sampled_from(["1700000000", "0", "9" * 11, "9" * 12, "", "１"]),
    st.sampled_from(["", "\n", "\r", " ", "\u3000", "<!-- -->", "x", "\x1f"]),
)
@example("o1", "怎么查话费", "7", "1700000000", "\n")
def test_a_message_of_words_means_the_same_in_either_reading(
    contact: str, content: str, number: str, created: str, between: str
) -> None:
    document = (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>{between}<FromUserName><![CDATA[{contact}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>{between}"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    body = document.encode("utf-8", "surrogatepass")
    try:
        expected = by_the_parser(body)
    except (Malformed, Unsupported) as refused:
        with pytest.raises(type(refused)):
            understand(body, account="demo")
    else:
        assert understand(body, account="demo") == expected


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_needs_no_conversation_is_plainly_unsupported(name: str) -> None:
    with pytest.raises(Unsupported):
        taken((PAYLOADS / f"{name}.xml").read_bytes())


def test_messages_are_named_by_their_id_and_events_by_moment_event_and_key() -> None:
    assert taken((PAYLOADS / "text.xml").read_bytes()).source_id == "24681012141610001"
    assert taken((PAYLOADS / "click.xml").read_bytes()).source_id == "1777856400:CLICK:menu-balance"


def test_messages_without_an_id_are_told_apart_by_their_content() -> None:
    body = (PAYLOADS / "text-without-id.xml").read_bytes()
    first, again, other = taken(body), taken(body), taken(body.replace("没有".encode(), "也无".encode()))
    assert first.source_id == again.source_id != other.source_id


def test_a_very_long_event_key_still_names_its_event() -> None:
    body = (PAYLOADS / "click.xml").read_bytes()
    one, two = (taken(body.replace(b"menu-balance", b"k" * 5_000 + end)).source_id for end in (b"1", b"2"))
    assert one != two
    assert len(one) <= 128


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_where_a_scalar_belongs_is_malformed(kind: str) -> None:
    words = (*KINDS[kind].words, "MsgId")[0]
    twice = text_message(f"<{words}>1</{words}>", more=f"<{words}>2</{words}>").replace(">text<", f">{kind}<")
    nested = text_message(f"<{words}><item>1</item></{words}>").replace(">text<", f">{kind}<")
    for document in (twice, nested):
        with pytest.raises(Malformed):
            taken(document)


@pytest.mark.parametrize("name", ["MsgType", "FromUserName", "CreateTime", "MsgId"])
def test_the_frame_of_a_message_must_be_scalars(name: str) -> None:
    with pytest.raises(Malformed):
        taken(text_message("<Content>hi</Content>", more=f"<{name}>x</{name}>"))


@pytest.mark.parametrize("sender", ["", "a b", "a]]>b", "a<b", "o" * 129])
def test_a_sender_that_is_no_name_is_malformed(sender: str) -> None:
    with pytest.raises(Malformed):
        taken(text_message("").replace(">o1<", f"><![CDATA[{sender.replace(']]>', ']]]]><![CDATA[>')}]]><"))


@pytest.mark.parametrize("created", ["x", "-1", "1.5", "9" * 12, "9" * 5_000, "１２３", "1_000"])
def test_a_moment_that_is_none_is_malformed(created: str) -> None:
    with pytest.raises(Malformed):
        taken(text_message("", created=created))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<xml>",
        b"<xml><a></b></xml>",
        b"<xml></xml><xml></xml>",
        text_message("<Content>\0</Content>").encode(),
        text_message("<Content>caf\xe9</Content>").encode("latin-1"),
        text_message("<Content>X</Content>").encode().replace(b"X", b"\xed\xa0\x80"),
        text_message("<Content>X</Content>").encode().replace(b"X", b"\xc0\xaf"),
        b'<?xml version="1.0" encoding="gbk"?>' + text_message("<Content>话费</Content>").encode("gbk"),
        text_message("<Content>话费</Content>").encode("utf-16"),
        text_message("<Content>&undeclared;</Content>").encode(),
    ],
    ids=range(12),
)
def test_what_is_not_wellformed_utf8_xml_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        taken(body)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE xml>",
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE xml [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;">]>',
        '<?xml version="1.0"?>\n<!-- --><!DOCTYPE xml [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>',
    ],
)
def test_a_document_type_is_refused_before_any_entity(doctype: str) -> None:
    for content in ("<Content>hi</Content>", "<Content>&x;</Content>"):
        with pytest.raises(Malformed, match="doctype"):
            taken(doctype + text_message(content))


def test_a_customer_may_write_about_document_types() -> None:
    written = '<!DOCTYPE x [<!ENTITY a "b">]> &a; <a><b>'
    assert taken(text_message(f"<Content><![CDATA[{written}]]></Content>")).event == Said(written)


def test_depth_ends_at_eight() -> None:
    nest = "<a>" * 6 + "</a>" * 6
    assert taken(text_message("", more=f"<b>{nest}</b>")).event == Said("")
    with pytest.raises(Malformed, match="deep"):
        taken(text_message("", more=f"<b><a>{nest}</a></b>"))
    with pytest.raises(Malformed, match="deep"):
        taken("<xml>" + "<a>" * 20_000)


def test_a_document_of_very_many_elements_is_refused() -> None:
    with pytest.raises(Malformed, match="long"):
        taken(text_message("", more="<a/>" * MOST_ELEMENTS))


def test_controls_that_customers_paste_are_dropped_and_cost_them_nothing() -> None:
    assert taken(text_message("<Content><![CDATA[a\x01b\x1b[0m\tc\nd]]></Content>")).event == Said("ab[0m\tc\nd")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert taken(b"\xef\xbb\xbf" + text_message("<Content>hi</Content>").encode()).event == Said("hi")


def test_ten_thousand_characters_arrive_whole() -> None:
    assert taken(text_message(f"<Content>{'话' * 10_000}</Content>")).event == Said("话" * 10_000)


@PATIENT
@given(st.binary(max_size=400))
def test_any_bytes_are_understood_or_refused(body: bytes) -> None:
    understood_or_refused(body)


@PATIENT
@given(
    st.dictionaries(
        st.sampled_from(["MsgType", "Event", "EventKey", "FromUserName", "CreateTime", "MsgId", "Content", "Label"]),
        st.one_of(
            st.sampled_from(
                ["text", "event", "location", "subscribe", "SCAN", "1777856400", "<a/>", "<a><b>1</b></a>"]
            ),
            st.text(st.characters(codec="utf-8"), max_size=40),
        ),
    ),
    st.integers(0, 400),
    st.binary(max_size=3),
)
def test_any_children_are_understood_or_refused(children: dict[str, str], at: int, noise: bytes) -> None:
    document = "".join(f"<{name}>{value}</{name}>" for name, value in children.items())
    body = f"<xml>{document}</xml>".encode()
    understood_or_refused(body)
    understood_or_refused(body[:at] + noise + body[at:])


def understood_or_refused(body: bytes) -> None:
    try:
        inbound = taken(body)
    except (Malformed, Unsupported):
        return
    assert inbound.address.contact
    assert 0 < len(inbound.source_id) <= 128


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no captured payloads here")
def test_captured_payloads_are_understood_or_plainly_unsupported() -> None:
    outcomes: dict[str, CustomerEvent | None] = {}
    for path in sorted(SAMPLES.glob("in-*.xml")):
        try:
            outcomes[path.stem] = taken(path.read_bytes()).event
        except Unsupported:
            outcomes[path.stem] = None
    understood = {name.split("-")[1] for name, event in outcomes.items() if event is not None}
    assert {"text", "voice", "video", "shortvideo", "location", "link", "notsure"} <= understood
    dropped = {name.split("-")[1] for name, event in outcomes.items() if event is None}
    assert dropped == {"event", "other", "encrypted"}
