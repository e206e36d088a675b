"""Telegram keeps the contract of doors."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient, AiohttpServer

from channels.door import Address
from channels.telegram.door import MOST_BYTES, TelegramDoor
from channels.telegram.door import SECRET as HEADER
from tests.channels.contract import Contract
from tests.channels.stand import PICTURE, Answer, Arrival, Flaw, House, Letter, Refusal, Shelf, Stand
from tests.channels.telegram_api import Call, Flood, Outage, TelegramApi
from tests.channels.telegram_house import CHAT, MAIN, SECRET, Unhurried, tapped, wrote

PATH = "/channels/telegram/main"
PHOTO = [{"file_id": "P1", "file_unique_id": "u1", "file_size": len(PICTURE), "width": 9, "height": 9}]
UNSIGNED = "Telegram signs no body: it names a secret, and TLS guards the rest"
UNLIMITED = "who has begun a chat may be written to at any time; the pace is the bot's"


class TelegramStand(Stand):
    """Telegram before our bot."""

    def __init__(
        self, door: TelegramDoor, house: House, client: TestClient[web.Request, web.Application], api: TelegramApi
    ) -> None:
        super().__init__(door, house, Address("telegram", "main", str(CHAT)))
        self.client = client
        self.api = api

    async def post(self, letter: Letter) -> Answer:
        return await self._post(update(letter))

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        match flaw:
            case Flaw.FOREIGN:
                return await self._post(update(letter), headers={HEADER: "another"})
            case Flaw.ABSENT:
                return await self._post(update(letter), headers={})
            case Flaw.ELSEWHERE:
                return await self._post(update(letter), path="/channels/telegram/elsewhere")
            case Flaw.STRANGE:
                return await self._post({"update_id": letter.number, "of_tomorrow": {"id": 1}})
            case Flaw.BROKEN:
                return await self._post(f'{{"update_id": 1, "message": {{"text": "{letter.text}"'.encode())
            case Flaw.LARGE:
                return await self._post(b" " * (MOST_BYTES + 1))
            case _:
                return await super().forge(letter, flaw)

    async def _post(self, sent: dict[str, Any] | bytes, *, path: str = PATH, headers: Any = None) -> Answer:
        body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
        response = await self.client.post(path, data=body, headers={HEADER: SECRET} if headers is None else headers)
        return Answer(response.status, response.headers.get("Retry-After", ""))

    def arrived(self) -> list[Arrival]:
        return [
            Arrival(
                call.asked.get("text", call.asked.get("caption", "")),
                tuple(button["callback_data"] for row in call.buttons for button in row),
                b"".join(call.files.values()),
            )
            for call in self.api.sent()
        ]

    def refuse(self, refusal: Refusal) -> None:
        match refusal:
            case Refusal.LATER:
                self.api.fail("sendMessage", 502)
            case Refusal.PAUSED:
                self.api.fail("sendMessage", Flood(60))
            case Refusal.HALFWAY:
                self.api.fail("sendMessage", None, 502)
            case Refusal.NEVER:
                self.api.blocked.add(CHAT)
            case Refusal.UNSURE:
                self.api.fail("sendMessage", Outage.DROPPED)
            case _:
                super().refuse(refusal)


def update(letter: Letter) -> dict[str, Any]:
    """A letter as Telegram brings it."""
    if letter.choice:
        shown = {"chat_id": str(CHAT), "reply_markup": json.dumps({"inline_keyboard": [[button(letter)]]})}
        return tapped(Call("sendMessage", shown, number=8), letter.choice)
    if letter.picture:
        return wrote(number=letter.number, photo=PHOTO)
    return wrote(letter.text, number=letter.number)


def button(letter: Letter) -> dict[str, str]:
    """The button that was tapped."""
    return {"text": letter.text, "callback_data": letter.choice}


@pytest.fixture
async def stand(aiohttp_client: AiohttpClient, aiohttp_server: AiohttpServer) -> AsyncIterator[TelegramStand]:
    house, api, app = House(), TelegramApi(), web.Application()
    api.kept["P1"] = PICTURE
    base = str((await aiohttp_server(api.application())).make_url("")).rstrip("/")
    async with ClientSession() as session:
        accounts = {"main": replace(MAIN, api_base=base)}
        door = TelegramDoor(accounts=accounts, receive=house.receive, session=session, pace=Unhurried(), files=Shelf())
        app.router.add_routes(door.routes())
        yield TelegramStand(door, house, await aiohttp_client(app), api)
        await door.close()


ABSENT = {
    "what_was_altered_after_it_was_signed_is_refused": UNSIGNED,
    "a_captured_signature_carries_no_second_event": UNSIGNED,
    "a_signature_of_long_ago_is_refused": UNSIGNED,
    "window": UNLIMITED,
    "reconnect": "Telegram keeps the thread and shows it by itself",
}


class TestTelegram(Contract, channel="telegram", capabilities=TelegramDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
