"""What the key of a menu item says: words that a tap stands for, or a choice with its label.

    say:怎么查话费            as if the customer had written it
    choice:human|转人工       as if the customer had picked that choice; the label is what stands in the thread

Keys carry their meaning with them, so an old menu that a phone still shows goes on to mean what it says. Any other key
is the operator's own business.
"""

from channels.accounts import MenuItem
from router.events import CustomerEvent, Said, Tapped

SAY = "say:"
CHOICE = "choice:"
MOST_BYTES = 128
"""The longest key that WeChat takes, in bytes of UTF-8."""


def said(key: str) -> CustomerEvent:
    """What a customer who taps an item with this key does."""
    if key.startswith(SAY) and (text := key.removeprefix(SAY).strip()):
        return Said(text, tapped=True)
    if key.startswith(CHOICE):
        choice, _, label = key.removeprefix(CHOICE).partition("|")
        if choice:
            return Said(label or choice, choice=choice, tapped=True)
    return Tapped(key)


def key_of(item: MenuItem) -> str:
    """What WeChat sends us when the item is tapped; empty where it tells us nothing."""
    if item.say:
        return SAY + item.say
    return f"{CHOICE}{item.choice}|{item.name}" if item.choice else item.key
