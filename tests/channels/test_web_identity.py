"""Who may speak for whom at the web door: signed subjects and sites."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_aiohttp import AiohttpClient

from channels.accounts import AppAccount
from channels.door import Malformed
from channels.web.identity import Identity, identity_of
from tests.channels.web_house import APP, SECRET, SITE, Customer, House, application, doors

NOW = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"the operator's own private key 1")
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
KEYS = AppAccount("keys", jwt_secret=SECRET, audience="huiying", jwt_public_keys=(PUBLIC,))


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def customer(house: House, aiohttp_client: AiohttpClient) -> Customer:
    return Customer(await aiohttp_client(application(*doors(house, public_url="https://chat.operator.example/x"))))


def claims(**changes: object) -> dict[str, object]:
    proper = {"sub": "8613800000000", "aud": "huiying", "exp": int(time.time()) + 600}
    return {name: value for name, value in {**proper, **changes}.items() if value is not None}


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
    return jwt.encode(claims(**changes), secret, algorithm=algorithm)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(algorithm: str = "none") -> str:
    return f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims())}."


def signed_by_hand(header: object, key: str = SECRET) -> str:
    head = f"{part(header)}.{part(claims())}"
    mark = base64.urlsafe_b64encode(hmac.digest(key.encode(), head.encode(), "sha256")).rstrip(b"=").decode()
    return f"{head}.{mark}"


PROPER_HEADER = {"alg": "HS256", "typ": "JWT"}


async def test_a_signed_subject_is_the_contact(customer: Customer) -> None:
    await customer.arrive({"jwt": signed()})
    assert customer.contact == "u:8613800000000"


async def test_the_app_has_an_audience_of_its_own(customer: Customer) -> None:
    customer.base = "/channels/app/demo"
    await customer.arrive({"jwt": signed(aud="huiying-app")})
    assert customer.contact == "u:8613800000000"
    response = await customer.client.post(f"{customer.base}/sessions", json={"jwt": signed(aud="huiying")})
    assert response.status == 401


def bad_proofs() -> dict[str, object]:
    """Made when a test asks, since some of them depend on the time."""
    now = int(time.time())
    return {
        "another secret": signed(secret="somebody else's secret, just as long as ours"),
        "no signature": unsigned(),
        "no signature, written otherwise": unsigned("NonE"),
        "no signature under a proper name": unsigned("HS256"),
        "a public key as the secret": signed_by_hand(PROPER_HEADER, PUBLIC),
        "a header that must be understood": signed_by_hand({**PROPER_HEADER, "crit": ["exp"]}),
        "a payload that is not encoded": signed_by_hand({**PROPER_HEADER, "b64": False}),
        "no algorithm": signed_by_hand({"typ": "JWT"}),
        "a list of algorithms": signed_by_hand({"alg": ["HS256"]}),
        "a cut signature": signed()[:-4],
        "another algorithm": signed(algorithm="HS384"),
        "another audience": signed(aud="somebody"),
        "no audience": signed(aud=None),
        "an empty audience": signed(aud=""),
        "lapsed": signed(exp=now - 1),
        "no end": signed(exp=None),
        "an end now": signed(exp=now - 0.5),
        "an end before time": signed(exp=-1),
        "an end that is true": signed(exp=True),
        "an end beyond numbers": signed(exp=10**400),
        "an end that is no number": signed(exp=float("nan")),
        "a list of ends": signed(exp=[now + 60]),
        "issued ahead of time": signed(iat=now + 120),
        "issued long ago": signed(iat=now - 3_600),
        "issued at a text": signed(iat="now"),
        "valid from a text": signed(nbf="now"),
        "valid from no number": signed(nbf=float("nan")),
        "a number as subject": signed(sub=8613800000000),
        "audiences that are others'": signed(aud=["one", "two"]),
        "an audience that is a number": signed(aud=5),
        "an end too far ahead": signed(exp=now + 3_600),
        "an end that is text": signed(exp="tomorrow"),
        "an endless end": signed(exp=float("inf")),
        "not yet valid": signed(nbf=now + 300),
        "no subject": signed(sub=None),
        "an empty subject": signed(sub=""),
        "a long subject": signed(sub="8" * 129),
        "a subject with control characters": signed(sub="a\nb"),
        "no token": "",
        "a number": 5,
        "a list": [signed()],
        "an object": {"$ne": None},
        "a flood of dots": "." * 4_000,
        "too long": "a" * 5_000,
    }


@pytest.mark.parametrize("kind", bad_proofs())
async def test_a_bad_proof_of_identity_opens_nothing(customer: Customer, kind: str) -> None:
    response = await customer.client.post(f"{customer.base}/sessions", json={"jwt": bad_proofs()[kind]})
    assert response.status == 401
    assert (await response.json())["code"].startswith("jwt_")


async def test_a_key_id_is_not_needed_and_changes_nothing(customer: Customer) -> None:
    for kid in ("2026-01", "../../etc/passwd", "' OR 1=1"):
        await customer.arrive({"jwt": signed_by_hand({**PROPER_HEADER, "kid": kid})})
        assert customer.contact == "u:8613800000000"


async def test_a_session_knows_what_the_operator_calls_the_customer(house: House, customer: Customer) -> None:
    await customer.arrive({"jwt": signed(name=" 王芳 ", language="en-GB")})
    await customer.arrive({"jwt": signed(name="a\nb", language="fr")})
    await customer.arrive({"jwt": signed(name="长" * 99, language=5)})
    assert house.named == [("王芳", "en"), ("", ""), ("长" * 64, "")]


def at(
    moment: datetime, account: AppAccount = KEYS, key: object = SECRET, algorithm: str = "HS256", **more: int
) -> str:
    """Show a token at a moment; the subject, or why it was refused."""
    ends = {"exp": int((NOW + timedelta(minutes=15)).timestamp()), "iat": int(NOW.timestamp()), **more}
    token = jwt.encode({"sub": "alice", "aud": "huiying", **ends}, key, algorithm=algorithm)  # type: ignore[arg-type]
    try:
        return identity_of(token, account, moment).subject
    except Malformed as refused:
        return refused.reason


def test_a_token_holds_for_fifteen_minutes_and_a_clock_may_be_half_a_minute_ahead() -> None:
    assert at(NOW) == "alice"
    assert at(NOW + timedelta(minutes=14, seconds=59)) == "alice"
    assert at(NOW + timedelta(minutes=15)) == "jwt_lapsed"
    assert at(NOW - timedelta(seconds=30)) == "alice"
    assert at(NOW - timedelta(seconds=31)) == "jwt_lives_too_long"
    assert at(NOW, iat=int(NOW.timestamp()) - 1) == "jwt_lives_too_long"
    assert at(NOW, nbf=int(NOW.timestamp()) + 31) == "jwt_not_yet_valid"
    assert at(NOW, nbf=int(NOW.timestamp()) + 30) == "alice"


def test_an_operator_may_sign_with_a_key_that_only_it_holds() -> None:
    assert at(NOW, key=PRIVATE, algorithm="EdDSA") == "alice"
    stranger = Ed25519PrivateKey.from_private_bytes(b"somebody else's own private key!")
    assert at(NOW, key=stranger, algorithm="EdDSA") == "jwt_refused"
    assert at(NOW, account=APP, key=PRIVATE, algorithm="EdDSA") == "jwt_refused"
    with pytest.raises(Malformed):  # A public key is no secret, so nothing is proved by its use as one.
        identity_of(signed_by_hand(PROPER_HEADER, PUBLIC), KEYS, datetime.now(UTC))


def test_a_key_is_replaced_without_a_moment_in_which_nobody_gets_in() -> None:
    former, new = "the secret of last year, long enough to sign", "the secret of this year, long enough to sign"
    both = AppAccount("a", jwt_secret=new, jwt_former_secrets=(former,), audience="huiying")
    after = AppAccount("a", jwt_secret=new, audience="huiying")
    assert [at(NOW, both, former), at(NOW, both, new)] == ["alice", "alice"]
    assert [at(NOW, after, former), at(NOW, after, new)] == ["jwt_refused", "alice"]


def test_whatever_is_shown_is_an_identity_or_refused() -> None:
    proper = jwt.encode({"sub": "a", "aud": "huiying", "exp": int(NOW.timestamp()) + 60}, SECRET, algorithm="HS256")
    assert identity_of(proper, KEYS, NOW) == Identity("a")
    for place in range(len(proper)):
        changed = proper[:place] + ("A" if proper[place] != "A" else "B") + proper[place + 1 :]
        with pytest.raises(Malformed):
            identity_of(changed, KEYS, NOW)


async def test_an_account_without_a_secret_proves_nothing(customer: Customer) -> None:
    empty = signed(secret="x" * 32, aud="")
    response = await customer.client.post("/channels/web/other/sessions", json={"jwt": empty})
    assert response.status == 401


@pytest.mark.parametrize("origin", [None, SITE, "https://chat.operator.example", "our own"])
async def test_a_listed_site_and_our_own_pages_may_speak(customer: Customer, origin: str | None) -> None:
    own = f"http://{customer.client.host}:{customer.client.port}"
    sent = own if origin == "our own" else origin
    headers = {} if sent is None else {"Origin": sent}
    response = await customer.client.post(f"{customer.base}/sessions", json={}, headers=headers)
    assert response.status == 201
    assert response.headers.get("Access-Control-Allow-Origin") == sent


STRANGERS = [
    "https://evil.example",
    "https://shop.example.evil.example",
    "https://shop.example:8443",
    "http://shop.example",
    "https://SHOP.example",
    "https://shop.example/",
    "null",
    "",
    "https://chat.operator.example.",
    "file://",
]


@pytest.mark.parametrize("origin", STRANGERS)
async def test_another_site_may_not_speak(customer: Customer, origin: str) -> None:
    headers = {"Origin": origin}
    opening = await customer.client.post(f"{customer.base}/sessions", json={}, headers=headers)
    reading = await customer.client.get(f"{customer.base}/messages", headers=headers)
    socket = await customer.client.get(
        f"{customer.base}/socket",
        headers={
            **headers,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )
    asking = await customer.client.options(f"{customer.base}/messages", headers=headers)
    assert {response.status for response in (opening, reading, socket, asking)} == {403}
    assert "Access-Control-Allow-Origin" not in opening.headers


async def test_a_listed_site_may_ask_before_it_sends(customer: Customer) -> None:
    response = await customer.client.options(f"{customer.base}/messages", headers={"Origin": SITE})
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


async def test_the_app_lists_no_sites(customer: Customer) -> None:
    response = await customer.client.post("/channels/app/demo/sessions", json={}, headers={"Origin": SITE})
    assert response.status == 403
