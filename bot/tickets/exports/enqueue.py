"""The queue of lists that become files, beside the files to be fetched, for neither may hold surveys up."""

from rq import Queue
from rq.queue import EnqueueData

from bot.files.enqueue import KEPT, NAME
from bot.job_queue import JobQueue
from bot.tickets.exports.job import JOB_SECONDS

JOB = "bot.tickets.exports.job.make_export"


class ExportQueue(JobQueue[int]):
    """Puts exports on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, name=NAME, job=_job)


def _job(export_id: int) -> EnqueueData:
    """A broken job is requested again by the sweep, once its try has had its time."""
    return Queue.prepare_data(
        JOB, args=(export_id,), job_id=f"export-{export_id}", timeout=JOB_SECONDS, result_ttl=0, failure_ttl=KEPT
    )
