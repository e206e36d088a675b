"""Who opens a session with a signed subject is one customer on web and app; codes go out by a signed webhook."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.config.accounts import parse
from bot.config.table import AccountsError
from bot.customers.recognition import Recognition
from bot.customers.sms import Sms
from bot.web_sessions import WebSessions
from channels.accounts import SmsAccount
from channels.door import Address
from channels.webhooks import key_of, require
from router.events import Unjoined
from tests.bot.stage import PROOFS, Stage, open_stage

SECRET = "whsec_c2VjcmV0IG9mIHRoZSBnYXRld2F5"


@pytest.fixture
async def stage(database_url: str, redis_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, redis_url) as opened:
        yield opened


def sessions(stage: Stage) -> WebSessions:
    return WebSessions(stage.pool, stage.bus, Recognition(stage.pool, stage.writer.take, PROOFS))


async def test_the_same_subject_on_web_and_app_opens_sessions_as_one_customer_and_says_nothing(stage: Stage) -> None:
    opened = sessions(stage)
    for channel in ("web", "app", "app"):
        await opened.open(channel, "demo", "alice")
    await opened.open("web", "demo", "bob")
    await opened.open("web", "demo", None)
    rows = await stage.pool.fetch("SELECT channel, address, customer_id FROM contacts ORDER BY id")
    assert [row["address"] for row in rows] == ["u:alice", "u:alice", "u:bob"]
    assert rows[0]["customer_id"] == rows[1]["customer_id"] != rows[2]["customer_id"]
    assert await stage.pool.fetchval("SELECT count(*) FROM messages") == 0
    assert await stage.pool.fetchval("SELECT count(*) FROM identities") == 3


async def test_a_contact_that_comes_for_the_first_time_is_called_as_the_operator_says(stage: Stage) -> None:
    opened = sessions(stage)
    await opened.open("app", "demo", "carol", name="李娜", language="en")
    await opened.open("app", "demo", "carol", name="", language="zh")
    row = await stage.pool.fetchrow("SELECT name, language FROM contacts WHERE address = 'u:carol'")
    assert row is not None
    assert tuple(row.values()) == ("李娜", "en")


async def test_sessions_opened_at_the_same_instant_make_one_customer(stage: Stage) -> None:
    opened = sessions(stage)
    await asyncio.gather(*(opened.open(("web", "app")[n % 2], "demo", "alice") for n in range(12)))
    assert await stage.pool.fetchval("SELECT count(DISTINCT customer_id) FROM contacts") == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM joins WHERE unjoined IS NULL") == 2


async def test_a_contact_that_a_leader_took_away_is_not_joined_again_by_opening_a_session(stage: Stage) -> None:
    opened = sessions(stage)
    for channel in ("web", "app"):
        await opened.open(channel, "demo", "alice")
    leader = await stage.hire("lizhang")
    contact = await stage.pool.fetchval("SELECT id FROM contacts WHERE channel = 'app'")
    await stage.act(contact, Unjoined(leader, "不是本人"))
    await opened.open("app", "demo", "alice")
    await stage.say("话费", Address("app", "demo", "u:alice"))
    assert await stage.pool.fetchval("SELECT customer_id FROM contacts WHERE channel = 'app'") is None


async def test_a_code_is_posted_to_the_gateway_with_a_signature(stage: Stage) -> None:
    taken: list[tuple[str, bytes, str, str]] = []

    async def take(request: web.Request) -> web.Response:
        headers = request.headers
        signature, number, at = (headers[f"webhook-{name}"] for name in ("signature", "id", "timestamp"))
        taken.append((signature, await request.read(), number, at))
        return web.Response(status=503 if len(taken) == 1 else 204)

    app = web.Application()
    app.router.add_post("/codes", take)
    async with TestServer(app) as server:
        sms = Sms(SmsAccount("main", str(server.make_url("/codes")), SECRET))
        sms.request([("13812341234", "123456")])
        await sms.close()
    assert len(taken) == 2
    signature, body, number, at = taken[1]
    require([signature], key_of(SECRET), message_id=number, timestamp=int(at), body=body)
    assert json.loads(body) == {"type": "code", "to": "13812341234", "code": "123456", "minutes": 5}
    assert taken[0][2] == number


async def test_without_a_gateway_nothing_is_sent() -> None:
    sms = Sms(None)
    sms.request([("13812341234", "123456")])
    await sms.close()


def test_the_gateway_stands_in_the_file_of_accounts() -> None:
    text = f'[sms.main]\nurl = "https://sms.operator.example/codes"\nsecret = "{SECRET}"\n'
    found = parse(text, file="x.toml", environ={}).sms["main"]
    assert (found.url, found.secret) == ("https://sms.operator.example/codes", SECRET)
    for broken in (text.replace("https", "ftp"), text.replace(SECRET, "nothing"), text + text.replace("main", "two")):
        with pytest.raises(AccountsError):
            parse(broken, file="x.toml", environ={})
