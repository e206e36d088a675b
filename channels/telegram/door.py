"""The door for Telegram bots: takes updates over HTTP or fetches them, and pushes messages with buttons and files.

What is written to a bot leaves the country, so no account exists unless an operator writes one down.
"""

import asyncio
from collections.abc import Iterable, Mapping
from hmac import compare_digest

import aiohttp
import structlog
from aiohttp import web
from telegram import Bot

from channels.accounts import TelegramAccount
from channels.body import read_body
from channels.door import (
    Busy,
    Capabilities,
    Fetched,
    Files,
    Inbound,
    Malformed,
    Outbound,
    Receive,
    TryAgain,
    Undeliverable,
    Unsupported,
)
from channels.telegram.calls import Calls
from channels.telegram.files import fetch
from channels.telegram.gestures import Gestures
from channels.telegram.pace import MemoryPace, Pace
from channels.telegram.parcels import TEXT_UNITS, parcels
from channels.telegram.parse import CHANNEL, parse
from channels.telegram.payloads import as_object
from channels.telegram.push import Push
from channels.telegram.verdicts import BLOCKED, TOKEN_REFUSED
from router.events import Media, Unfollowed

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
MOST_BYTES = 256 * 1024
"""Bytes of an update; one with a long text, its marks and a quoted text has a tenth."""
READ_WITHIN = 5.0
"""Seconds for the body of a request."""
LARGEST_SENT = 50 * 1024 * 1024
"""Bytes of a file that a bot may send (core.telegram.org/bots/api: sending files)."""
TAKE_WITHIN = 20.0
"""Seconds for storing an update; Telegram hangs up after about a minute and sends it again."""
SEND_WITHIN = 18.0
"""Seconds for all the calls that one message of ours may need."""

log = structlog.get_logger()


class TelegramDoor:
    """Serves the bots.

    Args:
        accounts: by name.
        receive: takes what customers write.
        session: carries our calls to Telegram.
        pace: gives calls their places in time.
        files: our storage; None where no files are sent.
        read_within: seconds for the body of a request.
    """

    name = CHANNEL
    capabilities = Capabilities(text_limit=TEXT_UNITS, choices=True, pushes=True, files={"*": LARGEST_SENT})

    def __init__(
        self,
        *,
        accounts: Mapping[str, TelegramAccount],
        receive: Receive,
        session: aiohttp.ClientSession,
        pace: Pace | None = None,
        files: Files | None = None,
        read_within: float = READ_WITHIN,
    ) -> None:
        self._accounts = accounts
        self._receive = receive
        self._session = session
        self._pace = pace or MemoryPace()
        self._files = files
        self._read_within = read_within
        self.bots = {name: bot(account, session) for name, account in accounts.items()}
        """Our accounts as the library knows them, by name."""
        self._gestures = Gestures()

    def routes(self) -> Iterable[web.RouteDef]:
        """``POST /channels/telegram/{account}``: one update each."""
        return [web.post(f"/channels/{CHANNEL}/{{account}}", self._post)]

    async def send(self, outbound: Outbound) -> str:
        """Push messages to a customer.

        Returns:
            Telegram's id of the last message.

        Raises:
            TryAgain: not taken now.
            Undeliverable: never to be taken.
        """
        _, account, chat = outbound.address
        try:
            async with asyncio.timeout(SEND_WITHIN):
                push = Push(self._bot(account), account, chat, pace=self._pace, files=self._files)
                return await push.push(parcels(outbound.messages))
        except TimeoutError:
            raise TryAgain("timeout", unsure=True) from None
        except Undeliverable as refused:
            await self._note(outbound, refused.reason)
            raise

    async def fetch(self, account: str, media: Media) -> Fetched:
        """Get the bytes of a customer's file.

        Raises:
            TryAgain: not handed out now.
            Undeliverable: never to be handed out.
        """
        return await fetch(self._bot(account), self._session, media)

    async def take(self, account: str, payload: Mapping[str, object]) -> None:
        """Take one update in; returns when it is stored.

        Raises:
            Unsupported: nothing for us.
            Malformed: no update.
            Busy: it could not be stored now.
        """
        letter = parse(payload, account=account)
        tap, our_bot = letter.tap, self._bot(account)
        if tap is not None:
            self._gestures.noticed(our_bot, tap)
        await self._receive(letter.inbound)
        if tap is not None:
            self._gestures.taken(our_bot, tap)

    async def close(self) -> None:
        """Let the last answers to taps come to their end."""
        await self._gestures.close()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        """Take an update; it is acknowledged only after it has been stored, and sent again where it could not be."""
        account = request.match_info["account"]
        try:
            self._admit(request, account)
            until = asyncio.get_running_loop().time() + self._read_within
            payload = as_object(await read_body(request, until, most=MOST_BYTES))
            async with asyncio.timeout(TAKE_WITHIN):
                await self.take(account, payload)
        except Unsupported as theirs:
            log.debug("telegram.passed_over", account=account, reason=str(theirs))
        except Malformed as refused:
            named = account if account in self._accounts else ""
            log.info("telegram.refused", account=named, reason=refused.reason, status=refused.status)
            return web.Response(status=refused.status, text=refused.reason)
        except Busy as busy:
            return web.Response(status=503, headers={"Retry-After": str(busy.after)})
        except TimeoutError:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response()

    def _admit(self, request: web.Request, account: str) -> None:
        """Let only Telegram pass: whoever knows the secret, said once.

        Raises:
            Malformed: it is missing, another one, or there twice.
        """
        known = self._accounts.get(account)
        if known is None:
            raise Malformed("account_unknown", status=404)
        given = request.headers.getall(SECRET, [])
        if len(given) != 1 or not known.secret_token:
            raise Malformed("secret_missing", status=403)
        if not compare_digest(given[0].encode("utf-8", "replace"), known.secret_token.encode()):
            raise Malformed("secret_wrong", status=403)

    def _bot(self, account: str) -> Bot:
        found = self.bots.get(account)
        if found is None:
            raise Undeliverable("account_unknown")
        return found

    async def _note(self, outbound: Outbound, reason: str) -> None:
        """Tell the dialogue that the customer has gone, and the operator that a token is no good."""
        if reason == TOKEN_REFUSED:
            log.error("telegram.token_refused", account=outbound.address.account)
        if reason != BLOCKED:
            return
        day = outbound.messages[0].sent_at.date()  # Once a day is enough to say it.
        gone = Inbound(outbound.address, f"blocked:{day}", Unfollowed())
        try:
            await self._receive(gone)
        except Busy:
            log.info("telegram.block_not_noted", account=outbound.address.account)


def bot(account: TelegramAccount, session: aiohttp.ClientSession) -> Bot:
    """The library's bot, with our calls under it."""
    calls = Calls(session)
    return Bot(
        account.bot_token,
        base_url=f"{account.api_base}/bot",
        base_file_url=f"{account.api_base}/file/bot",
        request=calls,
        get_updates_request=calls,
    )
