"""What WeChat's error codes mean for a message (developers.weixin.qq.com: global return codes)."""

from datetime import datetime, time, timedelta, timezone

from channels.door import DoorError, TryAgain, Undeliverable
from channels.weixin.wire import BACK_OFF

BEIJING = timezone(timedelta(hours=8))
TOO_LONG = 45002
MEDIA_GONE = 40007
BUSY = -1
TOO_OFTEN = 45011
DAY_QUOTA = 45009
WINDOW_CLOSED = 45015
QUOTA_USED = 45047
TYPING_ALREADY = frozenset({45080, 45081})
"""The customer sees that somebody types, or we have said so a moment ago."""

TROUBLES = {
    40164: "address_unlisted",
    48001: "not_permitted",
    48004: "not_permitted",
    40002: "secret_refused",
    40013: "secret_refused",
    40125: "secret_refused",
    40243: "secret_refused",
    50002: "account_frozen",
    61024: "account_frozen",
    40037: "template_unknown",
    47003: "template_unknown",
}
"""Codes that concern the account and not one message: until somebody mends it, all others fare the same."""


def verdict(code: int, now: datetime) -> DoorError:
    """What to do about a message that was refused with this code.

    Everything that is not named here concerns the message or the contact (45015 window closed, 45047 quota used,
    40003 and 43004 no follower, 43101 no subscription) or the account (``TROUBLES``): a repeat changes nothing.

    Args:
        code: not 0, and not about the access token or the length.
        now: the time (aware), for the end of WeChat's day.
    """
    if code == BUSY:
        return TryAgain(str(code))
    if code == TOO_OFTEN:
        return TryAgain(str(code), after=BACK_OFF, all_wait=True)
    if code == DAY_QUOTA:
        return TryAgain(str(code), after=until_midnight(now), all_wait=True, trouble="day_quota")
    return Undeliverable(str(code), trouble=TROUBLES.get(code, ""))


def until_midnight(now: datetime) -> timedelta:
    """How long WeChat's day still lasts; its quotas begin anew at midnight in Beijing."""
    local = now.astimezone(BEIJING)
    return datetime.combine(local.date() + timedelta(days=1), time(), BEIJING) - local
