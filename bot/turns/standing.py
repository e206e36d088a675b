"""How a contact stands while a batch is being written: its state, its thread's end and its running deadlines."""

from datetime import datetime, timedelta

from msgspec import Struct, field, json

from bot.db import Row
from router.contact import Budget, Contact, Flood, Survey
from router.conversation import Conversation, Offer, Status
from router.forms.progress import Progress
from router.ledger import Line

MICROSECOND = timedelta(microseconds=1)


class Standing(Struct, gc=False):
    """One locked contact during one transaction."""

    contact: Contact
    loaded: Contact
    """As it stood when it was read."""
    account: str
    address: str
    seq: int
    """Of the last message in the thread."""
    last_event: datetime | None
    lines: dict[tuple[str, int], tuple[Line, ...]] = field(default_factory=dict)
    """Running deadlines by subject and its id."""
    stored: set[int] = field(default_factory=set)
    """Ids of conversations that have a row already."""
    first_seq: dict[int, int] = field(default_factory=dict)
    changed: dict[int, Conversation] = field(default_factory=dict)
    """Conversations to be written, as they now stand."""
    touched: bool = False

    def again(self, lines: tuple[Line, ...]) -> "Standing":
        """The same contact at the beginning of another transaction, with the running deadlines of its conversation."""
        found = Standing(self.contact, self.contact, self.account, self.address, self.seq, self.last_event)
        if (conversation := self.contact.conversation) is not None:
            found.stored.add(conversation.id)
            found.lines["conversation", conversation.id] = lines
        return found

    def find(self, deadline: int) -> Line | None:
        """A running deadline by its id, where it has been read."""
        for lines in self.lines.values():
            for one in lines:
                if one.id == deadline:
                    return one
        return None

    def moment(self, clock: datetime) -> datetime:
        """The mark of the next event: the database's time, and at least 1 µs after the one before."""
        if self.last_event is not None and clock <= self.last_event:
            clock = self.last_event + MICROSECOND
        self.last_event = clock
        return clock


def standing(row: Row, survey: Survey | None) -> Standing:
    """Read a row of ``load_contacts``."""
    (
        contact_id, channel, language, seq, last_event, closed, last_said, options,
        flood_since, flood_count, flood_told, budget_left, budget_expires, _survey_id,
        v_id, status, version, queue, priority, assignee, reoffer, misses, opened, spoke,
        returned, queued, assigned, waiting_since, answered, reminded, told, wrapup, account, address, customer,
        last_used, offer_to, offer_until, offer_by, offer_hops, offer_passed, form, region, level,
    ) = row.values()  # fmt: skip
    conversation = None
    if v_id is not None:
        conversation = Conversation(
            v_id, Status(status), opened, version, queue, priority, assignee, reoffer, misses, spoke,
            returned, queued, assigned, waiting_since, answered, reminded, told, None, wrapup,
            last_used,
            None if offer_until is None
            else Offer(offer_to, offer_until, offer_by, offer_hops, tuple(offer_passed)),
        )  # fmt: skip
    contact = Contact(
        contact_id,
        channel,
        language,
        conversation,
        survey,
        last_said,
        tuple(options.split("\n")) if options else (),
        Flood(flood_since, flood_count, flood_told),
        Budget(budget_left, budget_expires),
        closed,
        customer,
        None if form is None else json.decode(form, type=Progress),
        region,
        level,
    )
    found = Standing(contact, contact, account, address, seq, last_event)
    if conversation is not None:
        found.stored.add(conversation.id)
        found.lines["conversation", conversation.id] = ()
    return found


def line(row: Row) -> Line:
    """Read a row of the ledger."""
    return Line(
        id=row["id"],
        subject=row["subject"],
        subject_id=row["subject_id"],
        clause=row["clause"],
        opened=row["opened"],
        due=row["due"],
        steps=tuple(row["steps"]),
        step=row["step"],
        next_at=row["next_at"],
        generation=row["generation"],
        warned=row["warned"],
        breached=row["breached"],
        edition=row["edition"],
    )
