"""The address of an agent's answer, for a notice that leads to it."""

from bot.reading.token import Place, token_for
from channels.door import Outbound
from router.effects import Sender


def reading_page(outbound: Outbound, *, public_url: str, secret_key: str) -> str:
    """Where the customer can read these messages; empty where no agent wrote them, or nobody could reach us.

    Args:
        outbound: the messages.
        public_url: the address under which customers reach us, without a slash at the end.
        secret_key: the house's own.
    """
    if not public_url:
        return ""
    for message in outbound.messages:
        if message.sender == Sender.AGENT:
            return f"{public_url}/read/{token_for(secret_key.encode(), Place(message.contact_id, message.seq))}"
    return ""
