"""What a provider says of somebody: a signed token that names issuer, subject, audience, time and our own nonce."""

from dataclasses import dataclass
from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from channels.accounts import OidcAccount

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Of signatures by a key that only the provider holds; ``none`` and keys that both sides know are not among them."""
LEEWAY = 60
"""Seconds by which two clocks may be off."""
LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core 1.0, section 2)."""


class Unproved(Exception):
    """A provider has not proved who somebody is; the message is one constant word for the log."""


class BadKey(Unproved):
    """The signature is by no key that we know; the provider may have changed its keys."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a provider."""

    issuer: str
    """As the settings name it."""
    subject: str


def verified(token: str, keys: KeySet, account: OidcAccount, issuer: str, nonce: str, now: datetime) -> Identity:
    """Check an ID token (OpenID Connect Core 1.0, section 3.1.3.7).

    Args:
        token: as it came.
        keys: the provider's, as far as we know them.
        account: what the provider knows us by.
        issuer: what it calls itself.
        nonce: what we sent along.
        now: aware.

    Raises:
        BadKey: it is signed by a key that we do not know.
        Unproved: anything else in it is not as it has to be.
    """
    try:
        said = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except (JoseError, ValueError) as error:
        raise BadKey(type(error).__name__) from error
    options = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": account.client_id},
        "sub": {"essential": True},
    }
    claims = CodeIDToken(said.claims, said.header, options, {"nonce": nonce, "client_id": account.client_id})
    try:
        claims.validate(int(now.timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise Unproved(f"{type(error).__name__}") from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\x00" in subject:
        raise Unproved("subject")
    return Identity(account.issuer, subject)
