"""The operator's interface gets requests: signed, one number for each, again while it is down, else people do."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.business.calls import MOST_TRIES, Caller
from bot.business.forms import shipped_forms
from channels.accounts import BusinessAccount
from channels.webhooks import key_of, require
from tests.bot.stage import Stage, open_stage
from tests.router.test_forms import INVOICE, office

SECRET = "whsec_c2VjcmV0IG9mIHRoaXMgdGVzdA=="


@dataclass
class Interface:
    """A stand-in for an operator's interface, which answers by its script."""

    script: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Take a request whose signature holds."""
        signature, number, at = (request.headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp"))
        body = await request.read()
        require([signature], key_of(SECRET), message_id=number, timestamp=int(at), body=body)
        self.numbers.append(number)
        self.told.append(json.loads(body))
        status, said = self.script.pop(0)
        return web.Response(status=status, text=said)


@dataclass
class Scene:
    """A stage, an interface, and a caller that is driven by hand."""

    stage: Stage
    interface: Interface
    caller: Caller

    async def file(self) -> None:
        """A customer asks for an invoice."""
        for said in ("开发票", *INVOICE.values()):
            await self.stage.say(said)
        await self.stage.say("", choice="form:confirm")

    async def call(self) -> int:
        """Call what is due, however long it should wait."""
        await self.stage.pool.execute("UPDATE business_requests SET call_due = filed WHERE call_due IS NOT NULL")
        return await self.caller.round()

    async def row(self) -> dict[str, object]:
        """The request."""
        found = await self.stage.pool.fetchrow(
            "SELECT state, call_due IS NOT NULL AS waits, call_attempts AS tries, call_error AS error, moved_by"
            " FROM business_requests"
        )
        assert found is not None
        return dict(found)


@pytest.fixture
async def scene(database_url: str, redis_url: str) -> AsyncIterator[Scene]:
    invoice = replace(shipped_forms()["invoice"], call="billing")
    at = replace(office(), forms=MappingProxyType({**shipped_forms(), "invoice": invoice}))
    interface, app = Interface(), web.Application()
    app.router.add_post("/requests", interface.take)
    async with open_stage(database_url, redis_url, at=at) as stage, TestServer(app) as server:
        account = BusinessAccount("billing", str(server.make_url("/requests")), SECRET, private=True)
        accounts = {"billing": account}
        async with Caller(stage.pool, accounts, stage.writer, stage.bus, chance=lambda: 0.0) as caller:
            yield Scene(stage, interface, caller)


async def test_an_interface_that_was_down_gets_a_request_again_under_one_number_and_its_word_reaches_the_customer(
    scene: Scene,
) -> None:
    await scene.file()
    scene.interface.script = [(503, ""), (200, '{"state": "done", "note": "电子发票已发送。"}')]
    assert await scene.call() == 1
    assert await scene.row() == {"state": "new", "waits": True, "tries": 1, "error": "503", "moved_by": None}
    assert await scene.call() == 1
    assert await scene.call() == 0
    assert await scene.row() == {"state": "done", "waits": False, "tries": 2, "error": "", "moved_by": None}
    assert scene.interface.numbers == ["request_1", "request_1"]
    data = scene.interface.told[0]["data"]
    assert (data["request"], data["form"], data["version"]) == (1, "invoice", 1)
    assert {one["step"]: one["value"] for one in data["answers"]} == INVOICE | {"kind": "company"}
    said = await scene.stage.pool.fetchval("SELECT text FROM messages ORDER BY seq DESC LIMIT 1")
    assert said.endswith("已办结。电子发票已发送。")


@pytest.mark.parametrize(("status", "tries"), [(422, 1), (500, MOST_TRIES)])
async def test_what_an_interface_refuses_or_never_takes_goes_to_people(scene: Scene, status: int, tries: int) -> None:
    await scene.file()
    scene.interface.script = [(status, "")] * tries
    for _ in range(tries):
        assert await scene.call() == 1
    assert await scene.call() == 0
    row = {"state": "new", "waits": False, "tries": tries, "error": str(status), "moved_by": None}
    assert await scene.row() == row


async def test_an_answer_that_makes_no_sense_means_that_it_was_taken(scene: Scene) -> None:
    await scene.file()
    scene.interface.script = [(200, "<html>thank you</html>")]
    await scene.call()
    assert (await scene.row())["state"] == "in_hand"
