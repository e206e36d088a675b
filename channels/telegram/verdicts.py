"""What Telegram's refusals mean for a message (core.telegram.org/bots/api: Making requests, ResponseParameters)."""

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError, TimedOut

from channels.door import DoorError, TryAgain, Undeliverable
from channels.telegram.calls import Flooded, Refused, Unsent

BLOCKED = "blocked"
TOKEN_REFUSED = "token_refused"  # noqa: S105 (a word for the log)
BACK_OFF = timedelta(seconds=60)
NOT_TAKEN = frozenset({502, 503})
"""HTTP statuses of a gateway that has not passed the request on."""
KNOWN = {
    "chat not found": "chat_not_found",
    "too long": "text_too_long",
    "too big": "file_too_big",
    "file_id": "file_gone",
    "empty": "text_empty",
}
"""Parts of Telegram's descriptions, and our words for them."""


def verdict(error: TelegramError) -> DoorError:
    """What to do about a call that failed. A bad request comes first: the library calls it a network error too."""
    match error:
        case Flooded():
            return TryAgain("429", after=error.after)
        case Forbidden():
            return Undeliverable(BLOCKED)
        case InvalidToken():
            return Undeliverable(TOKEN_REFUSED, trouble="secret_refused")
        case BadRequest():
            return Undeliverable(_word(error))
        case Unsent():
            return TryAgain(error.message)
        case Refused():
            unsure = error.status >= 500 and error.status not in NOT_TAKEN
            return TryAgain(f"http_{error.status}", after=BACK_OFF if error.status == 429 else None, unsure=unsure)
        case TimedOut():
            return TryAgain("timeout", unsure=True)
        case _:
            return TryAgain("broken_off", unsure=True)


def http_verdict(status: int) -> DoorError:
    """What to do about a file that was not handed out."""
    if status in (400, 404, 410):
        return Undeliverable("file_gone")
    return TryAgain(f"http_{status}", after=BACK_OFF if status == 429 else None)


def _word(error: BadRequest) -> str:
    """A constant word: descriptions quote what was sent."""
    described = error.message.lower()
    return next((word for part, word in KNOWN.items() if part in described), "bad_request")
