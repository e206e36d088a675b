"""One HTTP call to WeChat: within limits of time and of bytes, and with failures that tell no secret."""

from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import msgspec
from msgspec import Struct

from channels.door import TryAgain, Undeliverable

TIMEOUT = aiohttp.ClientTimeout(total=8, connect=3, sock_connect=3)
LONGEST_LIFE = 24 * 3600.0
"""Seconds that a token is believed to live; they live for two hours."""
MOST_ANSWER = 1024 * 1024
"""Bytes of an answer that is no file."""
BACK_OFF = timedelta(seconds=60)
"""How long whoever calls too often stays away."""
NOT_TAKEN = frozenset({429, 502, 503})
"""HTTP statuses of a gateway that has not passed the request on."""


class Answer(Struct, frozen=True):
    """The parts that we read of what the API answers."""

    errcode: int | None = None
    access_token: str = ""
    expires_in: float = 0
    """Seconds."""
    msgid: int | str = ""
    media_id: str = ""
    video_url: str = ""
    url: str = ""

    @property
    def lifetime(self) -> timedelta:
        """How long the access token lives, whatever number the API tells."""
        return timedelta(seconds=min(max(0.0, self.expires_in), LONGEST_LIFE))


class Content(Struct, frozen=True):
    """The body of an answer with its head."""

    body: bytes
    type: str
    """MIME type."""
    name: str = ""
    """The file name that it came with."""

    def answer(self) -> Answer | None:
        """Its meaning as an answer of the API, None where it is none."""
        try:
            return msgspec.json.decode(self.body, type=Answer, strict=False)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None


async def call(
    session: aiohttp.ClientSession,
    url: str,
    *,
    query: Mapping[str, str],
    body: bytes | aiohttp.FormData | None = None,
    within: aiohttp.ClientTimeout = TIMEOUT,
    most: int = MOST_ANSWER,
) -> Content:
    """Post a body, or get where there is none. The causes of failures are cut off: their texts hold the token.

    Args:
        session: carries the call.
        url: without its query.
        query: names and values.
        body: JSON, or a form with a file.
        within: how long it may take.
        most: bytes of the answer.

    Raises:
        TryAgain: no answer came, or none of the service; unsure where the call may have arrived.
        Undeliverable: the address is none, or the answer is too large.
    """
    try:
        async with session.request(
            "GET" if body is None else "POST", url, params=query, data=body, timeout=within, allow_redirects=False
        ) as response:
            status = response.status
            content = await _read(response, most) if status == 200 else b""
            told = response.content_disposition
            name = told.filename if told is not None and told.filename else ""
            read = Content(content, response.content_type, name)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise TryAgain("unreachable") from None
    except (aiohttp.InvalidURL, ValueError):
        raise Undeliverable("api_base_unusable") from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise TryAgain("broken_off", unsure=True) from None
    if status != 200:
        raise http_verdict(status)
    return read


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    if (response.content_length or 0) > most:
        raise Undeliverable("answer_too_large")
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > most:
            raise Undeliverable("answer_too_large")
    return bytes(body)


def http_verdict(status: int) -> TryAgain:
    """What to do about an answer that did not come from the service itself."""
    if status == 429:
        return TryAgain("http_429", after=BACK_OFF, all_wait=True)
    return TryAgain(f"http_{status}", unsure=status >= 500 and status not in NOT_TAKEN)
