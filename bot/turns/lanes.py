"""Lanes keep the turns of one contact in the order of their arrival, and let contacts pass each other."""

from collections import deque
from collections.abc import Iterable

from bot.turns.turn import Target, Turn


class Lanes:
    """Turns that wait for the writer: a FIFO per contact, and an order among contacts.

    A lane's turns are taken only while none of an earlier batch of that lane is under way, so a slow match or a
    second flush in flight never overtakes. Acts of agents, fires and deliveries go ahead of customers' messages.
    """

    def __init__(self) -> None:
        self._lanes: dict[Target, deque[Turn]] = {}
        self._under_way: set[Target] = set()
        self._urgent: deque[Target] = deque()
        self._usual: deque[Target] = deque()
        self._listed: set[Target] = set()
        self._length = 0

    def __len__(self) -> int:
        """How many turns wait, without those under way."""
        return self._length

    @property
    def runnable(self) -> bool:
        """Whether a take would give anything."""
        return bool(self._urgent or self._usual)

    def oldest(self) -> float | None:
        """When the oldest waiting turn arrived, in seconds of the loop's clock."""
        heads = [lane[0].arrived for lane in self._lanes.values() if lane]
        return min(heads, default=None)

    def add(self, turn: Turn) -> None:
        """Put a turn behind the others of its contact."""
        lane = self._lanes.get(turn.target)
        if lane is None:
            self._lanes[turn.target] = deque((turn,))
        else:
            lane.append(turn)
        self._length += 1
        self._list(turn.target)

    def woken(self, turn: Turn) -> None:
        """Its question has been matched: its lane may run."""
        turn.ready = True
        self._list(turn.target)

    def take(self, limit: int, *, per_contact: int) -> list[Turn]:
        """Take the next batch: whole heads of lanes, in order, at most ``limit`` turns."""
        batch: list[Turn] = []
        for waiting in (self._urgent, self._usual):
            while waiting and len(batch) < limit:
                target = waiting.popleft()
                self._listed.discard(target)
                lane = self._lanes[target]
                taken = 0
                while lane and lane[0].ready and taken < per_contact and len(batch) < limit:
                    batch.append(lane.popleft())
                    taken += 1
                if taken:
                    self._under_way.add(target)
                    self._length -= taken
        return batch

    def finished(self, turns: Iterable[Turn]) -> None:
        """These turns have been settled; their lanes may go on."""
        for target in {turn.target for turn in turns}:
            self._under_way.discard(target)
            if self._lanes.get(target):
                self._list(target)
            else:
                self._lanes.pop(target, None)

    def back(self, turns: list[Turn]) -> None:
        """These turns could not be written now; they go back to the head of their lanes."""
        for turn in reversed(turns):
            self._lanes.setdefault(turn.target, deque()).appendleft(turn)
            self._length += 1
        self.finished(turns)

    def _list(self, target: Target) -> None:
        if target in self._listed or target in self._under_way:
            return
        head = self._lanes[target][0]
        if not head.ready:
            return
        self._listed.add(target)
        (self._usual if head.by_customer else self._urgent).append(target)
