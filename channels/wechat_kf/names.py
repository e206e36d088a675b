"""The nicknames of customers, asked for once each: nice to have, and never worth a wait of more than two seconds."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from channels.accounts import WechatKfAccount
from channels.door import DoorError, Inbound
from channels.wechat_kf.calls.api import Api, Refused
from channels.wechat_kf.party import party_of

AT_ONCE = 100
"""Customers in one question."""
PATIENCE = 2.0
"""Seconds."""
MOST_REMEMBERED = 20_000

log = structlog.get_logger()


class Names:
    """The nicknames of one account's customers.

    Args:
        account: asks.
        api: carries the questions.
    """

    def __init__(self, account: WechatKfAccount, api: Api) -> None:
        self._account = account
        self._api = api
        self._known: dict[str, str] = {}
        """By ``external_userid``; empty where WeCom tells none."""

    async def of(self, events: Sequence[Inbound]) -> Sequence[str]:
        """The name behind each event, empty where none is known."""
        customers = [party_of(one.address.contact).customer for one in events]
        new = [one for one in dict.fromkeys(customers) if one not in self._known]
        for start in range(0, len(new), AT_ONCE):
            await self._ask(new[start : start + AT_ONCE])
        names = [self._known[one] for one in customers]
        self._forget()
        return names

    async def _ask(self, customers: Sequence[str]) -> None:
        found = dict.fromkeys(customers, "")
        try:
            async with asyncio.timeout(PATIENCE):
                found |= await self._api.names(self._account, customers)
        except (Refused, DoorError, TimeoutError) as error:
            log.info("wechat_kf.names_unknown", account=self._account.name, reason=str(error) or "timeout")
        self._known |= found

    def _forget(self) -> None:
        old: Iterable[str] = list(self._known)[: max(0, len(self._known) - MOST_REMEMBERED)]
        for customer in old:
            del self._known[customer]
