"""A form under way: what a contact has filled in so far, and of which version of the form."""

from datetime import datetime

from msgspec import Struct


class Answer(Struct, frozen=True):
    """One step, answered."""

    step: str
    value: str
    """As it is stored: the id of a choice, ``yes`` or ``no``, a date as ISO 8601, the edition of an agreement, how an
    identity was proved, else the customer's words."""
    at: datetime
    """When it was given (aware UTC); of an agreement, when it was accepted."""


class Progress(Struct, frozen=True):
    """How far a contact has got with a form."""

    form: str
    version: int
    """Of the form; another one begins anew, for what was agreed to may have changed."""
    started: datetime
    """Aware, UTC."""
    answers: tuple[Answer, ...] = ()
    agent: int | None = None
    """Who started it for the customer; None where the customer did."""
    touched: datetime | None = None
    """When the customer last did something to it (aware UTC); None where that was when it started."""
    reminded: datetime | None = None
    """When the customer was last reminded of it (aware UTC)."""
