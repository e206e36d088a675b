"""The queue of files that are to be fetched from their platforms, in RQ."""

from rq import Queue, Retry
from rq.queue import EnqueueData

from bot.job_queue import JOB_SECONDS, JobQueue

NAME = "huiying-files"
"""The queue in RQ; one queue has workers of its own."""
JOB = "bot.files.job.fetch_file"
PAUSES = (5, 15)
"""Seconds before each further try of a job that broke; a platform that refused is tried again by the sweep."""
KEPT = 24 * 3600
"""Seconds that a job which failed for good is kept to be looked at."""


class FileQueue(JobQueue[str]):
    """Puts files on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, name=NAME, job=_job)


def _job(file_id: str) -> EnqueueData:
    """A file's job always has the same id, so that asking twice leaves one job in RQ's books."""
    return Queue.prepare_data(
        JOB,
        args=(file_id,),
        job_id=f"file-{file_id}",
        timeout=JOB_SECONDS,
        result_ttl=0,
        failure_ttl=KEPT,
        retry=Retry(max=len(PAUSES), interval=list(PAUSES)),
    )
