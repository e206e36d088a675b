"""Assignment: who takes which waiting chat.

A chat goes to somebody present who has room and every skill that it requires: first the one who served the customer
last, then whoever has most of the skills that it prefers, then the longest idle. A chat that nobody can take never
holds back the next.

Chats that need the same share one line of seats, a heap; a seat that has moved since it was put into a line is
recognised by its turn and passed over. So a chat costs the depth of a heap, not a look at everyone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import NamedTuple


class Needs(NamedTuple):
    """What a chat asks of whoever takes it."""

    channel: str
    required: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for an agent, or is offered to another one."""

    conversation: int
    needs: Needs
    knows: int | None = None
    """The agent who served this customer last."""
    not_for: frozenset[int] = frozenset()
    """Agents it is not offered to: the owner on a re-offer, and who has declined it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An agent who is present."""

    agent: int
    skills: frozenset[str]
    room: int
    """How many more chats the agent can carry."""
    idle_since: datetime
    """Aware; since when the agent has been given nothing."""
    rooms: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The same for single channels that have a limit of their own."""


class Pair(NamedTuple):
    """A chat and who is to take it."""

    conversation: int
    agent: int


def assign(waiting: Sequence[Waiting], seats: Iterable[Seat]) -> list[Pair]:
    """Find an agent for as many chats as possible.

    Args:
        waiting: in waiting order.
        seats: who is present, in any order.
    """
    hall = _Hall(seats)
    return [Pair(chat.conversation, agent) for chat in waiting if (agent := hall.take(chat)) is not None]


class _Chair:
    """A seat while chats are given out."""

    __slots__ = ("room", "rooms", "seat", "turn")

    def __init__(self, seat: Seat, turn: int) -> None:
        self.seat = seat
        self.turn = turn
        """Grows with each chat given: who got one last comes last."""
        self.room = seat.room
        self.rooms = dict(seat.rooms)

    def can_take(self, needs: Needs) -> bool:
        return self.room > 0 and self.rooms.get(needs.channel, 1) > 0 and needs.required <= self.seat.skills


Entry = tuple[int, int, int]
"""A place in a line: skills preferred and missing, the turn, the agent."""


class _Hall:
    """Everybody's seats, and a line of them for each kind of needs."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        longest_idle_first = sorted(seats, key=lambda seat: (seat.idle_since, seat.agent))
        self._chairs = {seat.agent: _Chair(seat, turn) for turn, seat in enumerate(longest_idle_first)}
        self._turn = len(self._chairs)
        self._lines: dict[Needs, list[Entry]] = {}

    def take(self, chat: Waiting) -> int | None:
        """The agent for a chat, whose room shrinks by it; None where nobody can take it."""
        agent = self._acquainted(chat)
        if agent is None:
            agent = self._first(chat)
        if agent is not None:
            self._seat(self._chairs[agent], chat.needs.channel)
        return agent

    def _acquainted(self, chat: Waiting) -> int | None:
        if chat.knows is None or chat.knows in chat.not_for:
            return None
        chair = self._chairs.get(chat.knows)
        return chat.knows if chair is not None and chair.can_take(chat.needs) else None

    def _first(self, chat: Waiting) -> int | None:
        """The first of the line who may take it; those who may not keep their places."""
        line = self._line(chat.needs)
        passed_over = []
        found = None
        for entry in self._standing(line, chat.needs):
            if entry[2] not in chat.not_for:
                found = entry[2]
                break
            passed_over.append(entry)
        for entry in passed_over:
            heappush(line, entry)
        return found

    def _standing(self, line: list[Entry], needs: Needs) -> Iterator[Entry]:
        """Take entries off a line, the best first; those that hold no longer are dropped."""
        while line:
            entry = heappop(line)
            chair = self._chairs[entry[2]]
            if chair.turn == entry[1] and chair.can_take(needs):
                yield entry

    def _line(self, needs: Needs) -> list[Entry]:
        line = self._lines.get(needs)
        if line is None:
            line = [_entry(chair, needs) for chair in self._chairs.values() if chair.can_take(needs)]
            heapify(line)
            self._lines[needs] = line
        return line

    def _seat(self, chair: _Chair, channel: str) -> None:
        chair.room -= 1
        if channel in chair.rooms:
            chair.rooms[channel] -= 1
        chair.turn, self._turn = self._turn, self._turn + 1
        for needs, line in self._lines.items():
            if chair.can_take(needs):
                heappush(line, _entry(chair, needs))


def _entry(chair: _Chair, needs: Needs) -> Entry:
    return len(needs.preferred - chair.seat.skills), chair.turn, chair.seat.agent
