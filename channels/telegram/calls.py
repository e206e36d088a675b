"""Carries the library's calls over the process's one session, and says which of them Telegram cannot have taken.

TelegramError           what the library raises for Telegram's own refusals
├── Unsent              Telegram was not reached: it has not taken the call
├── Flooded             too many calls: not taken, and when it will be
├── Refused             a gateway or server in front of Telegram answered instead
├── Garbled             an answer that is no JSON of Telegram's; the call may have been taken
├── TimedOut            no answer in time; the call may have been taken
└── NetworkError        broken off; the call may have been taken
"""

from datetime import timedelta
from typing import Any

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CALL_SECONDS = 10.0
CONNECT_SECONDS = 4.0
LONGEST_PAUSE = 24 * 3600.0
"""Seconds; a longer pause than a day is not believed."""
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What an answer that is none raises when it is read."""
MOST_BYTES = 8 * 1024 * 1024
"""Bytes of an answer: a hundred updates of the largest kind."""


class Unsent(TelegramError):
    """Telegram was not reached."""


class Flooded(TelegramError):
    """Telegram wants a pause.

    Args:
        after: how long.
    """

    def __init__(self, after: timedelta) -> None:
        super().__init__("flooded")
        self.after = after


class Refused(TelegramError):
    """Something in front of Telegram answered.

    Args:
        status: the HTTP status.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"http_{status}")
        self.status = status


class Garbled(TelegramError):
    """The answer cannot be read."""


class Calls(BaseRequest):
    """The library's way to the network. No error of ours names a URL: the bot's token stands in it.

    Args:
        session: carries the calls.
    """

    __slots__ = ("_session",)

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @property
    def read_timeout(self) -> float | None:
        """Seconds that a call may take where it does not say so itself."""
        return CALL_SECONDS

    async def initialize(self) -> None:
        """Nothing to open: the session is the process's."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call.

        Returns:
            A status that Telegram itself gave, and its answer: a JSON object.

        Raises:
            TelegramError: see the tree above.
        """
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else CALL_SECONDS
        timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, content = response.status, await _read(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unsent("unreachable") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.InvalidURL, ValueError):
            raise Unsent("api_base_unusable") from None
        except (aiohttp.ClientError, OSError):
            raise NetworkError("broken_off") from None
        _look(status, content)
        return status, content

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer. The library's own way would log one that it cannot read."""
        try:
            return msgspec.json.decode(payload, type=dict[str, Any])
        except UNREADABLE:
            raise Garbled("answer_unreadable") from None


class _Parameters(msgspec.Struct, frozen=True):
    retry_after: float = 0
    """Seconds."""


class _Answer(msgspec.Struct, frozen=True):
    ok: bool
    result: object = msgspec.UNSET
    parameters: _Parameters = _Parameters()


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Garbled("answer_too_large")
    return bytes(content)


def _look(status: int, content: bytes) -> None:
    """Let only answers of Telegram itself pass: another server's 403 must not count as a customer's.

    Raises:
        Flooded, Refused, Garbled.
    """
    try:
        answer = msgspec.json.decode(content, type=_Answer)
    except UNREADABLE:
        if status == 200:
            raise Garbled("answer_unreadable") from None
        raise Refused(status) from None
    if status == 429:
        raise Flooded(timedelta(seconds=min(max(answer.parameters.retry_after, 1), LONGEST_PAUSE)))
    if status >= 500:
        raise Refused(status)
    if status == 200 and (not answer.ok or answer.result is msgspec.UNSET):
        raise Garbled("answer_unreadable")
