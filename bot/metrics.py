"""Counters of this process, and the state of the house as PostgreSQL knows it, for Prometheus."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.db import Row

registry = CollectorRegistry()
"""Counters of this process."""

turns = Counter("huiying_turns", "Turns committed.", registry=registry)
batches = Histogram(
    "huiying_batch_turns",
    "Turns written by one commit.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
    registry=registry,
)
flush_seconds = Histogram(
    "huiying_flush_seconds",
    "Time of one flush, from the taking of the batch to its commit.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=registry,
)
inbound_ack_seconds = Histogram(
    "huiying_inbound_ack_seconds",
    "Time from arrival to commit of the turn that waited longest in its batch.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=registry,
)
assistance = Counter(
    "huiying_assist", "Calls of the model that assists agents, by outcome.", ["outcome"], registry=registry
)
GAUGES = {
    "queued": "Conversations that wait for an agent.",
    "assigned": "Conversations that agents hold.",
    "online": "Agents who are online.",
    "overdue": "Deadlines that should have fired more than 5 s ago.",
    "late_seconds": "Lateness of the most overdue deadline, in seconds.",
    "outbox_waiting": "Outbox rows on their way.",
    "outbox_age_seconds": "Age of the oldest outbox row that is due, in seconds.",
    "outbox_in_doubt": "Outbox rows of which nobody knows whether they arrived.",
    "outbox_failed": "Outbox rows that were given up.",
    "pushes_failing": "Contacts whose phones could not be woken yet.",
    "account_troubles": "Troubles of whole accounts seen in the last hour.",
}


def state_of_the_house(counted: Row, waiting_turns: int) -> CollectorRegistry:
    """A registry with the state of the house; ``counted`` is a row of ``health.sql``."""
    state = CollectorRegistry()
    for name, help_text in GAUGES.items():
        Gauge(f"huiying_{name}", help_text, registry=state).set(float(counted[name]))
    Gauge("huiying_turns_waiting", "Turns that wait for a flush.", registry=state).set(waiting_turns)
    return state


def flushed(arrivals: Sequence[float], began: float, now: float) -> None:
    """Count a flush: its turns, its time, and the time of the turn that waited longest.

    Args:
        arrivals: when its turns arrived, in seconds of the loop's clock.
        began: when the flush began, in the same seconds.
        now: when it was committed.
    """
    turns.inc(len(arrivals))
    batches.observe(len(arrivals))
    flush_seconds.observe(now - began)
    if arrivals:
        inbound_ack_seconds.observe(now - min(arrivals))


def assisted(outcome: str) -> None:
    """Count a call of the model: answered, timeout, refused, broken, unreachable, nonsense, unfit or resting."""
    assistance.labels(outcome).inc()
