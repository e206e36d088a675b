"""A stand-in for a provider of identities: a server that knows one person, signs what it says, and can lie."""

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from channels.accounts import OidcAccount

SECRET = "secret of the desk at the provider"


@dataclass
class OidcApi:
    """What it says."""

    subject: str = "u-8001"
    lies: dict[str, object] = field(default_factory=dict)
    """Claims that it says otherwise; None for none at all."""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    former: list[ECKey] = field(default_factory=list)
    """Keys that it shows no more and still signs with."""
    shared: bool = False
    """Whether it signs with the secret that both sides know."""
    changes: dict[str, object] = field(default_factory=dict)
    """Of what it says of itself."""
    asked: list[str] = field(default_factory=list)
    """What was read: ``jwks`` and the like."""
    handed: dict[str, dict[str, str]] = field(default_factory=dict)
    """What came with each code's request."""
    account: OidcAccount = field(init=False)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def describe(self, _request: web.Request) -> web.Response:
        """What it says of itself."""
        self.asked.append("describe")
        base = self.account.issuer
        said = {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{base}/jwks",
            "end_session_endpoint": f"{base}/end",
        }
        return web.json_response({**said, **self.changes})

    async def authorize(self, request: web.Request) -> web.Response:
        """Know whoever asks, and send them back."""
        asked = dict(request.query)
        assert asked["client_id"] == self.account.client_id
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self.handed)}"
        self.handed[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    async def token(self, request: web.Request) -> web.Response:
        """A token for a code, for who began."""
        form = await request.post()
        _, _, told = request.headers["Authorization"].partition(" ")
        known = [unquote(one) for one in b64decode(told).decode().split(":")]
        asked = self.handed.pop(str(form["code"]), None)
        right = known == [self.account.client_id, self.account.client_secret]
        if asked is None or not right or asked["redirect_uri"] != form["redirect_uri"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        if create_s256_code_challenge(str(form["code_verifier"])) != asked["code_challenge"]:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": self.signed(asked["nonce"])})

    def signed(self, nonce: str) -> str:
        """An ID token."""
        at = int(self.now.timestamp())
        told = {"iss": self.account.issuer, "sub": self.subject, "aud": self.account.client_id, "iat": at}
        told |= {"exp": at + 300, "nonce": nonce, "email": "wangfang@example.cn", **self.lies}
        claims = {name: value for name, value in told.items() if value is not None}
        if self.shared:
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        key = self.former[-1] if self.former else self.key
        return jwt.encode({"alg": "ES256", "kid": str(key.kid)}, claims, key)

    async def jwks(self, _request: web.Request) -> web.Response:
        """Its public keys."""
        self.asked.append("jwks")
        return web.json_response(KeySet([self.key]).as_dict(private=False))

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.now += timedelta(seconds=30)


@asynccontextmanager
async def open_oidc() -> AsyncIterator[OidcApi]:
    """A served stand-in."""
    api = OidcApi()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", api.describe)
    app.router.add_get("/authorize", api.authorize)
    app.router.add_post("/token", api.token)
    app.router.add_get("/jwks", api.jwks)
    async with TestServer(app) as server:
        api.account = OidcAccount("main", str(server.make_url("")).rstrip("/"), "desk", SECRET, "统一身份")
        yield api
