"""A provider of identities (OpenID Connect): found by its issuer, asked by the authorization code flow with PKCE."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode

import msgspec
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, encode_basic_auth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.config.urls import is_safe
from bot.login.oidc.id_token import BadKey, Identity, Unproved, verified
from channels.accounts import OidcAccount

PATIENCE = ClientTimeout(total=5)
FRESH = timedelta(hours=1)
"""For how long a provider's description and keys are not asked again."""
PAUSE = timedelta(seconds=10)
"""Between two looks for new keys: a stranger's token cannot make us ask more often."""
KINDS = ("RSA", "EC", "OKP")
"""Of keys whose public half alone is told; one that both sides know proves nothing."""
LARGEST = 256 * 1024
"""Bytes of an answer."""

T = TypeVar("T")


class Described(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


class Tokens(msgspec.Struct, frozen=True):
    """What it gives for a code."""

    id_token: str


class Keys(msgspec.Struct, frozen=True):
    """The public keys by which it signs (RFC 7517)."""

    keys: list[dict[str, str | list[str]]]


class Provider:
    """Asks one provider.

    Args:
        account: what it knows us by.
        session: for the calls.
        clock: the time (aware, UTC).
    """

    def __init__(self, account: OidcAccount, session: ClientSession, clock: Callable[[], datetime]) -> None:
        self.account = account
        self._session = session
        self._clock = clock
        self._described: tuple[Described, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def describe(self) -> Described:
        """What it says of itself. Raises: Unproved where it does not answer, or is another than we asked for."""
        if self._described is not None and self._clock() - self._described[1] < FRESH:
            return self._described[0]
        found = _decoded(await self._get(get_well_known_url(self.account.issuer, external=True)), Described)
        if found.issuer.rstrip("/") != self.account.issuer:
            raise Unproved("another_issuer")
        ways = found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.end_session_endpoint
        if not all(way == "" or is_safe(way) for way in ways):
            raise Unproved("endpoint_unsafe")
        self._described = found, self._clock()
        return found

    async def address(self, redirect: str, *, state: str, nonce: str, verifier: str) -> str:
        """Where a browser goes to prove who it is, to come back to ``redirect``. Raises: Unproved."""
        asked = {
            "response_type": "code",
            "client_id": self.account.client_id,
            "redirect_uri": redirect,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        endpoint = (await self.describe()).authorization_endpoint
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def identify(self, code: str, redirect: str, *, nonce: str, verifier: str) -> Identity:
        """Who came back with a code. Raises: Unproved."""
        described = await self.describe()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        tokens = _decoded(await self._post(described.token_endpoint, form), Tokens)
        token, now = tokens.id_token, self._clock()
        try:
            return verified(token, await self._known(described), self.account, described.issuer, nonce, now)
        except BadKey:
            keys = await self._known(described, for_at_most=PAUSE)
            return verified(token, keys, self.account, described.issuer, nonce, now)

    async def _known(self, described: Described, *, for_at_most: timedelta = FRESH) -> KeySet:
        """The provider's keys, as they were so long ago at most."""
        if self._keys is not None and self._clock() - self._keys[1] < for_at_most:
            return self._keys[0]
        document = _decoded(await self._get(described.jwks_uri), Keys)
        signing = [key for key in document.keys if key.get("use", "sig") == "sig" and key.get("kty") in KINDS]
        try:
            found = KeySet.import_key_set({"keys": signing})
        except (JoseError, ValueError) as error:
            raise Unproved("keys_unreadable") from error
        self._keys = found, self._clock()
        return found

    async def _get(self, url: str) -> bytes:
        try:
            async with self._session.get(url, timeout=PATIENCE, allow_redirects=False) as response:
                return await _body(response)
        except (ClientError, TimeoutError, ValueError) as error:
            raise Unproved("unreachable") from error

    async def _post(self, url: str, form: Mapping[str, str]) -> bytes:
        known = (quote(one, safe="") for one in (self.account.client_id, self.account.client_secret))
        headers = {"Authorization": encode_basic_auth(*known)}
        posting = self._session.post(url, data=form, headers=headers, timeout=PATIENCE, allow_redirects=False)
        try:
            async with posting as response:
                return await _body(response)
        except (ClientError, TimeoutError, ValueError) as error:
            raise Unproved("unreachable") from error


async def _body(response: ClientResponse) -> bytes:
    if response.status != 200:
        raise Unproved(f"answered_{response.status}")
    body = b""
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > LARGEST:
            raise Unproved("too_large")
    return body


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise Unproved("unreadable") from error
