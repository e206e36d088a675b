"""A target of fuzzing: a parser, payloads that it understands, and the exceptions by which it refuses others."""

import json
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from channels.door import DoorError, Inbound
from tests.fuzz.mutations import Form


class Target(NamedTuple):
    """One parser."""

    name: str
    form: Form
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], object]
    """Parses; what comes back stands for what the payload was taken for."""
    refuses: tuple[type[Exception], ...] = (DoorError,)
    """How it says no."""


def sound(inbound: Inbound) -> object:
    """See that an event can be stored: its parts are of their types, and no text holds NUL or half a character."""
    assert b"\\u0000" not in msgspec.json.encode(inbound).replace(rb"\\", b""), "a text holds NUL"
    assert inbound.source_id, "no source id"
    assert len(inbound.source_id) <= 256, "a long source id"
    assert inbound.address.contact, "no contact"
    msgspec.json.decode(msgspec.json.encode(inbound.event), type=type(inbound.event))
    return type(inbound.event).__name__, getattr(inbound.event, "kind", None)


def written(*found: object) -> tuple[bytes, ...]:
    """Seeds as JSON."""
    return tuple(json.dumps(one, ensure_ascii=False).encode() for one in found)
