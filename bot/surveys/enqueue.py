"""Hands surveys that are due to RQ, without ever holding up or failing the one who asks for it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as Reconnect
from rq import Queue, Retry
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

NAME = "huiying-surveys"
"""The queue in RQ; one queue has workers of its own."""
JOB = "bot.surveys.job.send_survey"
PAUSES = (5, 15, 60)
"""Seconds before each further try of a job."""
JOB_SECONDS = 60
KEPT = 7 * 24 * 3600
"""Seconds that a job which failed for good is kept to be looked at."""
TIMEOUT = 1.0
"""Seconds that a command of Redis may take."""

log = structlog.get_logger()


class SurveyQueue:
    """Puts surveys on RQ from a thread of its own.

    What Redis does not take is forgotten here: the sweep finds it in PostgreSQL and requests it again.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
    """

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Reconnect(NoBackoff(), 0)
        )
        self._queue = Queue(NAME, connection=self._redis, serializer=JSONSerializer, default_timeout=JOB_SECONDS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="surveys")
        self._lock = Lock()
        self._waiting: set[int] = set()
        self._closed = False

    def request(self, survey_ids: Sequence[int]) -> None:
        """Have these asked. Never blocks, never fails."""
        with self._lock:
            idle = not self._waiting
            self._waiting.update(survey_ids)
            if idle and self._waiting and not self._closed:
                self._thread.submit(self._put)

    def settle(self) -> None:
        """Wait until what has been requested is on RQ, or given up."""
        self._thread.submit(bool).result()

    def waiting(self) -> list[int]:
        """The surveys that lie on RQ and wait for a worker.

        Raises:
            redis.RedisError: Redis is away.
        """
        return [int(job.args[0]) for job in self._queue.jobs]

    def close(self) -> None:
        """Put what is waiting on RQ, then take nothing more."""
        with self._lock:
            self._closed = True
        self._thread.shutdown(wait=True)
        self._redis.close()

    def _put(self) -> None:
        with self._lock:
            survey_ids, self._waiting = sorted(self._waiting), set()
        try:
            self._queue.enqueue_many([_job(survey_id) for survey_id in survey_ids])
        except (RedisError, OSError) as error:
            log.warning("surveys.not_enqueued", count=len(survey_ids), error=type(error).__name__)


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
