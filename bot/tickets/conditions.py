"""What somebody may see and asks for, as conditions of a statement: each is a part of ``list.sql``."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.people.agent import ROOT, Agent
from bot.people.rights import Role
from bot.sql import load
from bot.tickets.sought import Sought
from bot.tickets.wanted import Order, Wanted
from router.tickets.ticket import State

SQL = load(__file__, "list.sql")
NOWHERE = "-"
"""The path of no unit."""
FIELD = re.compile(r"\{(\w+)\}")
AFTER = {Order.DUE: "after", Order.ARCHIVED: "before", Order.CREATED: "earlier"}


@dataclass(slots=True)
class Query:
    """Conditions with their values, numbered as they come."""

    values: dict[str, object]
    conditions: list[str] = field(default_factory=list)
    args: list[object] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Add a condition."""
        self.conditions.append(self.placed(name))

    def placed(self, name: str) -> str:
        """A part of a statement with the places of its values."""
        return FIELD.sub(lambda found: self.place(found[1]), SQL[name])

    def place(self, name: str) -> str:
        """Where a value stands among the arguments."""
        value = self.values[name]
        self.args.append(value)
        cast = {int: "::bigint", datetime: "::timestamptz", list: "::text[]"}.get(type(value), "::text")
        return f"${len(self.args)}{cast}"

    def text(self, statement: str, **parts: str) -> str:
        """A statement with all conditions."""
        return fill(SQL[statement], **parts, where=" AND ".join(self.conditions) or "true")

    def texts(self, sought: Sought) -> str:
        """The statement that finds tickets by words."""
        if not sought.pieces:
            return self.placed("texts_anywhere")
        return self.placed("texts") + (self.placed("named") if sought.outside else "")


def fill(statement: str, **parts: str) -> str:
    """Put parts into a statement."""
    for name, part in parts.items():
        statement = statement.replace(f"{{{name}}}", part)
    return statement


def asked(agent: Agent, wanted: Wanted) -> Query:
    """Everything but the words, which lists look for in ways of their own."""
    sought = wanted.sought or Sought("")
    query = Query({**wanted.filters, "me": agent.id, "scope": agent.scope or NOWHERE, "number": sought.number})
    query.values |= {"patterns": sought.patterns, "pieces": sought.pieces}
    if not wanted.everywhere:
        query.add("archived" if wanted.in_archive else "open")
    if agent.role is Role.HANDLER:
        query.values["department"] = agent.department
        query.add("within_department")
        query.values["department"] = wanted.filters.get("department", "")
    elif agent.scope != ROOT:
        query.add("within")
    for name in ("kind", "department", "grade"):
        if name in wanted.filters:
            query.add(name)
    if "state" in wanted.filters:
        query.add("merged" if wanted.filters["state"] == State.MERGED else "state")
    for name in ("who", "due"):
        if name in wanted.filters:
            query.add(wanted.filters[name])
    if sought.number:
        query.add("number")
    return query


def beside_words(agent: Agent, wanted: Wanted) -> Query:
    """Everything, words included."""
    query = asked(agent, wanted)
    if wanted.sought is not None and not wanted.sought.number:
        query.conditions.append(f"t.id IN ({query.texts(wanted.sought)})")
    return query


def paged(agent: Agent, wanted: Wanted) -> Query:
    """Everything but the words, from where the page begins."""
    query = asked(agent, wanted)
    if (place := wanted.place) is not None:
        query.values |= {"due": place[0], "id": place[1]}
        query.add(AFTER[wanted.order])
    return query
