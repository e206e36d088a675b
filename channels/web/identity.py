"""Who a customer is: a short-lived JWT that the operator's own system signed names the subject.

    claim       must be
    sub         1 to 128 printable characters: the operator's own name for the customer
    aud         the account's audience, alone or in a list
    exp         ahead, by 15 minutes at most
    iat, nbf    where they are there: not ahead by more than 30 s; from iat to exp are 15 minutes at most
    name        may be there: shown at the desk
    language    may be there: a language tag such as en or zh-Hant-HK

The algorithm follows from the account's keys and never from the token: HS256 with a secret, EdDSA with a public key.
``kid`` is not needed: an account has few keys, and each is tried.
"""

import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from jwt.types import Options

from channels.accounts import AppAccount, WebAccount
from channels.door import Malformed
from channels.web.languages import known_language

LONGEST_LIFE = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=30)
"""How far ahead the clock of the operator's system may be."""
TOKEN_LIMIT = 4_096
"""Characters."""
SUBJECT_LIMIT = 128
"""Characters."""
NAME_LIMIT = 64
"""Characters; a longer name is cut."""
SECRET, PUBLIC = "HS256", "EdDSA"
_FAR = 1e12
"""No moment lies so many seconds from 1970."""
UNREADABLE = (
    jwt.InvalidTokenError,
    jwt.InvalidKeyError,
    binascii.Error,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a customer is, as the operator's system says."""

    subject: str
    name: str = ""
    language: str = ""
    """A folder of words; empty where none was named, or one that we do not speak."""


def identity_of(token: object, account: WebAccount | AppAccount, now: datetime) -> Identity:
    """Whom a JWT proves.

    Args:
        token: what the client sent, of any type.
        account: the account with its keys and its audience.
        now: aware UTC.

    Raises:
        Malformed: with status 401 for anything but a valid token.
    """
    if not isinstance(token, str) or len(token) > TOKEN_LIMIT or not account.audience:
        raise Malformed("jwt_refused", status=401)
    claims = _claims(token, account)
    _require_life(claims, now.timestamp())
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LIMIT or not subject.isprintable():
        raise Malformed("jwt_subject_invalid", status=401)
    return Identity(subject, _name(claims.get("name")), _language(claims.get("language")))


def _claims(token: str, account: WebAccount | AppAccount) -> Mapping[str, object]:
    """What a token says that one of the account's keys has signed for this audience. Raises: Malformed."""
    try:
        header = jwt.get_unverified_header(token)
        for key, algorithm in _keys(account):
            if header.get("alg") == algorithm and not {"crit", "b64", "zip"} & header.keys():
                try:
                    return _decoded(token, key, algorithm, account.audience)
                except jwt.InvalidSignatureError:
                    continue
    except UNREADABLE:
        pass
    raise Malformed("jwt_refused", status=401)


def _keys(account: WebAccount | AppAccount) -> Iterator[tuple[str, str]]:
    for secret in (account.jwt_secret, *account.jwt_former_secrets):
        if secret:
            yield secret, SECRET
    for key in account.jwt_public_keys:
        yield key, PUBLIC


def _decoded(token: str, key: str, algorithm: str, audience: str) -> Mapping[str, object]:
    """The claims; what they say of time is looked at by our own clock."""
    options: Options = {"require": ["exp", "aud", "sub"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    return jwt.decode(token, key, algorithms=[algorithm], audience=audience, options=options)


def _require_life(claims: Mapping[str, object], now: float) -> None:
    ends, issued, begins = _moment(claims, "exp"), _moment(claims, "iat"), _moment(claims, "nbf")
    skew, longest = CLOCK_SKEW.total_seconds(), LONGEST_LIFE.total_seconds()
    if ends is None or ends <= now:
        raise Malformed("jwt_lapsed", status=401)
    if ends > now + longest + skew or (issued is not None and ends - issued > longest):
        raise Malformed("jwt_lives_too_long", status=401)
    if max(issued or 0, begins or 0) > now + skew:
        raise Malformed("jwt_not_yet_valid", status=401)


def _moment(claims: Mapping[str, object], claim: str) -> float | None:
    """Seconds since 1970; None where the claim is missing. Raises: Malformed where it is no number."""
    value = claims.get(claim)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _FAR:
        raise Malformed("jwt_refused", status=401)
    return float(value)


def _name(name: object) -> str:
    return name.strip()[:NAME_LIMIT] if isinstance(name, str) and name.isprintable() else ""


def _language(tag: object) -> str:
    return known_language(tag) if isinstance(tag, str) else ""
