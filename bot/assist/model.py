"""A model behind an interface like OpenAI's: asked within a few seconds, left alone while it is down, never needed.

    POST base_url/chat/completions   Authorization: Bearer key   {"model", "messages", "max_tokens", "temperature"}
    200  {"choices": [{"message": {"content"}}]}

Whatever goes wrong is counted, and the caller goes on by its rules.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot import metrics
from bot.config.workbench import AssistAccount
from bot.crm.breaker import Breaker

LARGEST = 256 * 1024
"""Bytes of an answer that are read."""
LONGEST = 1000
"""Characters of an answer; what is longer is no answer to a customer."""
TOKENS = 400

log = structlog.get_logger()


class Line(msgspec.Struct, frozen=True):
    """One line of what a model is told."""

    role: str
    """system, user or assistant."""
    content: str


class _Choice(msgspec.Struct):
    message: Line


class _Answer(msgspec.Struct):
    choices: list[_Choice]


class _Failed(Exception):
    """The model gave no answer; the message is the outcome that is counted."""


def _now() -> datetime:
    return datetime.now(UTC)


class Model:
    """Asks a model.

    Args:
        account: where it is.
        session: for the calls.
        clock: the time (aware, UTC).
    """

    def __init__(self, account: AssistAccount, session: ClientSession, clock: Callable[[], datetime] = _now) -> None:
        self._account = account
        self._session = session
        self._breaker = Breaker(clock)
        self._patience = ClientTimeout(total=account.timeout)

    async def ask(self, lines: Sequence[Line]) -> str | None:
        """What the model says to lines that hold nothing personal; None where it says nothing that can be used."""
        if not self._breaker.closed:
            metrics.assisted("resting")
            return None
        try:
            said = await self._call(lines)
        except _Failed as failure:
            self._breaker.failed()
            metrics.assisted(str(failure))
            log.warning("assist.failed", outcome=str(failure))
            return None
        self._breaker.answered()
        metrics.assisted("answered")
        return said

    async def _call(self, lines: Sequence[Line]) -> str:
        told = {"model": self._account.model, "messages": lines, "max_tokens": TOKENS, "temperature": 0.2}
        headers = {"Content-Type": "application/json"}
        if self._account.api_key:
            headers["Authorization"] = f"Bearer {self._account.api_key}"
        try:
            async with self._session.post(
                f"{self._account.base_url}/chat/completions",
                data=msgspec.json.encode(told),
                headers=headers,
                timeout=self._patience,
                allow_redirects=False,
            ) as response:
                if response.status != 200:
                    raise _Failed("refused" if response.status < 500 else "broken")
                body = await response.content.read(LARGEST + 1)
                while not response.content.at_eof() and len(body) <= LARGEST:
                    body += await response.content.read(LARGEST + 1 - len(body))
        except TimeoutError as error:
            raise _Failed("timeout") from error
        except ClientError as error:
            raise _Failed("unreachable") from error
        return _read(body)


def model_of(account: AssistAccount | None, session: ClientSession) -> Model | None:
    """The operator's model; None where there is none."""
    return None if account is None else Model(account, session)


def _read(body: bytes) -> str:
    """The words of an answer. Raises: _Failed where it makes no sense."""
    try:
        choices = msgspec.json.decode(body, type=_Answer).choices if len(body) <= LARGEST else []
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Failed("nonsense") from error
    said = choices[0].message.content.replace("\x00", "").strip() if choices else ""
    if not said or len(said) > LONGEST:
        raise _Failed("nonsense")
    return said
