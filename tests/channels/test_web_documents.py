"""The documents of the app's protocol say what the doors do: every route, every answer, every frame."""

import time
from gzip import compress
from typing import Any

import jwt
import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse, FormData
from jsonschema import Draft202012Validator, ValidationError
from pytest_aiohttp import AiohttpClient

from bot.api.documents import ASYNCAPI, OPENAPI, document
from channels.door import Choice
from channels.web.house import News, Reach, Standing
from channels.web.limits import MESSAGES
from tests import documents
from tests.channels.web_house import SECRET, Customer, House, application, doors

BASE = "/channels/{channel}/{account}"
JSON, PROBLEM = "application/json", "application/problem+json"


@pytest.fixture
def house() -> House:
    return House(answer=lambda said: (("bot", f"您说：{said.text}", (Choice("human", "人工"),)),))


@pytest.fixture(params=["web", "app"])
async def customer(request: pytest.FixtureRequest, house: House, aiohttp_client: AiohttpClient) -> Customer:
    client = await aiohttp_client(application(*doors(house)))
    return await Customer(client, base=f"/channels/{request.param}/demo").arrive()


class Caller:
    """Calls, and holds each answer against the document."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.seen: set[tuple[str, str, int]] = set()

    async def call(self, method: str, path: str, *, suffix: str = "", status: int = 200, **more: Any) -> Any:
        """Call, expecting a status; the JSON of the answer, if it is any."""
        where = path.replace("{id}", suffix) if "{id}" in path else path + suffix
        headers = {**self.customer.headers, **more.pop("headers", {})}
        response = await self.customer.client.request(method, self.customer.base + where, headers=headers, **more)
        assert response.status == status, await response.text()
        told = await _read(response)
        documents.answer(method, BASE + path, status, response.content_type, told)
        self.seen.add((method, path, status))
        return told


async def _read(response: ClientResponse) -> Any:
    return await response.json(content_type=None) if "json" in response.content_type else await response.read()


def test_every_route_of_the_doors_is_in_the_document_and_no_other() -> None:
    served = {
        (route.method, route.path.replace(f"/channels/{door.name}/", "/channels/{channel}/"))
        for door in doors(House())
        for route in door.routes()
        if route.method != "OPTIONS"
    }
    told = {
        (method.upper(), path)
        for path, item in document(OPENAPI)["paths"].items()
        if path.startswith(BASE)
        for method in item
        if method != "parameters"
    }
    assert told == served


def test_every_shape_is_a_schema() -> None:
    schemas = document(OPENAPI)["components"]["schemas"]
    assert len(schemas) > 12
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for message in document(ASYNCAPI)["components"]["messages"].values():
        Draft202012Validator.check_schema(message["payload"])


def test_every_word_for_people_is_there_in_chinese_and_english() -> None:
    for item in document(OPENAPI)["paths"].values():
        for method, one in item.items():
            assert method == "parameters" or (one["summary"] and one["x-zh"])
            assert method == "parameters" or ("description" in one) == ("x-zh-description" in one)
            assert method == "parameters" or all("x-zh" in told or "$ref" in told for told in one["responses"].values())
    for name, schema in document(OPENAPI)["components"]["schemas"].items():
        for field, one in schema["properties"].items():
            assert ("description" in one) == ("x-zh" in one), (name, field)


async def test_every_call_is_answered_as_the_document_says(house: House, customer: Customer) -> None:
    caller = Caller(customer)
    audience = "huiying-app" if "/app/" in customer.base else "huiying"
    proof = jwt.encode({"sub": "1", "aud": audience, "exp": int(time.time()) + 60}, SECRET, algorithm="HS256")
    documents.shape({"jwt": proof}, "SessionRequest")
    await caller.call("POST", "/sessions", json={"jwt": proof}, status=201)
    await caller.call("POST", "/sessions", json={}, status=201)
    await caller.call("POST", "/sessions", json={"jwt": "x"}, status=401)
    await caller.call("POST", "/sessions", data=b"{", status=400)
    await caller.call("POST", "/sessions", json={}, headers={"Origin": "https://evil.example"}, status=403)

    body = {"client_msg_id": "m1", "text": "你好", "choice": "human", "language": "zh-CN"}
    documents.shape(body, "MessageRequest")
    first = await caller.call("POST", "/messages", json=body, status=201)
    assert await caller.call("POST", "/messages", json=body, status=200) == first
    await caller.call("POST", "/messages", json={"text": "你好"}, status=422)
    await caller.call("POST", "/messages", data=compress(b"{}"), headers={"Content-Encoding": "gzip"}, status=415)
    await caller.call("POST", "/messages", json={**body, "text": "x" * 70_000}, status=413)
    await caller.call("POST", "/messages", json=body, headers={"Authorization": "Bearer nobody"}, status=401)
    await caller.call("GET", "/messages", suffix="?after_seq=0&wait=0&limit=5")
    await caller.call("GET", "/messages", suffix="?before_seq=2")
    await caller.call("GET", "/messages", suffix="?after_seq=x", status=422)

    house.stand(customer.address(), Standing("queued", place=3, minutes=4))
    await caller.call("GET", "/standing")
    documents.shape({"delivered": 2, "read": 1}, "ReceiptsRequest")
    await caller.call("POST", "/receipts", json={"delivered": 2, "read": 1})
    await caller.call("POST", "/receipts", json={}, status=422)
    await caller.call("GET", "/receipts")
    await caller.call("GET", "/unread")
    await caller.call("POST", "/typing", status=204)

    form = FormData()
    form.add_field("file", b"words", filename="a.txt")
    file = await caller.call("POST", "/files", data=form, status=201)
    await caller.call("POST", "/files", suffix="?name=b.txt", data=b"more", status=201)
    await caller.call("POST", "/files", data=b"nothing that is taken", status=415)
    await caller.call("GET", "/files/{id}", suffix=file["id"])
    await caller.call("GET", "/files/{id}", suffix=file["id"], headers={"Range": "bytes=0-1"}, status=206)
    await caller.call("GET", "/files/{id}", suffix=file["id"], headers={"Range": "bytes=99-"}, status=416)
    await caller.call("GET", "/files/{id}", suffix="unknown", status=404)
    sent = {"client_msg_id": "m2", "attachment": file["id"]}
    documents.shape(sent, "MessageRequest")
    await caller.call("POST", "/messages", json=sent, status=201)

    await caller.call("GET", "/socket", status=426)
    for number in range(MESSAGES.burst):
        await customer.say("你好", f"n{number}")
    await caller.call("POST", "/messages", json=body, status=429)
    await caller.call("DELETE", "/sessions", suffix="?all=1", status=204)
    promised = {
        (method.upper(), path.removeprefix(BASE), int(status))
        for path, item in document(OPENAPI)["paths"].items()
        if path.startswith(BASE)
        for method, one in item.items()
        if method != "parameters"
        for status in one["responses"]
        if status.startswith("2")
    }
    assert promised - caller.seen == set()


async def test_every_frame_is_as_the_document_says(house: House, customer: Customer) -> None:
    hello = {
        "type": "hello",
        "token": customer.token,
        "after_seq": 0,
        "standing": True,
        "typing": True,
        "receipts": True,
    }
    documents.frame(hello, "Hello")
    socket = await customer.client.ws_connect(f"{customer.base}/socket")
    await socket.send_json(hello)
    documents.frame(await socket.receive_json(timeout=10), "Standing")
    for said, name in (({"type": "receipts", "read": 1}, "TellReceipts"), ({"type": "typing"}, "TellTyping")):
        documents.frame(said, name)
        await socket.send_json(said)
    await customer.say("你好")
    await house.happened(lambda: bool(house.typed))
    house.reached[customer.address()] = Reach(heard=1)
    house.tell(customer.address(), News.REACH)
    house.tell(customer.address(), News.TYPING)
    seen: set[str] = set()
    while seen != {"message", "read", "typing"}:
        seen.add(await held(socket))


async def held(socket: ClientWebSocketResponse) -> str:
    """Hold the next frame against the document; its type."""
    told = await socket.receive_json(timeout=10)
    kind: str = told["type"]
    documents.frame(told, kind.capitalize())
    return kind


def test_a_wrong_answer_is_seen() -> None:
    proper = {"seq": 1, "id": "1-1", "replies": []}
    documents.answer("POST", f"{BASE}/messages", 201, JSON, proper)
    for wrong in ({**proper, "seq": 0}, {**proper, "more": 1}, {"seq": 1}, {**proper, "replies": [{"seq": 2}]}):
        with pytest.raises(ValidationError):
            documents.answer("POST", f"{BASE}/messages", 201, JSON, wrong)
    with pytest.raises(KeyError):
        documents.answer("POST", f"{BASE}/messages", 418, PROBLEM, {})
    with pytest.raises(ValidationError):
        documents.frame({"type": "read", "seq": "1"}, "Read")
