"""Hands rows that are due to RQ, without ever holding up or failing the one who asks for it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as Reconnect
from rq import Queue
from rq.queue import EnqueueData
from rq.serializers import JSONSerializer

TIMEOUT = 1.0
"""Seconds that a command of Redis may take."""
JOB_SECONDS = 60

log = structlog.get_logger()

Id = TypeVar("Id", int, str)


class JobQueue(Generic[Id]):
    """Puts jobs on one queue of RQ from a thread of its own; each carries the id of a row.

    What Redis does not take is forgotten here: a sweep finds it in PostgreSQL and requests it again.

    Args:
        redis_url: a Redis URL; the server may be away at any time.
        name: the queue's name in RQ.
        job: makes the job for a row; the same row always gets the same job id.
    """

    def __init__(self, redis_url: str, *, name: str, job: Callable[[Id], EnqueueData]) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Reconnect(NoBackoff(), 0)
        )
        self._name = name
        self._job: Callable[[Id], EnqueueData] = job
        self._queue = Queue(name, connection=self._redis, serializer=JSONSerializer, default_timeout=JOB_SECONDS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._lock = Lock()
        self._waiting: set[Id] = set()
        self._closed = False

    def request(self, ids: Sequence[Id]) -> None:
        """Have these dealt with. Never blocks, never fails."""
        with self._lock:
            idle = not self._waiting
            self._waiting.update(ids)
            if idle and self._waiting and not self._closed:
                self._thread.submit(self._put)

    def settle(self) -> None:
        """Wait until what has been requested is on RQ, or given up."""
        self._thread.submit(bool).result()

    def waiting(self) -> list[Id]:
        """The rows whose jobs lie on RQ and wait for a worker.

        Raises:
            redis.RedisError: Redis is away.
        """
        return [job.args[0] for job in self._queue.jobs]

    def close(self) -> None:
        """Put what is waiting on RQ, then take nothing more."""
        with self._lock:
            self._closed = True
        self._thread.shutdown(wait=True)
        self._redis.close()

    def _put(self) -> None:
        with self._lock:
            ids, self._waiting = sorted(self._waiting), set()
        try:
            self._queue.enqueue_many([self._job(one) for one in ids])
        except (RedisError, OSError) as error:
            log.warning("jobs.not_enqueued", queue=self._name, count=len(ids), error=type(error).__name__)
