"""Thresholds: from which value on a figure of the wall is amber, and from which red."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """The figures of the wall."""

    WAITING = "waiting"
    LONGEST = "longest"
    ON_DUTY = "on_duty"
    CHATS = "chats"
    LOAD = "load"
    CONNECT = "connect"
    FIRST = "first"
    MEAN = "mean"
    SATISFACTION = "satisfaction"
    BREACHES = "breaches"
    OPENED = "opened"
    BOTS = "bots"


class State(StrEnum):
    """How a figure fares; ``plain`` where nothing is known or nobody has said what is good."""

    PLAIN = "plain"
    GOOD = "good"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Two values in the figure's own unit; red below amber where less is worse."""

    amber: float
    red: float

    def state(self, value: float) -> State:
        """The state of a value; the threshold itself counts as reached."""
        worse = self.red > self.amber
        if value >= self.red if worse else value <= self.red:
            return State.RED
        return State.AMBER if (value >= self.amber if worse else value <= self.amber) else State.GOOD


def state_of(thresholds: Mapping[str, Threshold], figure: str, value: float | None) -> State:
    """The state of a figure."""
    threshold = thresholds.get(figure)
    return State.PLAIN if threshold is None or value is None else threshold.state(value)
