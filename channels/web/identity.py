"""Who a customer is: a short-lived JWT that the operator's own system signed names the subject."""

from datetime import datetime, timedelta

import jwt

from channels.accounts import AppAccount, WebAccount
from channels.door import Malformed

ALGORITHM = "HS256"
LONGEST_LIFE = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=30)
"""How far ahead the clock of the operator's system may be."""
TOKEN_LIMIT = 4_096
"""Characters."""
SUBJECT_LIMIT = 128
"""Characters."""


def subject_of(token: object, account: WebAccount | AppAccount, now: datetime) -> str:
    """The subject that a JWT proves.

    Only HS256 with the account's own secret is taken, whatever the header says; ``aud`` must be the account's,
    ``exp`` must lie ahead, by 15 minutes at most.

    Args:
        token: what the client sent, of any type.
        account: the account with its secret and its audience.
        now: aware UTC.

    Raises:
        Malformed: with status 401 for anything but a valid token.
    """
    if not isinstance(token, str) or len(token) > TOKEN_LIMIT or not account.jwt_secret or not account.audience:
        raise Malformed("jwt_refused", status=401)
    try:
        claims = jwt.decode(
            token,
            account.jwt_secret,
            algorithms=[ALGORITHM],
            audience=account.audience,
            options={"require": ["exp", "aud", "sub"], "verify_iat": False},
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError):
        raise Malformed("jwt_refused", status=401) from None
    if float(claims["exp"]) > (now + LONGEST_LIFE + CLOCK_SKEW).timestamp():
        raise Malformed("jwt_lives_too_long", status=401)
    subject = str(claims["sub"])
    if not 0 < len(subject) <= SUBJECT_LIMIT or not subject.isprintable():
        raise Malformed("jwt_subject_invalid", status=401)
    return subject
