"""Tickets as rows of the table."""

from bot.db import Row
from router.ledger import Line
from router.tickets.about import About
from router.tickets.ticket import Grade, Inspection, Ticket, TicketKind


def read_ticket(row: Row) -> Ticket:
    """Read a row of ``tickets``."""
    return Ticket(
        id=row["id"],
        matter=TicketKind(row["kind"]),
        business=row["business"],
        created=row["created"],
        text=row["text"],
        about=read_about(row),
        cause=row["cause"],
        people=row["people"],
        loss=row["loss"],
        version=row["version"],
        department=row["department"],
        owner=row["owner"],
        handler=row["handler"],
        transferred=row["transferred"],
        reported=row["reported"],
        solved=row["solved"],
        told=row["told"],
        visited=row["visited"],
        drawn=row["drawn"],
        inspected=row["inspected"],
        reopened=row["reopened"],
        archived=row["archived"],
        inspection=Inspection(row["inspection"]),
        extended_to=row["extended_to"],
        extended_at=row["extended_at"],
        into=row["merged_into"],
        repeats=row["repeats"],
        grade=None if row["grade"] is None else Grade(row["grade"]),
        overruled=row["overruled"],
        graded=row["graded"],
        verified=row["verified"],
        replied=row["replied"],
        emergency=row["emergency"],
        planned=row["planned"],
        regulator=row["regulator"],
    )


def read_about(row: Row) -> About:
    """What a row of ``tickets`` is about beside its description."""
    return About(row["about_number"], row["about_place"], row["about_day"], row["about_time"])


def changed_row(ticket: Ticket, lines: tuple[Line, ...]) -> tuple[object, ...]:
    """A ticket as the statement ``change`` takes it, with the earliest of its running deadlines."""
    first = min(lines, key=lambda line: line.due, default=None)
    return (
        ticket.id, ticket.version, ticket.state.value, ticket.department, ticket.owner, ticket.handler,
        ticket.transferred, ticket.reported, ticket.solved, ticket.told, ticket.visited, ticket.drawn,
        ticket.inspected, ticket.reopened, ticket.archived, ticket.inspection.value, ticket.extended_to,
        ticket.extended_at, ticket.into, ticket.repeats, ticket.grade and ticket.grade.value, ticket.overruled,
        ticket.graded, ticket.verified, ticket.replied, ticket.emergency, ticket.planned, ticket.regulator,
        first.due if first else None, first.clause if first else "",
    )  # fmt: skip


def new_row(ticket: Ticket) -> tuple[object, ...]:
    """A new ticket as the statement ``add`` takes it, after whose it is."""
    return (
        ticket.matter.value, ticket.business, ticket.text, ticket.cause, ticket.people, ticket.loss, ticket.created,
        ticket.version, ticket.state.value, ticket.department, ticket.owner, ticket.transferred, ticket.repeats,
        ticket.grade and ticket.grade.value, ticket.overruled, ticket.about.number, ticket.about.place,
        ticket.about.day, ticket.about.time,
    )  # fmt: skip
