"""The list of tickets: what somebody asks for, as far as they may see it, by statements of ``list.sql``."""

from collections.abc import Mapping, Sequence

from bot.db import Row, Statements
from bot.people.agent import Agent
from bot.tickets.conditions import SQL, Query, asked, beside_words, fill, paged
from bot.tickets.sought import Sought
from bot.tickets.wanted import Wanted
from router.tickets.ticket import State

MOST = 50
"""Lines of a page."""
COLUMN = 20
"""Cards of a column of the board."""
WALK = 2000
"""Tickets that are looked at in the order of the list before the index of words is asked: frequent words are found
among them, and what the index finds of the others is not much."""
FEW = 3000
"""Tickets with the words that are looked up one by one; of more, the list is gone through for them."""
BOARD = (State.NEW, State.ROUTED, State.IN_HAND, State.SOLVED, State.TOLD, State.VISITED)


async def listed(database: Statements, agent: Agent, wanted: Wanted) -> list[Row]:
    """A page of tickets: those due next first, of the archive and of words that are looked for the latest first."""
    return await _first(database, agent, wanted, MOST + 1)


async def boarded(database: Statements, agent: Agent, wanted: Wanted) -> Mapping[str, list[Row]]:
    """The first tickets of each column of the board."""
    if wanted.sought is not None and not wanted.sought.number:
        return {
            state.value: await _first(database, agent, Wanted({**wanted.filters, "state": state.value}), COLUMN)
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


async def _first(database: Statements, agent: Agent, wanted: Wanted, most: int) -> list[Row]:
    order = SQL[f"by_{wanted.order}"]
    if wanted.sought is None or wanted.sought.number:
        query = paged(agent, wanted)
        picked = query.text("picked", order=order, most=str(most))
        return await database.fetch(query.text("page", picked=picked, order=order), *query.args)
    found = None if wanted.sought.rare else await _walked(database, agent, wanted, most)
    if found is None:
        found = await _found(database, agent, wanted, most)
    return await database.fetch(fill(SQL["page"], picked=SQL["these"], order=order), found)


async def _walked(database: Statements, agent: Agent, wanted: Wanted, most: int) -> Sequence[int] | None:
    """Tickets with the words among the first of the list; None where there may be more beyond."""
    query = paged(agent, wanted)
    fits = query.placed("fits_or_named" if wanted.sought and wanted.sought.outside else "fits")
    text = query.text("walked", order=SQL[f"by_{wanted.order}"], fits=fits, walk=str(WALK), most=str(most))
    rows = await database.fetch(text, *query.args)
    found = [row["id"] for row in rows if row["fits"]]
    return None if len(found) < most and rows and rows[-1]["nth"] == WALK else found


async def _found(database: Statements, agent: Agent, wanted: Wanted, most: int) -> Sequence[int]:
    """Tickets with the words, by the index of their pieces."""
    sought, query, order = wanted.sought or Sought(""), paged(agent, wanted), SQL[f"by_{wanted.order}"]
    words = Query(query.values)
    few = [row["ticket_id"] for row in await database.fetch(f"{words.texts(sought)} LIMIT {FEW + 1}", *words.args)]
    if len(few) > FEW:
        text = query.text("combed", texts=query.texts(sought), order=order, most=str(most))
    else:
        text = query.text("sifted", found=f"${len(query.args) + 1}::bigint[]", order=order, most=str(most))
        query.args.append(few)
    return [row["id"] for row in await database.fetch(text, *query.args)]
