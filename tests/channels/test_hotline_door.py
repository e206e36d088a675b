"""The hotline door: only the telephone system's own, fresh and unchanged reports come in, and each of them once."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from channels.accounts import HotlineAccount
from channels.door import Address, Malformed, TryAgain, Undeliverable, Unsupported
from channels.hotline.door import HotlineDoor
from channels.hotline.peer import Peer, Request
from channels.hotline.reports import Report, read
from channels.telephone import masked, spelled
from channels.webhooks import key_of, require, sign
from router.events import (
    CallAbandoned,
    CallEnded,
    CallOffered,
    CallPickedUp,
    CallScored,
    Media,
    RecordingReady,
    VoicemailLeft,
)
from tests.channels.hotline_house import ACCOUNT, CALLER, NEXT_KEY, NOW, SECONDS, Pbx
from tests.channels.stand import House

pytestmark = pytest.mark.pure

FIELDS = st.sampled_from(["type", "timestamp", "data", "call"]) | st.text()
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner),
)
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
async def pbx() -> AsyncIterator[Pbx]:
    house = House()
    app = web.Application()
    async with ClientSession() as session:
        door = HotlineDoor(
            accounts={"pbx": ACCOUNT}, receive=house.receive, session=session, clock=lambda: NOW + timedelta(seconds=1)
        )
        app.router.add_routes(door.routes())
        async with TestClient(TestServer(app)) as client:
            yield Pbx(client, house)


async def refused(response: ClientResponse) -> tuple[int, str]:
    return response.status, (await response.json(content_type="application/problem+json"))["code"]


# Signatures -------------------------------------------------------------------------------------------------------


def test_the_published_vector_of_standard_webhooks_is_right() -> None:
    key, body = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b'{"test": 2432232314}'
    published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == published
    given_too = ["v1,AAAA", "v1a,x", published]
    require(given_too, key, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)


@given(st.binary(max_size=40), st.integers(0, 3))
def test_no_other_bytes_pass_under_a_signature(body: bytes, place: int) -> None:
    key = key_of(ACCOUNT.secret)
    parts: list[tuple[str, int, bytes]] = [("m", 1, body)] * 3
    right = sign(key, "m", 1, body)
    changed = [("n", 1, body), ("m", 2, body), ("m", 1, body + b"x"), ("m.1", 1, body)][place]
    assert changed not in parts
    with pytest.raises(Malformed):
        require([right], key, message_id=changed[0], timestamp=changed[1], body=changed[2])


async def test_a_signed_report_is_taken(pbx: Pbx) -> None:
    response = await pbx.report("call.offered")
    assert (response.status, await response.json()) == (200, {"taken": True, "repeated": False})
    assert pbx.house.received[-1].address == Address("hotline", "pbx", CALLER)
    assert pbx.house.received[-1].name == "138****0001"
    assert pbx.house.received[-1].event == CallOffered("c1", NOW)


async def test_a_report_that_comes_again_is_known(pbx: Pbx) -> None:
    await pbx.report("call.offered")
    response = await pbx.report("call.offered")
    assert await response.json() == {"taken": True, "repeated": True}
    assert len(pbx.house.received) == 1
    await pbx.report("call.offered", 2)
    assert len(pbx.house.received) == 2


async def test_while_a_key_changes_a_report_carries_both_signatures(pbx: Pbx) -> None:
    request = pbx.peer.report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    other = sign(key_of(NEXT_KEY.secret), "m1", SECONDS, request.body)
    both = f"{other} {request.headers['webhook-signature']}"
    assert (await pbx.post(request, **{"webhook-signature": both})).status == 200
    assert (await pbx.post(request, **{"webhook-signature": other})).status == 403


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_without_one_of_the_three_headers_nothing_passes(pbx: Pbx, header: str) -> None:
    request = pbx.peer.report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    headers = [(name, value) for name, value in request.headers.items() if name != header]
    response = await pbx.client.post(request.path, data=request.body, headers=headers)
    assert await refused(response) == (403, "header_missing")
    twice = [*request.headers.items(), (header, request.headers[header])]
    response = await pbx.client.post(request.path, data=request.body, headers=twice)
    assert await refused(response) == (403, "header_twice")


@pytest.mark.parametrize("seconds", [-302, 400])
async def test_an_old_report_and_one_from_the_future_are_refused(pbx: Pbx, seconds: int) -> None:
    body = pbx.peer.report("m1", "call.offered", NOW, call="c1", caller=CALLER).body
    response = await pbx.post(pbx.peer.signed("m1", body, sent=SECONDS + seconds))
    assert await refused(response) == (403, "timestamp_stale")


@pytest.mark.parametrize("timestamp", ["", "1e9", "-5", "0" + str(SECONDS), "9" * 400, "１７"])
async def test_a_timestamp_is_a_plain_number(pbx: Pbx, timestamp: str) -> None:
    request = pbx.peer.report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    response = await pbx.post(request, **{"webhook-timestamp": timestamp})
    assert response.status == 403


async def test_a_changed_body_and_a_foreign_key_are_refused(pbx: Pbx) -> None:
    request = pbx.peer.report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    changed = Request(request.path, request.headers, request.body.replace(b"13800000001", b"13800000002"))
    assert await refused(await pbx.post(changed)) == (403, "signature_wrong")
    foreign = Peer(NEXT_KEY).report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    assert await refused(await pbx.post(foreign)) == (403, "signature_wrong")
    assert pbx.house.received == []


async def test_an_account_that_nobody_has_set_up_is_not_found(pbx: Pbx) -> None:
    request = Peer(HotlineAccount("other", ACCOUNT.secret)).report("m1", "call.offered", NOW, call="c1", caller=CALLER)
    assert await refused(await pbx.post(request)) == (404, "account_unknown")


async def test_too_large_a_body_is_refused_before_it_is_read(pbx: Pbx) -> None:
    response = await pbx.post(pbx.peer.signed("m1", b"x" * 70_000, sent=SECONDS))
    assert await refused(response) == (413, "body_too_large")


# The vocabulary ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "data", "event"),
    [
        ("call.offered", {}, CallOffered("c1", NOW)),
        ("call.picked_up", {"login": "WangFang"}, CallPickedUp("c1", NOW, "wangfang")),
        ("call.picked_up", {"extension": "8001"}, CallPickedUp("c1", NOW, extension="8001")),
        ("call.ended", {"by": "caller", "seconds": 61}, CallEnded("c1", NOW, "caller", 61)),
        ("call.abandoned", {}, CallAbandoned("c1", NOW)),
        ("voicemail.left", {"seconds": 9, "transcript": "宽带\x00坏了"}, VoicemailLeft("c1", NOW, 9, "宽带坏了")),
        (
            "recording.ready",
            {"recording": "https://pbx.example.cn/1.mp3", "seconds": 61, "content_type": "audio/mpeg"},
            RecordingReady("c1", NOW, 61, Media("https://pbx.example.cn/1.mp3", type="audio/mpeg")),
        ),
        ("ivr.score", {"score": 4}, CallScored("c1", NOW, 75, 4)),
        ("ivr.score", {"score": 64, "scale": "0-100"}, CallScored("c1", NOW, 64)),
    ],
)
async def test_every_kind_of_report_is_an_event(
    pbx: Pbx, kind: str, data: dict[str, object], event: CallOffered
) -> None:
    response = await pbx.post(pbx.peer.report("m1", kind, NOW, **{"call": "c1", "caller": CALLER, **data}))
    assert response.status == 200
    assert pbx.house.received[-1].event == event


async def test_a_report_that_we_do_not_know_is_answered_and_kept_from_the_house(pbx: Pbx) -> None:
    response = await pbx.report("call.muted")
    assert (response.status, await response.json()) == (200, {"taken": False})
    assert pbx.house.received == []


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("call.offered", {"caller": "a friend"}),
        ("call.offered", {"caller": 5}),
        ("call.offered", {"call": ""}),
        ("call.offered", {"call": "两个字"}),
        ("call.ended", {"by": "nobody", "seconds": 1}),
        ("call.ended", {"by": "caller", "seconds": -1}),
        ("call.ended", {"by": "caller"}),
        ("ivr.score", {"score": 6}),
        ("ivr.score", {"score": 0}),
        ("ivr.score", {"score": 101, "scale": "0-100"}),
        ("recording.ready", {"recording": "file:///etc/passwd"}),
        ("recording.ready", {}),
        ("voicemail.left", {"transcript": "x" * 4001}),
    ],
)
async def test_a_report_that_makes_no_sense_is_refused(pbx: Pbx, kind: str, data: dict[str, object]) -> None:
    response = await pbx.post(pbx.peer.report("m1", kind, NOW, **{"call": "c1", "caller": CALLER, **data}))
    assert response.status == 422
    assert pbx.house.received == []


@pytest.mark.parametrize("days", [-31, 1])
async def test_a_report_of_an_impossible_time_is_refused(pbx: Pbx, days: int) -> None:
    report = pbx.peer.report("m1", "call.offered", NOW + timedelta(days=days), call="c1", caller=CALLER)
    response = await pbx.post(pbx.peer.signed("m1", report.body, sent=SECONDS))
    assert await refused(response) == (422, "time_impossible")


@given(st.binary(max_size=200) | DOCUMENTS.map(lambda found: json.dumps(found).encode()))
def test_whatever_is_posted_is_read_or_refused(body: bytes) -> None:
    try:
        read(body)
    except (Malformed, Unsupported):
        return


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"type":' * 7_000, b"\xff\xfe", b'{"type":"\\ud800"}', b""])
def test_hostile_bodies_are_refused(body: bytes) -> None:
    with pytest.raises((Malformed, Unsupported)):
        read(body)


@pytest.mark.parametrize("language", ["hotline.md", "hotline.zh.md"])
def test_every_example_in_the_documents_is_a_report(language: str) -> None:
    text = (DOCS / language).read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in text.split("```json\n")[1:]]
    assert {json.loads(example)["type"] for example in examples} >= {"call.offered", "voicemail.left", "ivr.score"}
    for example in examples:
        read(example.encode())


def test_the_schema_in_the_documents_is_what_the_door_reads() -> None:
    shown = json.loads((DOCS / "hotline.schema.json").read_text(encoding="utf-8"))
    schema = msgspec.json.schema(Report)
    assert {key: shown[key] for key in schema} == schema


# Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000001", "13800000001"),
        ("+86 138 0000 0001", "13800000001"),
        ("0086-138-0000-0001", "13800000001"),
        ("010-1234 5678", "01012345678"),
        ("+86 10 1234 5678", "01012345678"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("10086", "10086"),
    ],
)
def test_one_number_has_one_spelling(written: str, number: str) -> None:
    assert spelled(written) == number


@given(st.from_regex(r"\+?[0-9]{3,20}", fullmatch=True))
def test_a_masked_number_shows_little_and_keeps_its_length(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    if len(number.removeprefix("+")) > 5:
        assert "*" in shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800000001", "138****0001"), ("01012345678", "010****5678"), ("+14155552671", "+141****2671")],
)
def test_a_number_is_shown_by_its_ends(number: str, shown: str) -> None:
    assert masked(number) == shown


async def test_a_caller_who_withholds_the_number_is_a_contact_for_this_call(pbx: Pbx) -> None:
    await pbx.report("call.offered", caller=None)
    assert pbx.house.received[-1].address.contact == "call:c1"
    assert pbx.house.received[-1].name == ""


# Recordings -------------------------------------------------------------------------------------------------------


async def test_recordings_come_from_the_listed_site_only_and_without_detours() -> None:
    app = web.Application()
    asked: list[str] = []

    async def serve(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Authorization", ""))
        match request.path:
            case "/1.mp3":
                return web.Response(body=b"ID3", content_type="audio/mpeg")
            case "/elsewhere":
                raise web.HTTPFound("http://169.254.169.254/")
            case "/later":
                raise web.HTTPServiceUnavailable
        raise web.HTTPForbidden

    app.router.add_get("/{path}", serve)
    async with TestServer(app) as server, ClientSession() as session:
        site = str(server.make_url("")).rstrip("/")
        account = HotlineAccount("pbx", ACCOUNT.secret, recording_origins=(site,), recording_token="t")
        door = HotlineDoor(accounts={"pbx": account}, receive=House().receive, session=session)
        found = await door.fetch("pbx", Media(f"{site}/1.mp3"))
        assert (found.content, found.name, found.type, asked) == (b"ID3", "1.mp3", "audio/mpeg", ["Bearer t"])
        for path, error in (("/elsewhere", Undeliverable), ("/gone", Undeliverable), ("/later", TryAgain)):
            with pytest.raises(error):
                await door.fetch("pbx", Media(site + path))
        for foreign in (
            "http://127.0.0.1:1/1.mp3",
            site.replace("http:", "https:") + "/1.mp3",
            f"{site}@evil.cn/1.mp3",
        ):
            with pytest.raises(Undeliverable):
                await door.fetch("pbx", Media(foreign))
    assert len(asked) == 4
