"""The ladder of a clause: who is alerted, when, and how.

    alert = ["owner", "leader"]                                       the next threshold calls the next one
    alert = ["owner", { who = "manager", on = "due", how = ["desk", "webhook"] }]
    alert = ["owner", { who = "manager", on = "+30m" }]               half an hour after the due time
    alert = ["owner", { who = "customer", on = "due", how = "channel" }]

A rung that names its threshold (``on``: one of ``warn``, ``due``, or a time after it) hears of that one only, beside
the others. The customer who waits is told on the channel on which they wrote, at the due time or after it, that it is
late and goes on; ``say`` has the words where they are not the house's.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from router.clauses.table import LANGUAGES, Table

DESK = "desk"
CHANNEL = "channel"
WAYS = (DESK, CHANNEL, "webhook")
"""How somebody hears: at the desk's bell, on the customer's channel, or by a call of the operator's own system."""
CUSTOMER = "customer"
DUE = "due"
AFTER = "+"
"""Stands before a time after the due time."""


class Rung(NamedTuple):
    """One who is alerted."""

    who: str
    on: timedelta | None = None
    """The threshold that calls, as the time before the due time; zero: the due time; less: so long after it; None: the
    next one in turn."""
    how: tuple[str, ...] = (DESK,)
    say: tuple[tuple[str, str], ...] = ()
    """What the customer is told, by language; empty: the words of the house."""


def read(table: Table, audiences: tuple[str, ...]) -> tuple[Rung, ...]:
    """Read ``alert`` of a clause.

    Raises:
        StandardError: it does not hold; the error names the line.
    """
    value = table.values.get("alert", [])
    if not isinstance(value, list) or all(isinstance(one, str) for one in value):
        return tuple(Rung(table.known(who, audiences, "alert")) for who in table.texts("alert"))
    return tuple(_rung(table, one, audiences) for one in value)


def told(rungs: Iterable[Rung]) -> Rung | None:
    """The rung by which the customer hears: of several that are called at once, the latest."""
    return min((rung for rung in rungs if CHANNEL in rung.how), key=lambda rung: rung.on or timedelta(), default=None)


def after(ladder: tuple[Rung, ...]) -> tuple[timedelta, ...]:
    """How long after the due time somebody is called as well, shortest first."""
    return tuple(sorted({-rung.on for rung in ladder if rung.on is not None and rung.on < timedelta()}))


def called(
    ladder: tuple[Rung, ...], warn: tuple[timedelta, ...], passed: Iterable[int], steps: int
) -> tuple[Rung, ...]:
    """Who hears of thresholds, each once.

    Args:
        ladder: the clause's.
        warn: its warnings, longest first; those that lay before the opening have fallen away.
        passed: which thresholds have passed, from 1.
        steps: which of them is the due time; later ones are those that the ladder names after it.
    """
    return tuple(dict.fromkeys([rung for step in passed for rung in _hears(ladder, warn, step, steps)]))


def _hears(ladder: tuple[Rung, ...], warn: tuple[timedelta, ...], step: int, steps: int) -> tuple[Rung, ...]:
    if step > steps:
        late = after(ladder)[step - steps - 1 : step - steps]
        return tuple(rung for rung in ladder if rung.on is not None and -rung.on in late)
    before = warn[step - steps] if step < steps else timedelta()
    in_turn = [rung for rung in ladder if rung.on is None]
    next_one = in_turn[min(step, len(in_turn)) - 1 :][:1] if in_turn else []
    return (*next_one, *(rung for rung in ladder if rung.on == before))


def _rung(table: Table, value: object, audiences: tuple[str, ...]) -> Rung:
    if isinstance(value, str):
        return Rung(table.known(value, audiences, "alert"))
    if not isinstance(value, Mapping):
        raise table.error(f"alert: a name or a table is expected, not {value!r}", "alert")
    for key in value:
        table.known(key, ("who", "on", "how", "say"), "alert")
    who = table.known(str(value.get("who", "")), audiences, "alert")
    how = value.get("how", [DESK])
    ways = [how] if isinstance(how, str) else how if isinstance(how, list) and how else [""]
    rung = Rung(who, _threshold(table, value.get("on")), tuple(table.known(str(way), WAYS, "alert") for way in ways))
    _check_customer(table, rung, value)
    return rung._replace(say=_words(table, value["say"])) if "say" in value else rung


def _check_customer(table: Table, rung: Rung, value: Mapping[str, object]) -> None:
    """Customers hear on their channel and nowhere else, and nobody else hears there."""
    if (rung.who == CUSTOMER) != (CHANNEL in rung.how) or (rung.who == CUSTOMER and len(rung.how) > 1):
        raise table.error(f'alert: "{CUSTOMER}" hears by how = "{CHANNEL}", and nobody else does', "alert")
    if rung.who == CUSTOMER and (rung.on is None or rung.on > timedelta()):
        raise table.error(f'alert: "{CUSTOMER}" hears on = "{DUE}" or so long after it', "alert")
    if "say" in value and rung.who != CUSTOMER:
        raise table.error(f'alert: "say" is for "{CUSTOMER}"', "alert")


def _words(table: Table, value: object) -> tuple[tuple[str, str], ...]:
    """What the customer is told, in each language; nothing is filled in."""
    said = value if isinstance(value, Mapping) else {}
    if said.keys() != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in said.values()):
        raise table.error(f"alert: say: a text for each of {', '.join(LANGUAGES)} is expected", "alert")
    if any("{" in text for text in said.values()):
        raise table.error("alert: say: nothing is filled in, so no { can stand there", "alert")
    return tuple(said.items())


def _threshold(table: Table, on: object) -> timedelta | None:
    if on is None or on == DUE:
        return None if on is None else timedelta()
    if str(on).startswith(AFTER):
        return -table.read_duration("alert", str(on).removeprefix(AFTER))
    before = table.read_duration("alert", str(on))
    if before not in table.durations("warn"):
        raise table.error(f'alert: "{on}" is no threshold of "warn"', "alert")
    return before
