"""The smallest door: a gateway for short messages, which brings and takes webhooks signed as Standard Webhooks say."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from aiohttp import ClientConnectorError, ClientError, ClientSession, web

from channels.body import read_body
from channels.door import (
    Address,
    Busy,
    Capabilities,
    Inbound,
    Malformed,
    Message,
    Outbound,
    Receive,
    TryAgain,
    Undeliverable,
    Unsupported,
    as_numbered_list,
)
from channels.texts import split
from channels.webhooks import key_of, require, require_fresh, sign
from router.events import Said

CHANNEL = "gateway"
TEXT_LIMIT = 300
READ_SECONDS = 10.0
NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class GatewayAccount:
    """A number of ours at the gateway."""

    name: str
    url: str
    """Where the gateway takes messages."""
    secret: str = field(repr=False)
    """Key of the signatures in both directions: ``whsec_`` and base64."""


class Event(msgspec.Struct, frozen=True):
    """What the gateway posts."""

    type: str
    sender: str = ""
    text: str = ""


def parse(body: bytes, *, account: str, source_id: str) -> Inbound:
    """Understand an event. Raises: Unsupported (nothing for us), Malformed (nobody can read it)."""
    try:
        event = msgspec.json.decode(body, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("not_an_event") from None
    if event.type != "message":
        raise Unsupported("not_a_message")
    text = event.text.replace("\0", "").strip()
    if NUMBER.fullmatch(event.sender) is None or not text:
        raise Malformed("event_incomplete")
    return Inbound(Address(CHANNEL, account, event.sender), source_id, Said(text))


class GatewayDoor:
    """Serves the numbers.

    Args:
        accounts: by name.
        receive: takes what customers write.
        session: carries our calls.
        clock: the time (aware).
    """

    name = CHANNEL
    capabilities = Capabilities(text_limit=TEXT_LIMIT, choices=False, pushes=True)

    def __init__(
        self,
        *,
        accounts: Mapping[str, GatewayAccount],
        receive: Receive,
        session: ClientSession,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._accounts = accounts
        self._receive = receive
        self._session = session
        self._clock = clock

    def routes(self) -> Iterable[web.RouteDef]:
        """``POST /channels/gateway/{account}``."""
        return [web.post(f"/channels/{CHANNEL}/{{account}}", self._take)]

    async def send(self, outbound: Outbound) -> str:
        """Push messages; returns the id of the last part. Raises: TryAgain, Undeliverable."""
        account = self._accounts.get(outbound.address.account)
        told = parts(outbound.messages)
        if account is None or not told:
            raise Undeliverable("account_unknown" if account is None else "empty")
        message_id = ""
        for place, part in enumerate(told):
            message_id = f"{outbound.messages[-1].id}-{place}"
            try:
                await self._push(account, outbound.address.contact, part, message_id)
            except TryAgain as error:  # Sent again, the parts that have arrived would be said twice.
                raise TryAgain(error.reason, after=error.after, unsure=error.unsure or place > 0) from None
        return message_id

    async def _take(self, request: web.Request) -> web.Response:
        """Take an event; it is acknowledged only after it has been stored."""
        try:
            await self._receive(await self._opened(request))
        except Unsupported:
            pass
        except Malformed as refused:
            return web.Response(status=refused.status, text=refused.reason)
        except Busy as busy:
            return web.Response(status=503, headers={"Retry-After": str(busy.after)})
        return web.Response()

    async def _opened(self, request: web.Request) -> Inbound:
        account = self._accounts.get(request.match_info["account"])
        if account is None:
            raise Malformed("account_unknown", status=404)
        message_id = request.headers.get("webhook-id", "")
        given = request.headers.get("webhook-signature", "").split(" ")
        sent = require_fresh(request.headers.get("webhook-timestamp", ""), self._clock().timestamp())
        body = await read_body(request, asyncio.get_running_loop().time() + READ_SECONDS)
        require(given, key_of(account.secret), message_id=message_id, timestamp=sent, body=body)
        return parse(body, account=account.name, source_id=message_id)

    async def _push(self, account: GatewayAccount, to: str, text: str, message_id: str) -> None:
        body, now = json.dumps({"to": to, "text": text}).encode(), int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(key_of(account.secret), message_id, now, body),
        }
        try:
            async with self._session.post(account.url, data=body, headers=headers) as response:
                status, wait = response.status, response.headers.get("Retry-After", "")
        except ClientConnectorError:
            raise TryAgain("unreachable") from None
        except (ClientError, TimeoutError):
            raise TryAgain("broken_off", unsure=True) from None
        if status in (429, 503):
            raise TryAgain(str(status), after=timedelta(seconds=int(wait)) if wait.isdigit() else None)
        if status >= 500:
            raise TryAgain(str(status), unsure=True)
        if status >= 400:
            raise Undeliverable(str(status))


def parts(messages: Sequence[Message]) -> list[str]:
    """Messages as the gateway carries them: one text, choices as a numbered list. Raises: Undeliverable (a file)."""
    if any(message.attachment is not None for message in messages):
        raise Undeliverable("no_files")
    return split("\n".join(as_numbered_list(message.text, message.choices) for message in messages), TEXT_LIMIT)
