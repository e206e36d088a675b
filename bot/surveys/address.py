"""The address of a survey's page, for a notice that leads to it."""

from bot.surveys.token import token_for
from channels.door import Outbound
from router.survey import CHOICE


def survey_page(outbound: Outbound, *, public_url: str, secret_key: str) -> str:
    """Where the survey that these messages ask can be answered; empty where they ask none or nobody could reach us.

    Args:
        outbound: the messages.
        public_url: the address under which customers reach us, without a slash at the end.
        secret_key: the house's own.
    """
    if not outbound.survey or not public_url:
        return ""
    for message in outbound.messages:
        for choice in message.choices:
            if found := CHOICE.fullmatch(choice.id):
                return f"{public_url}/survey/{token_for(secret_key.encode(), int(found['survey']))}"
    return ""
