"""The door for web pages and the operator's app: one protocol of sessions, messages, long polls and sockets."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import structlog
from aiohttp import web

from channels.accounts import AppAccount, WebAccount
from channels.door import ANY_SIZE, Address, Busy, Capabilities, Malformed, Outbound, Receive, Undeliverable
from channels.web import answers
from channels.web.admission import Admission, token_of
from channels.web.bodies import TEXT_LIMIT, parse, read_json
from channels.web.files import FileRoutes
from channels.web.house import Files, Reaches, Sessions, Threads
from channels.web.identity import identity_of
from channels.web.limits import HINTS, MESSAGES, READS, SESSIONS, TRAFFIC, UPLOADS, Limits, TooMany
from channels.web.origins import require_origin
from channels.web.pauses import Pauses
from channels.web.peers import Peers
from channels.web.progress import Handler, Progress
from channels.web.queries import Page
from channels.web.sockets.socket import Socket

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


CAPABILITIES: Mapping[str, Capabilities] = MappingProxyType({
    "web": Capabilities(text_limit=TEXT_LIMIT, choices=True, pushes=False, files={"*": ANY_SIZE}),
    "app": Capabilities(text_limit=TEXT_LIMIT, choices=True, pushes=False, sleeps=True, files={"*": ANY_SIZE}),
})  # fmt: skip
"""By the channel's name."""


class WebDoor:
    """Serves the accounts of one channel, ``web`` or ``app``.

    Args:
        name: the channel.
        accounts: by name.
        receive: takes what customers write.
        sessions: knows tokens.
        threads: reads messages.
        files: keeps what customers upload.
        reaches: knows how far they have got.
        public_url: our own address as browsers see it, or empty where only the Host header tells.
        clock: the time (aware, UTC), for the life of a JWT.
        peers: tells from where a request comes; without it nobody's proxy is trusted.
        limits: how much a client may ask.
    """

    def __init__(
        self,
        name: str,
        *,
        accounts: Mapping[str, WebAccount] | Mapping[str, AppAccount],
        receive: Receive,
        sessions: Sessions,
        threads: Threads,
        files: Files,
        reaches: Reaches,
        public_url: str = "",
        clock: Callable[[], datetime] = _now,
        peers: Peers | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.name = name
        self.capabilities = CAPABILITIES[name]
        self._accounts = accounts
        self._receive = receive
        self._sessions = sessions
        self._threads = threads
        self._public_url = public_url
        self._clock = clock
        self._admission = Admission(name, sessions, peers=peers or Peers(), limits=limits or Limits())
        self._files = FileRoutes(name, files, self._admission.bearer, uploader=self._admission.within(UPLOADS))
        self._pauses = Pauses()
        self._reaches = reaches
        self._progress = Progress(reaches, self._admission.within(HINTS))
        self._socket = Socket(threads=threads, reaches=reaches, find=self._admission.find, arrived=self._arrived)

    def routes(self) -> Iterable[web.RouteDef]:
        """The routes of ``/channels/{web|app}/{account}``."""
        base = f"/channels/{self.name}/{{account}}"
        return [
            web.post(f"{base}/sessions", self._guarded(self._open_session)),
            web.delete(f"{base}/sessions", self._guarded(self._end_session)),
            web.post(f"{base}/messages", self._guarded(self._take_message)),
            web.get(f"{base}/messages", self._guarded(self._show_messages), allow_head=False),
            web.get(f"{base}/standing", self._guarded(self._show_standing), allow_head=False),
            web.post(f"{base}/files", self._guarded(self._files.take)),
            web.get(f"{base}/files/{{id}}", self._guarded(self._files.show), allow_head=False),
            web.get(f"{base}/socket", self._guarded(self._open_socket), allow_head=False),
            *self._progress.routes(base, self._guarded),
            web.options(f"{base}/{{rest:.+}}", self._guarded(self._allow)),
        ]

    async def send(self, outbound: Outbound) -> str:
        """Nothing is pushed here: the message row is the delivery.

        Raises:
            Undeliverable: always; this channel has no outbox rows.
        """
        raise Undeliverable("not_pushed")

    async def close(self) -> None:
        """End long polls and sockets, so that the process can stop; clients come back to another."""
        self._pauses.end()
        await self._socket.close()

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            origin: str | None = None
            try:
                origin = require_origin(request, self._account(request), self._public_url)
                response = await handler(request)
            except Malformed as refused:
                log.info("web.refused", channel=self.name, reason=refused.reason, status=refused.status)
                response = answers.refusal(refused)
            except Busy as cause:
                response = answers.busy(cause)
            except TooMany as cause:
                response = answers.slow_down(cause.after)
            if not response.prepared:
                _share(response, origin)
            return response

        return guarded

    async def _open_session(self, request: web.Request) -> web.StreamResponse:
        account = self._account(request)
        self._admission.count(SESSIONS, request)
        body = await read_json(request)
        proof = body.get("jwt")
        if proof is None:
            token, contact = await self._sessions.open(self.name, account.name, None)
        else:
            who = identity_of(proof, account, self._clock())
            token, contact = await self._sessions.open(
                self.name, account.name, who.subject, name=who.name, language=who.language
            )
        return answers.answer({"token": token, "contact": contact}, status=201)

    async def _end_session(self, request: web.Request) -> web.StreamResponse:
        """End the session of this device, or with ``?all=1`` those of all the contact's devices."""
        address = await self._admission.bearer(request)
        if request.query.get("all") == "1":
            await self._sessions.end_all(address)
        else:
            await self._sessions.end(token_of(request))
        return web.Response(status=204, headers=answers.HEADERS)

    async def _take_message(self, request: web.Request) -> web.StreamResponse:
        address = await self._admission.within(MESSAGES)(request)
        self._admission.count(TRAFFIC, request)
        body = await read_json(request)
        receipt = await self._receive(parse(address, body, await self._files.named(address, body)))
        if receipt.message is None:
            raise Busy
        if receipt.message.seq == 1:
            self._threads.begun(address)
        told = {
            "seq": receipt.message.seq,
            "id": receipt.message.id,
            "replies": [answers.as_json(reply) for reply in receipt.replies],
        }
        return answers.answer(told, status=200 if receipt.repeated else 201)

    async def _show_messages(self, request: web.Request) -> web.StreamResponse:
        address = await self._admission.within(READS)(request)
        page = Page.of(request.query)
        self._arrived(address, page.after)
        if page.before is not None:
            return answers.messages(await self._threads.before(address, page.before, page.limit))
        with self._threads.watch(address) as changes:
            clock, left = asyncio.get_running_loop(), page.wait
            while True:
                asked = clock.time()
                found = await self._threads.after(address, page.after, page.limit)
                if found or left <= 0 or self._pauses.closing:
                    return answers.messages(found)
                await self._pauses.pause(changes, left)
                left -= clock.time() - asked

    async def _show_standing(self, request: web.Request) -> web.StreamResponse:
        address = await self._admission.within(READS)(request)
        return answers.answer(answers.as_standing(await self._threads.standing(address)))

    async def _open_socket(self, request: web.Request) -> web.StreamResponse:
        return self._socket.serve(request, self._account(request).name)

    async def _allow(self, _request: web.Request) -> web.StreamResponse:
        """Answer a browser that asks before it sends across sites."""
        return web.Response(
            status=204,
            headers={
                "Access-Control-Allow-Methods": "DELETE, GET, POST",
                "Access-Control-Allow-Headers": "Authorization, Content-Type, Range",
                "Access-Control-Max-Age": "600",
            },
        )

    def _arrived(self, address: Address, seq: int) -> None:
        """An app that asks for what comes after a message has got it; a page may only have counted it."""
        if seq and self.name == "app":
            self._reaches.hint(address, delivered=seq, read=0)

    def _account(self, request: web.Request) -> WebAccount | AppAccount:
        account = self._accounts.get(request.match_info["account"])
        if account is None:
            raise Malformed("account_unknown", status=404)
        return account


def _share(response: web.StreamResponse, origin: str | None) -> None:
    """Let the browser show the answer to the site that asked."""
    response.headers["Vary"] = "Origin"
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
