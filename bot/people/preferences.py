"""Preferences: how a person wants their desk, kept per account, so that every browser of theirs follows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

import msgspec

from bot.db import Statements
from bot.sql import load

SQL = load(__file__, "preferences.sql")


class Sound(StrEnum):
    """What can be heard at the desk."""

    OFFER = "offer"
    ASSIGNED = "assigned"
    MESSAGE = "message"
    DEADLINE = "deadline"
    OTHER = "other"


class SendBy(StrEnum):
    """Which key sends; the other one begins a new line."""

    ENTER = "enter"
    CTRL = "ctrl"
    """Ctrl or Cmd together with Enter."""


Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
ClockTime = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has chosen."""

    single_keys: bool = True
    """Whether keys that are one letter do anything (WCAG 2.1.4)."""
    send_by: SendBy = SendBy.ENTER
    suggest: bool = True
    """Whether answers are suggested while one types."""
    sounds: frozenset[Sound] = frozenset(Sound)
    volume: Percent = 60
    quiet: bool = False
    """Whether nothing sounds in the quiet hours."""
    quiet_from: ClockTime = "22:00"
    """By the clock of the person's machine; the hours may go past midnight."""
    quiet_until: ClockTime = "08:00"
    notify: bool = False
    """Whether the system shows a notice while no tab of the desk is looked at."""
    content: bool = False
    """Whether such a notice names the customer and shows what they wrote."""


async def preferences_of(pool: Statements, agent_id: int) -> Preferences:
    """What somebody has chosen; what an older edition kept and this one does not know is left out."""
    chosen = await pool.fetchval(SQL["of"], agent_id)
    return Preferences() if chosen is None else msgspec.convert(chosen, Preferences)


async def choose(pool: Statements, agent_id: int, preferences: Preferences) -> None:
    """Keep what somebody has chosen."""
    await pool.execute(SQL["choose"], agent_id, msgspec.to_builtins(preferences, order="deterministic"))


def from_form(form: Mapping[str, str]) -> Preferences:
    """Read the form of the settings, in which a box that is not ticked is not there.

    Raises:
        msgspec.ValidationError: a choice that the form does not offer.
    """
    chosen = {
        **{name: name in form for name in ("single_keys", "suggest", "quiet", "notify", "content")},
        **{name: form.get(name, "") for name in ("send_by", "volume", "quiet_from", "quiet_until")},
        "sounds": [sound for sound in Sound if f"sound.{sound}" in form],
    }
    return msgspec.convert(chosen, Preferences, strict=False)
