"""The departments, business types and grades that come with the house, read from the router's folder."""

from functools import cache
from pathlib import Path

import router
from router.tickets.rules import TicketRules, parse

FILE = Path(router.__file__).parent / "tickets.toml"


@cache
def shipped_rules() -> TicketRules:
    """All of them. Raises: StandardError where one does not hold."""
    return parse(FILE.read_text(encoding="utf-8"))
