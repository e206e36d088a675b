"""The gate before every call of ``/api/v1``: the key and its rights, the pace, and problems for what goes wrong."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec
import structlog
from aiohttp import web

from bot.api.v1.pace import Pace
from bot.api.v1.problems import HEADERS, Refused
from bot.db import UNREACHABLE, Pool
from bot.keys.keys import Key, Right, find_key
from channels.door import Busy

SCHEME = "Bearer "
LONGEST_KEY = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a program that may make it."""

    request: web.Request
    key: Key

    @property
    def id(self) -> int:
        """The number in the address."""
        return int(self.request.match_info["id"])

    @property
    def personal(self) -> bool:
        """Whether personal data are answered as they are."""
        return self.key.may(Right.PERSONAL_READ)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered."""

    body: object
    status: int = 200
    headers: Mapping[str, str] | None = None


Operation = Callable[[Call], Awaitable[Answer]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Lets only those calls pass that their key is for."""

    def __init__(self, pool: Pool, pace: Pace) -> None:
        self._pool = pool
        self._pace = pace

    def open(self, operation: Operation, right: Right) -> Handler:
        """An operation for keys with a right."""

        async def handle(request: web.Request) -> web.StreamResponse:
            headers: Mapping[str, str] = {}
            try:
                key = await self._key(request)
                left = await self._pace.call(key.id)
                headers = left.headers
                if left.calls < 0:
                    raise Refused(429, "too_many_requests", headers={"Retry-After": str(left.seconds)})
                if not key.may(right):
                    raise Refused(403, "scope_missing", f"this key is not for {right}")
                response = _answered(request, await operation(Call(request, key)))
            except Refused as refused:
                response = refused.answer()
            except web.HTTPRequestEntityTooLarge:
                response = Refused(413, "too_large").answer()
            except (Busy, *UNREACHABLE) as error:
                log.warning("api.busy", error=type(error).__name__)
                response = Refused(503, "busy", headers={"Retry-After": "2"}).answer()
            except Exception:
                resource = request.match_info.route.resource
                log.exception("api.failed", route=resource.canonical if resource else "")
                response = Refused(500, "failed").answer()
            response.headers.update(headers)
            return response

        return handle

    async def _key(self, request: web.Request) -> Key:
        """The key of a call. Raises: Refused where there is none in use."""
        given = request.headers.get("Authorization", "")
        if given[: len(SCHEME)].lower() == SCHEME.lower() and len(given) <= LONGEST_KEY:
            key = await find_key(self._pool, given[len(SCHEME) :].strip())
            if key is not None:
                return key
        raise Refused(401, "key_unknown", headers={"WWW-Authenticate": "Bearer"})


def _answered(request: web.Request, answer: Answer) -> web.Response:
    """The answer, or that it is still the one which the caller has."""
    text = answer.body if isinstance(answer.body, str) else msgspec.json.encode(answer.body).decode()
    headers = {**HEADERS, **(answer.headers or {})}
    if request.method == "GET":
        tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
        headers |= {"Cache-Control": "private, no-cache", "ETag": tag}
        if tag in request.headers.get("If-None-Match", "").replace(",", " ").split():
            return web.Response(status=304, headers=headers)
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    return web.Response(text=text, status=answer.status, content_type=kind, headers=headers)


async def nowhere(request: web.Request) -> web.StreamResponse:
    """What is no operation: another method of one is told apart from nothing at all."""
    allowed: set[str] = set()
    for resource in request.app.router.resources():
        if resource is not request.match_info.route.resource:
            allowed |= (await resource.resolve(request))[1]
    if allowed:
        headers = {"Allow": ", ".join(sorted(allowed))}
        return Refused(405, "method_not_allowed", headers=headers).answer()
    return Refused(404, "not_found").answer()
