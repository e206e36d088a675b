"""The hotline keeps the contract of doors, as far as a telephone has a place for it: a letter is a voicemail."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient, AiohttpServer

from channels.accounts import HotlineAccount
from channels.body import MOST_BYTES
from channels.door import Address
from channels.hotline.door import HotlineDoor
from channels.hotline.peer import Peer, Request
from router.events import CustomerEvent, Media, VoicemailLeft
from tests.channels.contract import Contract
from tests.channels.hotline_house import ACCOUNT, CALLER, NEXT_KEY, NOW, SECONDS
from tests.channels.stand import PICTURE, Answer, Flaw, House, Letter, Stand


class HotlineStand(Stand):
    """A telephone system with a machine that takes messages."""

    def __init__(
        self, door: HotlineDoor, house: House, client: TestClient[web.Request, web.Application], site: str
    ) -> None:
        super().__init__(door, house, Address("hotline", "pbx", CALLER))
        self.client = client
        self.recording = f"{site}/1.mp3"

    async def post(self, letter: Letter) -> Answer:
        return await self._post(self._voicemail(letter))

    async def forge(self, letter: Letter, flaw: Flaw) -> Answer:
        request, peer = self._voicemail(letter), Peer(ACCOUNT)
        match flaw:
            case Flaw.FOREIGN:
                return await self._post(self._voicemail(letter, account=NEXT_KEY))
            case Flaw.ABSENT:
                return await self._post(replace(request, headers={}))
            case Flaw.ALTERED:
                return await self._post(replace(request, body=request.body.replace(CALLER.encode(), b"13900000009")))
            case Flaw.REPLAYED:
                await self._post(request)
                other = self._voicemail(letter._replace(number=letter.number + 1))
                return await self._post(replace(other, headers={**request.headers, "webhook-id": "m2"}))
            case Flaw.STALE:
                return await self._post(peer.signed("m1", request.body, sent=SECONDS - 600))
            case Flaw.ELSEWHERE:
                return await self._post(self._voicemail(letter, account=replace(ACCOUNT, name="elsewhere")))
            case Flaw.STRANGE:
                return await self._post(peer.report("m1", "call.of_tomorrow", NOW))
            case Flaw.BROKEN:
                return await self._post(
                    peer.signed(
                        "m1", f'{{"type": "voicemail.left", "transcript": "{letter.text}'.encode(), sent=SECONDS
                    )
                )
            case Flaw.LARGE:
                return await self._post(peer.signed("m1", b" " * (MOST_BYTES + 1), sent=SECONDS))

    def _voicemail(self, letter: Letter, *, account: HotlineAccount = ACCOUNT) -> Request:
        said = {"recording": self.recording} if letter.picture else {"transcript": letter.text}
        return Peer(account).report(f"m{letter.number}", "voicemail.left", NOW, call="c1", caller=CALLER, **said)

    async def _post(self, request: Request) -> Answer:
        response = await self.client.post(request.path, data=request.body, headers=request.headers)
        return Answer(response.status, response.headers.get("Retry-After", ""))

    def meant(self, letter: Letter) -> CustomerEvent:
        return VoicemailLeft("c1", NOW, 0, letter.text)

    def media(self) -> Media | None:
        event = self.house.received[-1].event
        return event.media if isinstance(event, VoicemailLeft) else None


@pytest.fixture
async def stand(aiohttp_client: AiohttpClient, aiohttp_server: AiohttpServer) -> AsyncIterator[HotlineStand]:
    async def play(_request: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="audio/mpeg")

    house, app, recordings = House(), web.Application(), web.Application()
    recordings.router.add_get("/1.mp3", play)
    site = str((await aiohttp_server(recordings)).make_url("")).rstrip("/")
    async with ClientSession() as session:
        account = replace(ACCOUNT, recording_origins=(site,))
        door = HotlineDoor(accounts={"pbx": account}, receive=house.receive, session=session, clock=lambda: NOW)
        app.router.add_routes(door.routes())
        yield HotlineStand(door, house, await aiohttp_client(app), site)


CALLED = "nothing can be written to a telephone: people call back"


ABSENT = {
    "a_file_of_ours_arrives_whole_with_its_text": CALLED,
    "choices": CALLED,
    "a_long_text_arrives_in_parts_that_end_with_sentences": CALLED,
    "the_choices_of_a_long_text_stand_with_its_last_part": CALLED,
    "window": CALLED,
    "errors": CALLED,
    "reconnect": CALLED,
}


class TestHotline(Contract, channel="hotline", capabilities=HotlineDoor.capabilities, absent=ABSENT):
    """The suite at this stand."""
