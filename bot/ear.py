"""An ear for news of many contacts: by address until a contact has a row, by its number from then on."""

from collections.abc import Callable, Collection, Mapping

from bot.bus import Bus
from bot.watch import Watch
from channels.door import Address
from channels.web.house import News

NEWS = {"": News.THREAD, "reach": News.REACH, "answering": News.TYPING, "ended": News.ENDED}
"""What a hint says behind its ``#``; other words are for other listeners."""


class Ear:
    """Follows contacts on the bus.

    Args:
        bus: carries the hints.
        watch: an ear that follows nothing yet.
        number: the row number of a contact, where it is known by now.
    """

    def __init__(self, bus: Bus, watch: Watch, number: Callable[[Address], int | None]) -> None:
        self._bus = bus
        self._watch = watch
        self._number = number
        self._topics: dict[Address, str] = {}
        self._addresses: dict[str, Address] = {}

    def follow(self, address: Address) -> bool:
        """Hear of a contact from now on; whether this is new, so that what came before is to be read first."""
        topic = self._topic(address)
        known = self._topics.get(address)
        if known == topic:
            return False
        if known is not None:
            self.leave(address)
        self._topics[address] = topic
        self._addresses[topic] = address
        self._watch.follow(topic)
        return True

    def leave(self, address: Address) -> None:
        """Hear of a contact no more."""
        topic = self._topics.pop(address, None)
        if topic is not None:
            del self._addresses[topic]
            self._watch.leave(topic)

    async def wait(self, seconds: float) -> Mapping[Address, Collection[News]]:
        """Return at the first news, or with none after so many seconds, or when the bus' patience ends."""
        heard: dict[Address, set[News]] = {}
        for hint in await self._watch.wait(min(seconds, self._bus.patience)):
            topic, _, word = hint.partition("#")
            address, news = self._addresses.get(topic), NEWS.get(word)
            if address is not None and news is not None:
                heard.setdefault(address, set()).add(news)
        return heard

    def _topic(self, address: Address) -> str:
        contact = self._number(address)
        return topic_of(address) if contact is None else f"contact:{contact}"


def topic_of(address: Address) -> str:
    """The topic of a contact who may not have a row yet."""
    return f"address:{address.channel}:{address.account}:{address.contact.replace('#', '%23')}"
