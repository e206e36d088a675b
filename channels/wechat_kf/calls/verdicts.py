"""What WeCom's error codes mean (developer.work.weixin.qq.com: global error codes)."""

from datetime import timedelta

from channels.door import DoorError, TryAgain, Undeliverable
from channels.tokens import LEAST_PAUSE
from channels.weixin.authorised import TOKEN_REFUSED
from channels.weixin.wire import BACK_OFF

BUSY = -1
TOO_OFTEN = 45009
AT_ONCE = 45033
"""Too many calls at the same time."""
MEDIA_GONE = 40007
PULL_TOKEN_REFUSED = 95007
"""The token of a call of WeCom's is older than ten minutes, or none."""
SESSION_OVER = frozenset({95013, 95016})
"""There is no session to change: it has ended, or this change is not allowed from where it stands."""
SESSION_ELSEWHERE = 95018
"""Messages may go while a session is new or with the assistant (states 0 and 1), and it is neither."""
CONCURRENT_PAUSE = timedelta(seconds=2)

TROUBLES = {
    40013: "secret_refused",
    60020: "address_unlisted",
    48002: "not_permitted",
    60011: "not_permitted",
    301002: "not_permitted",
    95000: "kf_unknown",
    95003: "kf_limited",
    95004: "kf_unknown",
    95011: "kf_not_by_api",
    95012: "kf_not_by_api",
    95017: "kf_not_by_api",
}
"""Codes that concern the account and not one message: until somebody mends it, all others fare the same."""


def verdict(code: int, *, unsure: bool = False) -> DoorError:
    """What to do about a call that was refused with this code.

    Everything that is not named here concerns the message or the customer (95001 five messages sent, 95002 more than
    48 hours since the customer wrote) or the account (``TROUBLES``): a repeat changes nothing.

    Args:
        code: not 0.
        unsure: whether an earlier try may have brought the message there.
    """
    if code == BUSY:
        return TryAgain(str(code))
    if code == TOO_OFTEN:
        return TryAgain(str(code), after=BACK_OFF, all_wait=True)
    if code == AT_ONCE:
        return TryAgain(str(code), after=CONCURRENT_PAUSE, all_wait=True)
    if code in TOKEN_REFUSED:
        return TryAgain(str(code), after=LEAST_PAUSE)
    return Undeliverable(str(code), trouble=TROUBLES.get(code, ""), unsure=unsure)


def token_verdict(code: int) -> DoorError:
    """What to do about a token that was refused: 40001 says here that the secret is none."""
    if code in TOKEN_REFUSED:
        return Undeliverable(str(code), trouble="secret_refused")
    return verdict(code)
