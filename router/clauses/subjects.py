"""What a clause can be about: marks, facts, who is alerted and what a breach does; packs declare further kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from router.clauses.ladder import CUSTOMER
from router.conversation import Status
from router.effects import QuestionKind
from router.tickets.ticket import Grade, Inspection, State, TicketKind


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """One kind of record that somebody waits for."""

    marks: tuple[str, ...]
    """Names of its aware UTC timestamps."""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What ``when`` can ask for, with the possible values; no values: any. Clauses are sorted by the first fact."""
    audiences: tuple[str, ...] = ("agent", "leader", "manager")
    """Who can be alerted."""
    acts: tuple[str, ...] = ()
    """What can be done when the limit runs out, besides recording and alerting."""
    title: Mapping[str, str] = field(default_factory=dict)
    """What people call it, by language; only where a pack declares it."""
    mark_titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What people call each mark, by language; only where a pack declares it."""

    @property
    def beginning(self) -> str:
        """The mark with which such a record begins; it decides which edition of the standard measures it."""
        return self.marks[0]


ACTS_OF_THE_CLOCK = frozenset({"archive", "ask", "close", "end", "overnight", "remind"})
"""These acts are the very purpose of their clauses; where they happen, nobody has broken a promise."""

STAFF = ("owner", "department", "leader", "manager")
STAFF_AND_CUSTOMER = (*STAFF, CUSTOMER)

SUBJECTS: Mapping[str, SubjectKind] = MappingProxyType(
    {
        "conversation": SubjectKind(
            marks=(
                "opened",
                "spoke",  # the customer's last message
                "returned",  # back from people to the bot
                "queued",  # the hand-off to people
                "assigned",
                "told",  # the place in the queue; again when it comes back into one
                "waiting_since",  # the earliest customer message that no person has answered
                "answered",  # a person's last message; automatic words do not count
                "reminded",
                "closed",
            ),
            facts={
                "status": tuple(Status),
                "queue": (),
                "answered_before": ("yes", "no"),  # whether a person has answered since the hand-off
                "spoken_last_by": ("customer", "agent"),
            },
            acts=("reoffer", "remind", "close", "overnight"),
        ),
        "question": SubjectKind(
            marks=("asked", "complex", "planned", "answered"),  # complex: an agent marked it so
            facts={"kind": tuple(QuestionKind)},
            audiences=("agent", "leader", "manager", CUSTOMER),
        ),
        "form": SubjectKind(  # guided business, half filled in
            marks=("touched", "reminded"), facts={"form": ()}, audiences=(), acts=("remind", "end")
        ),
        "survey": SubjectKind(marks=("ended", "asked"), acts=("ask",)),  # ended: the service that it asks about
        "callback": SubjectKind(  # what a low score leads to
            marks=("opened", "called", "revisited"), audiences=STAFF, acts=("escalate",)
        ),
        "improvement": SubjectKind(  # what a topic of complaints that grew leads to
            marks=("opened", "taken", "closed"), audiences=("owner", "leader", "manager")
        ),
        "call": SubjectKind(
            marks=(
                "began",  # the first that was heard of it
                "offered",  # it began to ring at people
                "picked_up",
                "ended",  # hung up, abandoned, or given up
            ),
            facts={"state": ("ringing", "talking", "over")},
            acts=("end",),
        ),
        "ticket": SubjectKind(
            marks=(
                "created",
                "transferred",  # a department has it
                "reported",  # the last report of progress
                "solved",
                "told",  # the customer knows of the solution
                "visited",  # the customer says that it is settled
                "drawn",  # quality was drawn to look at it
                "inspected",
                "reopened",
                "archived",
            ),
            facts={
                "kind": tuple(TicketKind),
                "department": (),
                "state": tuple(State),
                "inspection": tuple(Inspection),
            },
            audiences=STAFF_AND_CUSTOMER,
            acts=("archive", "escalate"),
        ),
        "complaint": SubjectKind(
            marks=(
                "created",
                "graded",  # the last change of grade, which re-bases its limits
                "verified",
                "replied",  # the first reply to the customer
                "emergency",  # the emergency response has started
                "planned",  # the task group's plan
                "reported",  # the last report of progress to the customer
                "solved",
                "told",  # the customer knows of the solution
                "visited",
                "regulator",  # the regulator was told
                "reopened",
            ),
            facts={"grade": tuple(Grade), "state": tuple(State)},
            audiences=STAFF_AND_CUSTOMER,
            acts=("escalate",),
        ),
    }
)
