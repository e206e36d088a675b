"""The list of tickets: what somebody asks for, as far as they may see it, of conditions in ``list.sql``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from bot.db import Row, Statements
from bot.people.agent import ROOT, Agent
from bot.people.rights import Role
from bot.sql import load
from router.tickets.ticket import Grade, State, TicketKind

SQL = load(__file__, "list.sql")
MOST = 50
"""Lines of a page."""
COLUMN = 20
"""Cards of a column of the board."""
BOARD = (State.NEW, State.ROUTED, State.IN_HAND, State.SOLVED, State.TOLD, State.VISITED)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(TicketKind),
    "state": tuple(State),
    "grade": tuple(Grade),
    "who": ("owner", "handler", "nobody"),
    "due": ("late", "soon"),
}
"""What a filter can be; ``department`` is any, and ``words`` are a number or words."""
LONGEST = 60
OUTSIDE = re.compile(r"(?=[^0-9]*[0-9])[!-~]{1,60}")
"""What tickets of other systems can be called: so words that name one are told apart."""
NOWHERE = "-"
"""The path of no unit."""
FIELD = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Query:
    """Conditions with their values, numbered as they come."""

    values: dict[str, object]
    conditions: list[str] = field(default_factory=list)
    args: list[object] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Add a condition."""
        self.conditions.append(FIELD.sub(lambda found: self.place(found[1]), SQL[name]))

    def place(self, name: str) -> str:
        """Where a value stands among the arguments."""
        value = self.values[name]
        self.args.append(value)
        cast = {int: "::bigint", datetime: "::timestamptz", list: "::text[]"}.get(type(value), "::text")
        return f"${len(self.args)}{cast}"

    def text(self, statement: str, **parts: str) -> str:
        """A statement with all conditions."""
        text = SQL[statement].replace("{where}", " AND ".join(self.conditions) or "true")
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part)
        return text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for."""

    filters: Mapping[str, str]
    after: str = ""
    """The last line of the page before, as ``due_id``."""

    @property
    def query(self) -> str:
        """The filters as an address has them."""
        return urlencode(self.filters)

    @property
    def in_archive(self) -> bool:
        """Whether what has ended is asked for."""
        return self.filters.get("state") in (State.ARCHIVED, State.MERGED)


def wanted_of(asked: Mapping[str, str], departments: Mapping[str, object]) -> Wanted:
    """What a request asks for; what it asks wrongly counts as not asked."""
    filters = {name: asked[name] for name, values in CHOICES.items() if asked.get(name) in values}
    if asked.get("department") in departments:
        filters["department"] = asked["department"]
    if words := asked.get("words", "").strip().replace("\x00", "")[:LONGEST]:
        filters["words"] = words
    return Wanted(filters, asked.get("after", ""))


async def listed(database: Statements, agent: Agent, wanted: Wanted) -> list[Row]:
    """A page of tickets, those due next first; of the archive the latest first."""
    query = _query(agent, wanted)
    if (place := _place(wanted.after)) is not None:
        query.values |= {"due": place[0], "id": place[1]}
        query.add("before" if wanted.in_archive else "after")
    order = SQL["late_first" if wanted.in_archive else "due_first"]
    return await database.fetch(query.text("page", order=order, most=str(MOST + 1)), *query.args)


async def boarded(database: Statements, agent: Agent, wanted: Wanted) -> Mapping[str, list[Row]]:
    """The first tickets of each column of the board."""
    found: dict[str, list[Row]] = {}
    for state in BOARD:
        query = _query(agent, Wanted({**wanted.filters, "state": state.value}))
        text = query.text("page", order=SQL["due_first"], most=str(COLUMN))
        found[state.value] = await database.fetch(text, *query.args)
    return found


async def counted(database: Statements, agent: Agent) -> Row:
    """What stands above the list: all that is open, late, due soon, grave, and followed by this person."""
    query = _query(agent, Wanted({}))
    row = await database.fetchrow(query.text("counts", me=query.place("me")), *query.args)
    assert row is not None
    return row


async def counted_by_state(database: Statements, agent: Agent, wanted: Wanted) -> Mapping[str, int]:
    """How many open tickets stand in each column of the board."""
    filters = {name: value for name, value in wanted.filters.items() if name != "state"}
    query = _query(agent, Wanted(filters))
    return {row["state"]: row["n"] for row in await database.fetch(query.text("sizes"), *query.args)}


async def sized(database: Statements, agent: Agent, wanted: Wanted) -> int:
    """How many tickets the filters leave."""
    query = _query(agent, wanted)
    found: int = await database.fetchval(query.text("size"), *query.args)
    return found


async def beyond(database: Statements, agent: Agent, wanted: Wanted, last: int, most: int) -> list[Row]:
    """So many tickets with higher numbers than the last one, in order of their numbers."""
    query = _query(agent, wanted)
    query.values["id"] = last
    query.add("beyond")
    return await database.fetch(query.text("page", order=SQL["by_number"], most=str(most)), *query.args)


def cursor_of(row: Row, wanted: Wanted) -> str:
    """Where the next page begins."""
    at = row["archived"] if wanted.in_archive else row["next_due"]
    return "" if at is None else f"{at.isoformat()}_{row['id']}"


def _query(agent: Agent, wanted: Wanted) -> Query:
    words = wanted.filters.get("words", "")
    number = int(words.lstrip("#")) if re.fullmatch(r"#?[0-9]{1,15}", words) else 0
    query = Query({**wanted.filters, "me": agent.id, "scope": agent.scope or NOWHERE, "number": number})
    everywhere = words and "state" not in wanted.filters
    if not everywhere:
        query.add("archived" if wanted.in_archive else "open")
    if agent.role is Role.HANDLER:
        query.values["department"] = agent.department
        query.add("within_department")
        query.values["department"] = wanted.filters.get("department", "")
    elif agent.scope != ROOT:
        query.add("within")
    for name in ("kind", "state", "department", "grade"):
        if name in wanted.filters:
            query.add(name)
    for name in ("who", "due"):
        if name in wanted.filters:
            query.add(wanted.filters[name])
    if words:
        query.values["pairs"] = _pairs(words)
        query.add("number" if number else "called" if OUTSIDE.fullmatch(words) else "words")
    return query


def _pairs(words: str) -> list[str]:
    """Pairs of characters that cover the words, as the index has them, each once; overlapping ones say nothing new."""
    said = "".join(words.lower().split())
    return list(dict.fromkeys([*(said[at : at + 2] for at in range(0, len(said) - 1, 2)), said[-2:]]))


def _place(after: str) -> tuple[datetime, int] | None:
    at, _, number = after.partition("_")
    if not re.fullmatch(r"[0-9]{1,18}", number):
        return None
    try:
        return datetime.fromisoformat(at).astimezone(UTC), int(number)
    except ValueError:
        return None
