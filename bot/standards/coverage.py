"""Which test and which page of the desk stand behind each clause."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from router.clauses.clause import Clause

TESTS = Path(__file__).parents[2] / "tests" / "standard"
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "conversation": "/desk",
        "question": "/desk/questions",
        "form": "/desk",
        "survey": "/survey/{token}",
        "call": "/desk/hotline",
        "callback": "/desk/callbacks",
        "improvement": "/desk/improvements",
        "ticket": "/desk/tickets",
        "complaint": "/desk/tickets",
    }
)
"""Where people work on records of a kind; those that packs declare are cases."""
CASES = "/desk/cases"


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands behind a clause."""

    clause: str
    tests: tuple[str, ...]
    """Files, and the tests in them where they are named after the clause."""
    page: str
    """Empty where nobody has one yet."""


def cover(clauses: Iterable[Clause], packs: Iterable[Clause], folder: Path = TESTS) -> list[Cover]:
    """What stands behind the house's clauses and those of packs.

    A clause is tested by a file of its name, ``test_ticket_transfer.py``, or by a file that names it in quotes.
    """
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("test_*.py"))}
    house = [Cover(one.id, _tests(one.id, files), PAGES.get(one.subject, "")) for one in clauses]
    return house + [Cover(one.id, _tests(one.id, files), CASES) for one in packs]


def _tests(clause: str, files: Mapping[str, str]) -> tuple[str, ...]:
    name = clause.replace(".", "_")
    if f"test_{name}.py" in files:
        return (f"test_{name}.py",)
    found: list[str] = []
    for file, text in files.items():
        named = re.findall(rf"def (test_{name}_\w+)", text)
        if named or f'"{clause}"' in text:
            found += [f"{file}::{one}" for one in named] or [file]
    return tuple(found)
