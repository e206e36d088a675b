"""Who stands behind contacts: what proofs hold together is one customer, and a customer has one chat with people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from router.conversation import Conversation, Status

MERGED = "merged"
"""The wrap-up of a conversation that another one took in."""
INSTANT = timedelta(microseconds=1)


class ProofKind(StrEnum):
    """What can prove who somebody is."""

    SUBJECT = "jwt_sub"
    """The subject that the operator's own system signed for a web page or app."""
    PHONE = "phone"
    """A telephone number that received a one-time code."""


class Proof(Struct, frozen=True):
    """What a contact has proved."""

    kind: ProofKind
    value: str
    """A blind index of the value in hexadecimal digits: equal for equal values, and nobody can read it."""
    shown: str
    """The value masked for people."""
    means: str
    """How it was proved, such as ``jwt:app:demo`` or ``code``."""
    number: str = ""
    """The operator's own number of the customer, where the proof tells it."""


def staying(conversations: Sequence[Conversation]) -> Conversation:
    """The one that stays where a customer has several: one that a person serves, else waits for one, else the older.

    Clause ``channel.sync``.
    """
    return min(conversations, key=_standing)


def taken_in(stays: Conversation, other: Conversation, now: datetime) -> tuple[Conversation, Conversation]:
    """The conversation that stays, with all that the other is owed, and the other one, ended.

    Whoever waited longest goes on waiting: the earliest unanswered message keeps its mark, and a person's answer to
    the one conversation is none to what was asked in the other.
    """
    waiting = _earliest(stays.waiting_since, other.waiting_since) if stays.with_people else None
    answered = stays.answered
    if waiting is not None and answered is not None and answered >= waiting:
        answered = waiting - INSTANT
    richer = replace(
        stays,
        version=stays.version + 1,
        priority=max(stays.priority, other.priority) if other.with_people else stays.priority,
        queued=_earliest(stays.queued, other.queued) if stays.with_people else stays.queued,
        spoke=_latest(stays.spoke, other.spoke),
        waiting_since=waiting,
        answered=answered,
        reminded=None if waiting is not None else stays.reminded,
        misses=max(stays.misses, other.misses),
    )
    over = replace(
        other,
        status=Status.CLOSED,
        version=other.version + 1,
        closed=now,
        waiting_since=None,
        reoffer=False,
        wrapup=MERGED,
    )
    return richer, over


def called_again(left: Conversation, now: datetime) -> Conversation:
    """A conversation of their own for those who leave one that people owe them an answer in: they keep their place."""
    return Conversation(
        id=0,
        status=Status.QUEUED,
        opened=now,
        queue=left.queue,
        priority=left.priority,
        spoke=left.spoke,
        queued=_earliest(left.queued, left.waiting_since) or now,
        waiting_since=left.waiting_since,
        told=now,
    )


def may_be_one(subjects: Iterable[str]) -> bool:
    """Whether contacts that have proved these subjects can be one customer: nobody is two people to the operator."""
    return len(set(subjects)) <= 1


def components(proofs: Mapping[int, frozenset[str]]) -> list[frozenset[int]]:
    """Contacts by who they are, given what each has proved: those linked by equal proofs belong together.

    The group with the first contact comes first.
    """
    groups: list[tuple[set[int], set[str]]] = []
    for contact in sorted(proofs):
        members, held = {contact}, set(proofs[contact])
        apart: list[tuple[set[int], set[str]]] = []
        for group in groups:
            if group[1] & held:
                members |= group[0]
                held |= group[1]
            else:
                apart.append(group)
        groups = [*apart, (members, held)]
    return sorted((frozenset(members) for members, _ in groups), key=min)


def _standing(conversation: Conversation) -> tuple[int, datetime, int]:
    rank = {Status.ASSIGNED: 0, Status.QUEUED: 1}.get(conversation.status, 2)
    since = conversation.queued if rank < 2 and conversation.queued is not None else conversation.opened
    return rank, since, conversation.id


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at is not None), default=None)
