"""Who may speak for whom at the web door: signed subjects and sites."""

import base64
import json
import time

import jwt
import pytest
from pytest_aiohttp import AiohttpClient

from tests.channels.web_house import SECRET, SITE, Customer, House, application, doors


@pytest.fixture
async def customer(aiohttp_client: AiohttpClient) -> Customer:
    return Customer(await aiohttp_client(application(*doors(House(), public_url="https://chat.operator.example/x"))))


def claims(**changes: object) -> dict[str, object]:
    proper = {"sub": "8613800000000", "aud": "huiying", "exp": int(time.time()) + 600}
    return {name: value for name, value in {**proper, **changes}.items() if value is not None}


def signed(secret: str = SECRET, algorithm: str = "HS256", **changes: object) -> str:
    return jwt.encode(claims(**changes), secret, algorithm=algorithm)


def unsigned() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims())}."


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
        "a cut signature": signed()[:-4],
        "another algorithm": signed(algorithm="HS384"),
        "another audience": signed(aud="somebody"),
        "no audience": signed(aud=None),
        "an empty audience": signed(aud=""),
        "lapsed": signed(exp=now - 1),
        "no end": signed(exp=None),
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
