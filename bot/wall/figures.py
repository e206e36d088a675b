"""The figures of the wall, made of what was read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.calls.figures import Figures as Calls
from bot.db import Row
from bot.people.agent import Presence
from bot.wall.thresholds import State, Threshold, state_of


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the wall."""

    name: str
    kind: str
    """``count``, ``seconds``, ``percent`` or ``score``."""
    value: float | None
    state: State


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the tables: a team, or a queue with what it asks for."""

    key: str
    """The unit's path, or the queue's id."""
    name: str
    name_en: str
    on_duty: int
    chats: int
    places: int
    """How many chats those on duty take at once."""
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """One reading."""

    at: datetime
    tiles: tuple[Figure, ...]
    presences: Mapping[str, int]
    """How many people are what, by presence."""
    teams: tuple[Band, ...]
    queues: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What PostgreSQL said."""

    waiting: Sequence[Row]
    people: Sequence[Row]
    carried: Sequence[Row]
    opened: Sequence[Row]
    answered: Sequence[Row]
    breaches: Sequence[Row]
    scores: Sequence[Row]
    queues: Sequence[Row]
    thresholds: Sequence[Row]
    calls: Calls

    @property
    def limits(self) -> Mapping[str, Threshold]:
        """The thresholds by figure."""
        return {row["figure"]: Threshold(row["amber"], row["red"]) for row in self.thresholds}


def arranged(read: Read, now: datetime) -> Wall:
    """The wall out of what was read."""
    chats = _sum(read.carried, "chats")
    tiles = (
        _figure(read, "waiting", "count", _sum(read.waiting, "waiting")),
        _figure(read, "longest", "seconds", max((row["longest"] for row in read.waiting), default=0.0)),
        _figure(read, "on_duty", "count", len(_on_duty(read.people))),
        _figure(read, "chats", "count", chats),
        _load(read, chats, read.people),
        _figure(read, "connect", "percent", read.calls.connect_rate),
        *_served(read, lambda _row: True),
        _figure(read, "opened", "count", read.opened[0]["opened"]),
        _figure(read, "bots", "percent", _share(100 * read.opened[0]["bots"], read.opened[0]["opened"])),
    )
    presences = Counter(row["presence"] for row in read.people)
    return Wall(now, tiles, {one.value: presences[one.value] for one in Presence}, _teams(read), _queues(read))


def _teams(read: Read) -> tuple[Band, ...]:
    """The units to which people belong, whatever their level."""
    names = {row["path"]: row["unit"] for row in read.people}
    return tuple(_team(read, path, names[path]) for path in sorted(names))


def _team(read: Read, path: str, name: str) -> Band:
    people = [row for row in read.people if row["path"] == path]
    chats = _sum(people, "carried")
    served = _served(read, lambda row: row["path"] == path)
    return _band(read, path, (name, name), people, chats, served)


def _queues(read: Read) -> tuple[Band, ...]:
    return tuple(_queue(read, row) for row in read.queues)


def _queue(read: Read, queue: Row) -> Band:
    able = [row for row in read.people if set(queue["required"]) <= set(row["skills"])]
    waits = [row for row in read.waiting if row["queue"] == queue["id"]]
    chats = _sum((row for row in read.carried if row["queue"] == queue["id"]), "chats")
    figures = (
        _figure(read, "waiting", "count", _sum(waits, "waiting")),
        _figure(read, "longest", "seconds", max((row["longest"] for row in waits), default=0.0)),
        *_served(read, lambda row: row["queue"] == queue["id"]),
    )
    return _band(read, queue["id"], (queue["name_zh"], queue["name_en"]), able, chats, figures)


def _band(
    read: Read, key: str, names: tuple[str, str], people: Sequence[Row], chats: int, figures: tuple[Figure, ...]
) -> Band:
    on_duty = _on_duty(people)
    return Band(key, *names, len(on_duty), chats, _sum(on_duty, "capacity"), (_load(read, chats, people), *figures))


def _load(read: Read, chats: int, people: Sequence[Row]) -> Figure:
    """Percent of what those on duty take at once."""
    return _figure(read, "load", "percent", _share(100 * chats, _sum(_on_duty(people), "capacity")))


def _served(read: Read, mine: Callable[[Row], bool]) -> tuple[Figure, ...]:
    """What those who were served found: waits, scores and limits that passed."""
    answered = [row for row in read.answered if mine(row)]
    scores = [row for row in read.scores if mine(row)]
    first = _share(sum(row["first"] for row in answered), _sum(answered, "firsts"))
    mean = _share(sum(row["total"] for row in answered), _sum(answered, "answers"))
    return (
        _figure(read, "first", "seconds", first),
        _figure(read, "mean", "seconds", mean),
        _figure(read, "satisfaction", "score", _share(sum(row["total"] for row in scores), _sum(scores, "scores"))),
        _figure(read, "breaches", "count", _sum((row for row in read.breaches if mine(row)), "breaches")),
    )


def _figure(read: Read, name: str, kind: str, value: float | None) -> Figure:
    return Figure(name, kind, value, state_of(read.limits, name, value))


def _on_duty(people: Iterable[Row]) -> list[Row]:
    return [row for row in people if row["presence"] in (Presence.ONLINE, Presence.BUSY)]


def _sum(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] for row in rows)


def _share(total: float, count: int) -> float | None:
    """None where there is nothing to share."""
    return round(total / count, 1) if count else None
