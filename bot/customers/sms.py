"""Sends one-time codes by the operator's own gateway for short messages: a signed webhook for each code.

    POST url    {"type": "code", "to": "13812341234", "code": "123456", "minutes": 5}
                webhook-id, webhook-timestamp, webhook-signature: Standard Webhooks 1.0

Numbers and codes live only here and on their way: neither is stored or logged.
"""

import asyncio
import json
from collections.abc import Sequence
from secrets import token_hex

import structlog

from bot.webhooks import Webhook, caller
from channels.accounts import SmsAccount
from router.binding import MINUTES

TRIES = 3
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
        if self._account is None:
            return
        for phone, code in codes:
            task = asyncio.get_running_loop().create_task(self._send(self._account, phone, code))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Let what is on its way arrive."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=5)

    async def _send(self, account: SmsAccount, phone: str, code: str) -> None:
        body = json.dumps({"type": "code", "to": phone, "code": code, "minutes": MINUTES}).encode()
        number = f"msg_{token_hex(12)}"
        reason = ""
        async with caller(private=True) as session:
            for tried in range(TRIES):
                await asyncio.sleep(APART * tried)
                outcome = await Webhook(account.url, account.secret).post(session, number, body)
                if outcome.taken:
                    return
                reason = outcome.reason
        log.warning("sms.not_sent", account=account.name, reason=reason)
