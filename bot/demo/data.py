"""What the demo operator is made of, as ``templates/demo/operator.toml`` has it."""

from collections.abc import Iterator
from random import Random

import msgspec
from msgspec import Struct

from bot.words import TEMPLATES
from router.tickets.ticket import TicketKind


class Province(Struct, frozen=True):
    """A province and its cities."""

    name: str
    cities: tuple[str, ...]


class Talk(Struct, frozen=True):
    """What customers and people at the desk say."""

    handoff: tuple[str, ...]
    matters: tuple[str, ...]
    openings: tuple[str, ...]
    answers: tuple[str, ...]
    thanks: tuple[str, ...]
    angry: tuple[str, ...]
    nonsense: tuple[str, ...]
    praise: tuple[str, ...]
    blame: tuple[str, ...]
    notes: tuple[str, ...]
    voicemails: tuple[str, ...]
    replies: tuple[str, ...]
    visits: tuple[str, ...]
    progress: tuple[str, ...]
    solutions: tuple[str, ...]
    verified: tuple[str, ...]
    plans: tuple[str, ...]
    delays: tuple[str, ...]
    settled: tuple[str, ...]
    unsettled: tuple[str, ...]


class Trouble(Struct, frozen=True):
    """A matter that a department has to solve."""

    kind: TicketKind
    business: str
    text: str
    cause: str = ""
    """Of a complaint."""
    people: int = 1


class Operator(Struct, frozen=True):
    """The operator."""

    surnames: str
    given: tuple[str, ...]
    packages: tuple[str, ...]
    broadband: tuple[str, ...]
    levels: tuple[str, ...]
    province: tuple[Province, ...]
    talk: Talk
    trouble: tuple[Trouble, ...]

    @property
    def cities(self) -> tuple[str, ...]:
        """All cities."""
        return tuple(city for province in self.province for city in province.cities)


def read() -> Operator:
    """Read the file."""
    return msgspec.toml.decode((TEMPLATES / "demo" / "operator.toml").read_bytes(), type=Operator)


def names(operator: Operator, chance: Random) -> Iterator[str]:
    """Names of people, each once as long as there are any."""
    all_names = [f"{surname}{given}" for surname in operator.surnames for given in operator.given]
    chance.shuffle(all_names)
    yield from all_names
