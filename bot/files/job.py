"""The job that fetches a file: RQ carries its id, and its row in PostgreSQL says whether it is due."""

from collections.abc import Callable
from contextvars import ContextVar

FETCHER: ContextVar[Callable[[str], None]] = ContextVar("fetcher")
"""Set by the process of the jobs before it takes any: fetches one file and returns when that is written down."""


def fetch_file(file_id: str) -> None:
    """Fetch a file; what RQ calls. Called again, it changes nothing."""
    FETCHER.get()(file_id)
