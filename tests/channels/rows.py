"""The rows of the contract of doors: each is a test, and its name is what people read on the page."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

T = TypeVar("T", bound=Callable[..., object])


class Row(NamedTuple):
    """One line of the contract."""

    group: str
    test: str

    @property
    def name(self) -> str:
        """As a door's test names it."""
        return self.test.removeprefix("test_")

    @property
    def sentence(self) -> str:
        """As people read it."""
        said = self.name.replace("_", " ").replace("customers file", "customer's file")
        return said[0].upper() + said[1:]


ROWS: list[Row] = []
"""All lines, in the order of the contract."""


def row(group: str) -> Callable[[T], T]:
    """Make a test a line of the contract."""

    def mark(test: T) -> T:
        ROWS.append(Row(group, test.__name__))
        return test

    return mark
