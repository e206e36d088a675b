"""The queue of surveys that are due, in RQ."""

from rq import Queue, Retry
from rq.queue import EnqueueData

from bot.job_queue import JOB_SECONDS, JobQueue

NAME = "huiying-surveys"
"""The queue in RQ; one queue has workers of its own."""
JOB = "bot.surveys.job.send_survey"
PAUSES = (5, 15, 60)
"""Seconds before each further try of a job."""
KEPT = 7 * 24 * 3600
"""Seconds that a job which failed for good is kept to be looked at."""


class SurveyQueue(JobQueue[int]):
    """Puts surveys on RQ.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        super().__init__(redis_url, name=NAME, job=_job)


def _job(survey_id: int) -> EnqueueData:
    """A survey's job always has the same id, so that asking twice leaves one job in RQ's books."""
    return Queue.prepare_data(
        JOB,
        args=(survey_id,),
        job_id=f"survey-{survey_id}",
        timeout=JOB_SECONDS,
        result_ttl=0,
        failure_ttl=KEPT,
        retry=Retry(max=len(PAUSES), interval=list(PAUSES)),
    )
