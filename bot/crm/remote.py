"""An operator's own CRM over HTTP: asked by the customer's number, within two seconds, and not while it is down.

    GET url/customers/{number}    Authorization: Bearer token
    200  {"number", "name", "region", "level", "package", "balance", "consumption", "since", "broadband", "real_name"}
    404  nobody of that number

What it told is kept in the built-in table: for five minutes it is not asked again, and while it is down the last word
is shown as such.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec
import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from msgspec.structs import replace

from bot.crm.breaker import Breaker
from bot.crm.built_in import BuiltIn
from bot.crm.record import Found, Record
from bot.customers.proofs import Proofs
from bot.lru import Lru
from channels.accounts import CrmAccount

PATIENCE = ClientTimeout(total=2)
FRESH = timedelta(minutes=5)
MOST_UNKNOWN = 10_000

log = structlog.get_logger()


class Unanswered(Exception):
    """The CRM gave no answer that makes sense."""


class Remote:
    """Asks an operator's CRM.

    Args:
        account: where it is.
        session: for the calls.
        kept: keeps what it told.
        clock: the time (aware, UTC).
        proofs: hashes what is never kept as it is.
    """

    def __init__(
        self,
        account: CrmAccount,
        session: ClientSession,
        kept: BuiltIn,
        clock: Callable[[], datetime],
        proofs: Proofs,
    ) -> None:
        self._account = account
        self._session = session
        self._kept = kept
        self._clock = clock
        self._proofs = proofs
        self._breaker = Breaker(clock)
        self._unknown: Lru[str, datetime] = Lru(MOST_UNKNOWN)
        """When it said that it knows nobody of a number."""

    async def find(self, customer: int) -> Found | None:
        """What is known of one of our customers: fresh, or the last word where the CRM does not answer."""
        known, number = await self._kept.find(customer), await self._kept.number(customer)
        if known is not None and self._clock() - known.told < FRESH:
            return known
        number = number or (known.record.number if known is not None else "")
        if not number or self._is_unknown(number):
            return None
        try:
            record = await self._ask(number)
        except Unanswered as error:
            log.warning("crm.unanswered", account=self._account.name, reason=str(error))
            return None if known is None else Found(known.record, known.told, stale=True)
        told = self._clock()
        if record is None:
            self._unknown.put(number, told)
            return None
        tail = self._proofs.of_tail(record.number, record.id_tail) if record.id_tail else None
        await self._kept.keep(record, told, tail=tail)
        await self._kept.tell([record.number])
        return Found(replace(record, id_tail=""), told)

    def _is_unknown(self, number: str) -> bool:
        said = self._unknown.get(number)
        return said is not None and self._clock() - said < FRESH

    async def _ask(self, number: str) -> Record | None:
        if not self._breaker.closed:
            raise Unanswered("resting")
        try:
            found = await self._call(number)
        except (ClientError, TimeoutError, msgspec.DecodeError, Unanswered) as error:
            self._breaker.failed()
            raise Unanswered(str(error) or type(error).__name__) from error
        self._breaker.answered()
        return found

    async def _call(self, number: str) -> Record | None:
        url = f"{self._account.url.rstrip('/')}/customers/{quote(number, safe='')}"
        headers = {"Authorization": f"Bearer {self._account.token}"} if self._account.token else {}
        async with self._session.get(url, headers=headers, timeout=PATIENCE, allow_redirects=False) as response:
            if response.status == 404:
                return None
            if response.status != 200:
                raise Unanswered(str(response.status))
            record = msgspec.json.decode(await response.read(), type=Record)
        if record.number != number:
            raise Unanswered("another number")
        return record
