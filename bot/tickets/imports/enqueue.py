"""The queue of files that are checked and taken in."""

from bot.tickets.handing import HandedQueue
from bot.tickets.imports.job import JOB_SECONDS

JOB = "bot.tickets.imports.job.work_on_import"


class ImportQueue(HandedQueue):
    """Puts imports on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, job=JOB, kind="import", seconds=JOB_SECONDS)
