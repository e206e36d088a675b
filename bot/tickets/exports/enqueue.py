"""The queue of lists that become files."""

from bot.tickets.exports.job import JOB_SECONDS
from bot.tickets.handing import HandedQueue

JOB = "bot.tickets.exports.job.make_export"


class ExportQueue(HandedQueue):
    """Puts exports on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, job=JOB, kind="export", seconds=JOB_SECONDS)
