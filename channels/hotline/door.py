"""The door for telephone systems: takes their signed reports, and fetches the recordings that they keep."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from http import HTTPStatus

import structlog
from aiohttp import ClientSession, web

from channels.accounts import HotlineAccount
from channels.body import read_body
from channels.door import (
    Busy,
    Capabilities,
    Fetched,
    Malformed,
    Outbound,
    Receive,
    Undeliverable,
    Unsupported,
)
from channels.hotline import recordings
from channels.hotline.reports import CHANNEL, parse, read
from channels.webhooks import MOST_SIGNATURES, key_of, require, require_fresh
from router.events import Media

READ_SECONDS = 10.0
LONGEST_ID = 256
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class HotlineDoor:
    """Serves the telephone systems.

    Args:
        accounts: by name.
        receive: takes what they report.
        session: carries our calls for recordings.
        clock: the time (aware, UTC).

    Raises:
        ValueError: the secret of an account is no ``whsec_`` and base64.
    """

    name = CHANNEL
    capabilities = Capabilities(text_limit=0, choices=False, pushes=False)

    def __init__(
        self,
        *,
        accounts: Mapping[str, HotlineAccount],
        receive: Receive,
        session: ClientSession,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._accounts = accounts
        self._keys = {name: key_of(account.secret) for name, account in accounts.items()}
        self._receive = receive
        self._session = session
        self._clock = clock

    def routes(self) -> Iterable[web.RouteDef]:
        """``POST /channels/hotline/{account}/events``."""
        return [web.post(f"/channels/{CHANNEL}/{{account}}/events", self._take)]

    async def send(self, outbound: Outbound) -> str:
        """Nothing can be written to a telephone: an agent calls back and puts it on record.

        Raises:
            Undeliverable: always.
        """
        raise Undeliverable("called_back_by_people")

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get a recording.

        Raises:
            TryAgain: not handed out now.
            Undeliverable: never to be handed out, or not where the account's recordings are.
        """
        held = self._accounts.get(account)
        if held is None:
            raise Undeliverable("account_unknown")
        return await recordings.fetch(self._session, held, media)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        """Answer 200 once the report is stored, or where it is none of our business; a repeat is answered alike."""
        try:
            return await self._taken(request)
        except Unsupported:
            return _answer({"taken": False})
        except Malformed as refused:
            log.info("hotline.refused", reason=refused.reason, status=refused.status)
            return _problem(refused.status, refused.reason)
        except Busy as cause:
            response = _problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy")
            response.headers["Retry-After"] = str(cause.after)
            return response

    async def _taken(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        key = self._keys.get(account)
        if key is None:
            raise Malformed("account_unknown", status=404)
        now = self._clock()
        message_id, timestamp = _header(request, "webhook-id"), _header(request, "webhook-timestamp")
        if len(message_id) > LONGEST_ID or not (message_id.isascii() and message_id.isprintable()):
            raise Malformed("id_unreadable")
        sent = require_fresh(timestamp, now.timestamp())
        given = _header(request, "webhook-signature").split(" ")[:MOST_SIGNATURES]
        body = await read_body(request, asyncio.get_running_loop().time() + READ_SECONDS)
        require(given, key, message_id=message_id, timestamp=sent, body=body)
        source_id = f"h:{blake2b(message_id.encode(), digest_size=16).hexdigest()}"
        receipt = await self._receive(parse(read(body), account=account, source_id=source_id, now=now))
        return _answer({"taken": True, "repeated": receipt.repeated})


def _header(request: web.Request, name: str) -> str:
    """The one header of that name.

    Raises:
        Malformed: it is missing, or comes twice, so that two readers could differ.
    """
    found = request.headers.getall(name, [])
    if len(found) != 1 or not found[0]:
        raise Malformed("header_missing" if not found else "header_twice", status=403)
    return found[0]


def _answer(body: Mapping[str, object]) -> web.Response:
    return web.Response(text=json.dumps(body), content_type="application/json", headers=HEADERS)


def _problem(status: int, code: str) -> web.Response:
    """Why a report was refused (RFC 9457); the ``code`` is constant, for programs."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    return web.Response(text=json.dumps(body), status=status, content_type="application/problem+json", headers=HEADERS)
