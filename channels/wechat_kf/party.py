"""Who talks: a customer, with one of a company's customer-service accounts; together they are one contact."""

import re
from typing import NamedTuple

from channels.door import Malformed, Undeliverable

CHANNEL = "wechat_kf"
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""An ``open_kfid`` or an ``external_userid``."""
BETWEEN = ":"


class Party(NamedTuple):
    """The two sides of a chat."""

    kf: str
    """Our side: the ``open_kfid``."""
    customer: str
    """The ``external_userid``."""

    @property
    def contact(self) -> str:
        """How a contact's address spells them."""
        return f"{self.kf}{BETWEEN}{self.customer}"


def party(kf: str, customer: str) -> Party:
    """The two sides as the platform names them. Raises: Malformed where one is no name."""
    if NAME.fullmatch(kf) is None or NAME.fullmatch(customer) is None:
        raise Malformed("party_unreadable")
    return Party(kf, customer)


def party_of(contact: str) -> Party:
    """The two sides of a contact's address. Raises: Undeliverable where it is none of this platform."""
    kf, _, customer = contact.partition(BETWEEN)
    if NAME.fullmatch(kf) is None or NAME.fullmatch(customer) is None:
        raise Undeliverable("contact_unreadable")
    return Party(kf, customer)
