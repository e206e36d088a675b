"""The queue of files that are checked and taken in, beside the files to be fetched, for neither may hold surveys up."""

from rq import Queue
from rq.queue import EnqueueData

from bot.files.enqueue import KEPT, NAME
from bot.job_queue import JobQueue
from bot.tickets.imports.job import JOB_SECONDS

JOB = "bot.tickets.imports.job.work_on_import"


class ImportQueue(JobQueue[int]):
    """Puts imports on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, name=NAME, job=_job)


def _job(import_id: int) -> EnqueueData:
    """A broken job is requested again by the sweep, once its try has had its time."""
    return Queue.prepare_data(
        JOB, args=(import_id,), job_id=f"import-{import_id}", timeout=JOB_SECONDS, result_ttl=0, failure_ttl=KEPT
    )
