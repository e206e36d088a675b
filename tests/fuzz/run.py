"""Feeds targets in turns with payloads that are almost right, and keeps those that a target does not take as it should.

A payload that leads to an outcome nobody has seen yet joins the seeds of its target for the rest of the run: that is
how payloads get past the first check of a parser to the next.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from random import Random
from types import FrameType

import psutil

from tests.fuzz.mutations import mutated
from tests.fuzz.target import Target

SEEDS = Path(__file__).parent / "seeds"
"""What has failed once, in a folder for each target."""
TOO_SLOW = 1.0
"""Seconds of the processor's time for one payload."""
MOST_CORPUS = 2_000
LARGEST_SEED = 8_192
"""Bytes of a payload that others are made from."""


class TooSlow(Exception):
    """A payload took longer than any should."""


@dataclass(frozen=True)
class Find:
    """A payload that a target did not take as it should, and what came of it."""

    target: str
    error: str
    data: bytes

    def keep(self, folder: Path) -> Path:
        """Write the payload down in the folder of its target, named by its bytes."""
        path = folder / self.target / f"{blake2b(self.data, digest_size=6).hexdigest()}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path


@dataclass
class Course:
    """How it goes with one target."""

    target: Target
    random: Random
    corpus: list[bytes] = field(default_factory=list)
    outcomes: set[object] = field(default_factory=set)
    executions: int = 0
    taken: int = 0
    slowest: float = 0.0
    """Seconds of the processor's time."""
    grown: int = 0
    """Bytes by which the process grew in this target's turns."""
    finds: dict[str, Find] = field(default_factory=dict)
    """The first of each error."""

    def __post_init__(self) -> None:
        self.corpus += [*self.target.seeds, *kept(self.target.name)]

    def turn(self, executions: int) -> None:
        """Feed the target."""
        process = psutil.Process()
        before = process.memory_info().rss
        for _ in range(executions):
            data = mutated(self.random.choice(self.corpus), self.corpus, self.target.form, self.random)
            self._feed(data)
        self.grown += process.memory_info().rss - before

    def _feed(self, data: bytes) -> None:
        began = time.thread_time()
        outcome, find = tried(self.target, data)
        self.slowest = max(self.slowest, time.thread_time() - began)
        self.executions += 1
        self.taken += not isinstance(outcome, Refused)
        if find is not None:
            self.finds.setdefault(find.error, find)
        elif outcome not in self.outcomes and len(data) <= LARGEST_SEED and len(self.corpus) < MOST_CORPUS:
            self.outcomes.add(outcome)
            self.corpus.append(data)


@dataclass(frozen=True)
class Refused:
    """A payload was refused, with these words."""

    why: str


def tried(target: Target, data: bytes) -> tuple[object, Find | None]:
    """What a target makes of a payload, and the find that it is, if it is one."""
    try:
        with _hurried():
            return target.run(data), None
    except target.refuses as refused:
        return Refused(f"{type(refused).__name__} {refused}"[:80]), None
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where is not None else ""
        return None, Find(target.name, f"{type(error).__name__} at {place}", data)


def kept(name: str) -> list[bytes]:
    """Payloads that a target has failed on before."""
    return [path.read_bytes() for path in sorted((SEEDS / name).glob("*.bin"))]


@contextmanager
def _hurried() -> Iterator[None]:
    """Break off what takes too long of the processor's time, however busy the machine is."""
    before = signal.signal(signal.SIGVTALRM, _break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, TOO_SLOW)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    raise TooSlow
