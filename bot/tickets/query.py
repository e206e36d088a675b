"""The list of tickets: what somebody asks for, as far as they may see it, by statements of ``list.sql``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic

from bot.db import Row, Statements
from bot.people.agent import Agent
from bot.tickets.conditions import SQL, Query, asked, beside_words, fill, paged
from bot.tickets.sought import Sought
from bot.tickets.wanted import Wanted, cursor, cursor_of
from router.tickets.ticket import State

MOST = 50
"""Lines of a page."""
COLUMN = 20
"""Cards of a column of the board."""
WALK = 2000
"""Tickets that are looked at in the order of the list before the index of words is asked: frequent words are found
among them, and what the index finds of the others is not much."""
FEW = 3000
"""Tickets with the words that are looked up one by one; of more, the list is looked through for them, part by part."""
RANGE = 20_000
"""Numbers of tickets that are gone through at once where a list is ordered by them: filters may leave few of these."""
PATIENCE = 0.02
"""Seconds after which a page is shown as far as it has been found."""
EVER = datetime.min.replace(tzinfo=UTC)
"""Stands for a time that an order by numbers does not ask for."""
SAMPLE, COMMON = 1000, 10
"""Where so many of the latest texts have the words, the index would find too many tickets to be worth asking."""
BOARD = (State.NEW, State.ROUTED, State.IN_HAND, State.SOLVED, State.TOLD, State.VISITED)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tickets, and one more that says whether there is another page."""

    rows: list[Row]
    rest: str = ""
    """Where the list has not been looked through yet, as ``time_id``; empty where there is no such rest."""

    def next_after(self, wanted: Wanted) -> str:
        """After which line the next page begins; empty where this is the last one."""
        return cursor_of(self.rows[MOST - 1], wanted) if len(self.rows) > MOST else self.rest


async def listed(database: Statements, agent: Agent, wanted: Wanted) -> Page:
    """A page of tickets: those due next first, of the archive and of words that are looked for the latest first."""
    return await _first(database, agent, wanted, MOST + 1)


async def boarded(database: Statements, agent: Agent, wanted: Wanted) -> Mapping[str, list[Row]]:
    """The first tickets of each column of the board."""
    if wanted.sought is not None and not wanted.sought.number:
        return {
            state.value: await _through(database, agent, Wanted({**wanted.filters, "state": state.value}), COLUMN)
            for state in BOARD
        }
    query, order, columns = asked(agent, _in_any_state(wanted)), SQL["by_next_due"], []
    for state in BOARD:
        query.values["state"] = state.value
        where = " AND ".join([*query.conditions, SQL["open"], query.placed("state")])
        columns.append(f"({fill(SQL['picked'], where=where, order=order, most=str(COLUMN))})")
    rows = await database.fetch(fill(SQL["page"], picked=" UNION ALL ".join(columns), order=order), *query.args)
    return {state.value: [row for row in rows if row["state"] == state] for state in BOARD}


async def counted(database: Statements, agent: Agent) -> Row:
    """What stands above the list: all that is open, late, due soon, grave, and followed by this person."""
    query = beside_words(agent, Wanted({}))
    row = await database.fetchrow(query.text("counts", me=query.place("me")), *query.args)
    assert row is not None
    return row


async def counted_by_state(database: Statements, agent: Agent, wanted: Wanted) -> Mapping[str, int]:
    """How many open tickets stand in each column of the board."""
    query = beside_words(agent, _in_any_state(wanted))
    query.add("open")
    return {row["state"]: row["n"] for row in await database.fetch(query.text("sizes"), *query.args)}


async def sized(database: Statements, agent: Agent, wanted: Wanted, most: int) -> int:
    """How many tickets the filters leave; no more than so many are counted."""
    query = beside_words(agent, wanted)
    found: int = await database.fetchval(query.text("size", most=str(most)), *query.args)
    return found


async def beyond(database: Statements, agent: Agent, wanted: Wanted, last: int, most: int) -> list[Row]:
    """So many tickets with higher numbers than the last one, in order of their numbers."""
    query = beside_words(agent, wanted)
    query.values["id"] = last
    query.add("beyond")
    picked = query.text("picked", order=SQL["by_number"], most=str(most))
    return await database.fetch(query.text("page", picked=picked, order=SQL["by_number"]), *query.args)


def _in_any_state(wanted: Wanted) -> Wanted:
    return Wanted({name: value for name, value in wanted.filters.items() if name != "state"})


async def _through(database: Statements, agent: Agent, wanted: Wanted, most: int) -> list[Row]:
    """The first tickets of a list, for which it is looked through to its end where that must be."""
    page = await _first(database, agent, wanted, most)
    rows = page.rows
    while page.rest and len(rows) < most:
        page = await _first(database, agent, replace(wanted, after=page.rest), most)
        rows += page.rows
    return rows[:most]


async def _first(database: Statements, agent: Agent, wanted: Wanted, most: int) -> Page:
    order = SQL[f"by_{wanted.order}"]
    if wanted.sought is None or wanted.sought.number:
        query = paged(agent, wanted)
        picked = query.text("picked", order=order, most=str(most))
        return Page(await database.fetch(query.text("page", picked=picked, order=order), *query.args))
    found, rest = await _found(database, agent, wanted, wanted.sought, most)
    return Page(await database.fetch(fill(SQL["page"], picked=SQL["these"], order=order), found), rest)


async def _found(
    database: Statements, agent: Agent, wanted: Wanted, sought: Sought, most: int
) -> tuple[Sequence[int], str]:
    """Tickets with the words, and where the list has not been looked through yet.

    1. Frequent words soon fill the page in the order of the list.
    2. Of others the index finds all tickets, which are sifted.
    3. Where neither does, since few of many tickets with the words are asked for, the list is looked through by parts.
    """
    found: list[int] = []
    rest: str | None = None
    until = monotonic() + PATIENCE
    if not sought.rare:
        found, rest = await _part(database, agent, wanted, sought, most)
    if rest != "" and (sought.rare or not await _common(database, sought)):
        sifted = await _sifted(database, agent, wanted, sought, most)
        if sifted is not None:
            return sifted, ""
    while rest is None or (rest and monotonic() < until):
        there = replace(wanted, after=wanted.after if rest is None else rest)
        more, rest = await _part(database, agent, there, sought, most - len(found))
        found += more
    return found, rest


async def _part(database: Statements, agent: Agent, wanted: Wanted, sought: Sought, most: int) -> tuple[list[int], str]:
    """Tickets with the words in the next part of a list, and where the part after it begins; empty at the end, or where
    there are enough."""
    query, bottom = paged(agent, wanted), 0
    if wanted.everywhere:
        top = wanted.place[1] if wanted.place else 1 + await database.fetchval(SQL["newest"])
        query.values["bottom"] = bottom = top - RANGE
        query.add("down_to")
    fits = query.placed("fits_or_named" if sought.outside else "fits")
    parts = {"fits": fits, "at": wanted.order.value, "order": SQL[f"by_{wanted.order}"]}
    rows = await database.fetch(query.text("walked", **parts, walk=str(WALK), most=str(most)), *query.args)
    found = [row["id"] for row in rows if row["fits"]]
    if len(found) >= most:
        return found, ""
    if rows and rows[-1]["nth"] == WALK:
        return found, cursor(rows[-1]["at"], rows[-1]["id"])
    return found, cursor(EVER, bottom) if bottom > 1 else ""


async def _common(database: Statements, sought: Sought) -> bool:
    """Whether very many tickets have the words, as far as the latest tell."""
    query = Query({"patterns": sought.patterns, "sample": SAMPLE})
    found: int = await database.fetchval(query.placed("common"), *query.args)
    return found >= COMMON


async def _sifted(
    database: Statements, agent: Agent, wanted: Wanted, sought: Sought, most: int
) -> Sequence[int] | None:
    """Tickets with the words, by the index of their pieces; None where it finds too many."""
    query = paged(agent, wanted)
    words = Query(query.values)
    few = [row["ticket_id"] for row in await database.fetch(f"{words.texts(sought)} LIMIT {FEW + 1}", *words.args)]
    if len(few) > FEW:
        return None
    order = SQL[f"by_{wanted.order}"]
    text = query.text("sifted", found=f"${len(query.args) + 1}::bigint[]", order=order, most=str(most))
    return [row["id"] for row in await database.fetch(text, *query.args, few)]
