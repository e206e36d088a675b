"""Rows as the API answers them; what is personal is masked unless the key is for it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.db import Row
from bot.tickets.row import read_about
from channels.telephone import NUMBER
from channels.telephone import masked as masked_number
from router.wording.masking import masked

Shape = Mapping[str, object]
MASK = "***"


def conversation(row: Row, *, personal: bool) -> Shape:
    """A conversation as it stands."""
    return {
        **_same(row, "id", "status", "version", "channel", "account", "queue", "priority"),
        "contact": {
            "id": row["contact_id"],
            "name": row["name"] if personal else _name(row["name"]),
            "address": row["address"] if personal else _address(row["address"]),
            "language": row["language"],
        },
        "assignee": _person(row["assignee"], row["assignee_name"]),
        **_same(row, "opened", "queued", "assigned", "waiting_since", "answered", "closed"),
        "wrapup": row["wrapup"] or None,
    }


def message(row: Row, *, personal: bool) -> Shape:
    """What somebody said."""
    text = row["text"] if personal else masked(row["text"], [row["name"]])
    return {
        "contact": row["contact_id"],
        **_same(row, "seq", "sender", "agent", "kind"),
        "text": text,
        "sent_at": row["sent_at"],
    }


def survey(row: Row, *, personal: bool) -> Shape:
    """A survey, and what came of it."""
    comment = row["comment"]
    return {
        "id": row["id"],
        "conversation": row["conversation_id"],
        "contact": row["contact_id"],
        "agent": _person(row["agent_id"], row["agent_name"]),
        **_same(row, "ended", "asked", "skipped", "scored", "stars", "score"),
        **_same(row, "solved", "reasons", "nps"),
        "comment": comment if personal or comment is None else masked(comment),
    }


def ticket(row: Row, *, personal: bool) -> Shape:
    """A ticket as it stands."""
    names, about = [row["customer_name"]], read_about(row)
    return {
        "id": row["id"],
        "contact": row["contact_id"],
        "conversation": row["conversation_id"],
        **_same(row, "kind", "state", "version", "business", "department", "cause", "grade", "people", "loss"),
        "text": row["text"] if personal else masked(row["text"], names),
        "about": about if personal else about.masked,
        "owner": _person(row["owner"], row["owner_name"]),
        "handler": _person(row["handler"], row["handler_name"]),
        **_same(row, "created", "transferred", "reported", "solved", "told", "visited", "inspected", "reopened"),
        **_same(row, "archived", "extended_to", "merged_into", "next_due"),
        "next_clause": row["next_clause"] or None,
    }


def step(row: Row, names: Sequence[str], *, personal: bool) -> Shape:
    """A line of a ticket's timeline."""
    return {
        **_same(row, "at", "what"),
        "agent": _person(row["agent_id"], row["agent_name"]),
        "text": row["text"] if personal else masked(row["text"], names),
        "told": row["told"],
    }


def deadline(row: Row) -> Shape:
    """A limit, and how it stands."""
    return {
        **_same(row, "id", "subject", "subject_id", "clause"),
        "state": _standing(row["due"], row["met"], row["voided"], row["now"]),
        **_same(row, "opened", "due", "warned", "breached", "met", "voided"),
    }


def shaped(shape: Callable[..., Shape], *, personal: bool) -> Callable[[Row], Shape]:
    """How rows of a page are answered."""
    return lambda row: shape(row, personal=personal)


def _standing(due: datetime, met: datetime | None, voided: datetime | None, now: datetime) -> str:
    if met is not None:
        return "met" if met <= due else "met_late"
    if voided is not None:
        return "voided"
    return "late" if due <= now else "running"


def _same(row: Row, *names: str) -> dict[str, object]:
    return {name: row[name] for name in names}


def _person(number: int | None, name: str | None) -> Shape | None:
    return None if number is None else {"id": number, "name": name}


def _name(name: str) -> str:
    """A name of which the first character stays."""
    return f"{name[:1]}{MASK}" if name else ""


def _address(address: str) -> str:
    """A platform's name for a person, or a telephone number, so that two can be told apart and none be used."""
    return masked_number(address) if NUMBER.fullmatch(address) else f"{address[:2]}{MASK}{address[-2:]}"
