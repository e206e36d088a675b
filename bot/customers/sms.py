"""Sends one-time codes by the operator's own gateway for short messages: a signed webhook for each code.

    POST url    {"type": "code", "to": "13812341234", "code": "123456", "minutes": 5}
                webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks 1.0

Numbers and codes live only here and on their way: neither is stored or logged.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from secrets import token_hex

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from channels.accounts import SmsAccount
from channels.webhooks import key_of, sign
from router.binding import MINUTES

TRIES = 3
PATIENCE = ClientTimeout(total=5)
APART = 1.0
"""Seconds between two tries."""

log = structlog.get_logger()


class Sms:
    """Takes codes after their commit and hands them to the gateway, with a few tries.

    Args:
        account: the gateway; None where there is none, and nothing is sent.
    """

    def __init__(self, account: SmsAccount | None) -> None:
        self._account = account
        self._sending: set[asyncio.Task[None]] = set()

    def request(self, codes: Sequence[tuple[str, str]]) -> None:
        """Have these sent. Never blocks, never fails: a customer whose code is lost asks for another."""
        for phone, code in codes if self._account is not None else ():
            task = asyncio.get_running_loop().create_task(self._send(self._account, phone, code))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Let what is on its way arrive."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=5)

    async def _send(self, account: SmsAccount | None, phone: str, code: str) -> None:
        assert account is not None
        body = json.dumps({"type": "code", "to": phone, "code": code, "minutes": MINUTES}).encode()
        number = f"msg_{token_hex(12)}"
        outcome = ""
        for tried in range(TRIES):
            await asyncio.sleep(APART * tried)
            outcome = await self._post(account, number, body)
            if outcome == "":
                return
        log.warning("sms.not_sent", account=account.name, reason=outcome)

    async def _post(self, account: SmsAccount, number: str, body: bytes) -> str:
        """Hand one over; empty where it was taken, else why not."""
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(key_of(account.secret), number, now, body),
        }
        try:
            async with (
                ClientSession(timeout=PATIENCE) as session,
                session.post(account.url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                return "" if response.status // 100 == 2 else str(response.status)
        except (ClientError, TimeoutError) as error:
            return type(error).__name__
