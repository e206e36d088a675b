"""The lists of the workbench: which conversations stand in which tab, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.db import Pool
from bot.desk.board import Board, Boards, Card
from bot.desk.marks import mark, natural, place
from bot.mentions.mentions import unseen
from bot.people.access_lists import Ended, Naming, access_closed, access_named
from bot.people.agent import Agent

TABS = ("mine", "waiting", "stuck", "named", "closed", "snoozed")
LEADERS_TABS = ("mine", "waiting", "stuck", "bot", "all", "late", "named", "closed", "snoozed")
SELDOM = frozenset({"snoozed"})
"""Lists that have a tab only while there is something in them, or they are shown."""
ALARMING = frozenset({"late", "stuck", "named"})
LINES = 300
"""Of one page of a list that is read for all desks together."""
PAGE = 50
"""Lines of one page of a list that is read for this desk alone."""
NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list."""

    cards: Sequence[Card] = ()
    ended: Sequence[Ended] = ()
    namings: Sequence[Naming] = ()
    following: str = ""
    """The mark of its last line, where more come after it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of one tab, and the counts of all."""

    tab: str
    tabs: Sequence[tuple[str, int | None, bool]]
    """Each by name: how many stand there, None where nobody counts, and whether any is alarming."""
    shown: Shown


class Lists:
    """Reads lists.

    Args:
        pool: connections to PostgreSQL.
        boards: what all desks share.
        now: the time (aware, UTC).
    """

    def __init__(self, pool: Pool, boards: Boards, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._boards = boards
        self._now = now

    async def waits(self, agent: Agent) -> Mapping[str, int]:
        """How many messages wait in each of an agent's chats, by conversation."""
        return (await self._boards.fresh()).waits(agent)

    async def read(self, agent: Agent, tab: str, before: str, seen: str) -> Listed:
        """A page of one tab and the counts of all.

        Args:
            agent: who looks.
            tab: which list.
            before: the mark of the last line of the page before.
            seen: the mark of a board that is new enough; empty where none is that was read before.
        """
        board = self._boards.since(seen) or await self._boards.fresh()
        tab = tab if tab in tabs_of(agent) else TABS[0]
        by_tab = _sorted_in(board, agent, self._now())
        many = {name: len(cards) for name, cards in by_tab.items()} | {"named": await unseen(self._pool, agent.id)}
        there = [name for name in tabs_of(agent) if name not in SELDOM or many[name] or name == tab]
        counts = [(name, many.get(name), name in ALARMING) for name in there]
        shown = _page(by_tab[tab], before) if tab in by_tab else await self._apart(agent, tab, before)
        return Listed(tab, counts, shown)

    async def _apart(self, agent: Agent, tab: str, before: str) -> Shown:
        """A list that is not on the board: what has ended, what names them, or what the bot talks about."""
        if tab == "closed":
            ended = await access_closed(self._pool, agent, place(before), PAGE + 1)
            last = ended[PAGE - 1] if len(ended) > PAGE else None
            return Shown(ended=ended[:PAGE], following=mark(last.closed, last.id) if last else "")
        if tab == "named":
            namings = await access_named(self._pool, agent, place(before), PAGE + 1)
            end = namings[PAGE - 1] if len(namings) > PAGE else None
            return Shown(namings=namings[:PAGE], following=mark(end.at, end.id) if end else "")
        cards = await self._boards.bots(natural(before) or NEWEST, PAGE + 1)
        return Shown(cards[:PAGE], following=str(cards[PAGE - 1].id) if len(cards) > PAGE else "")


def tabs_of(agent: Agent) -> tuple[str, ...]:
    """The lists that an agent has."""
    return LEADERS_TABS if agent.leads else TABS


def _sorted_in(board: Board, agent: Agent, now: datetime) -> dict[str, list[Card]]:
    """The lists that come from the board."""
    lists = {
        "mine": board.at_hand(agent, now),
        "waiting": board.waiting(agent),
        "stuck": board.stuck(),
        "snoozed": board.snoozed(agent, now),
    }
    if agent.leads:
        lists |= {"all": board.all(agent), "late": board.late(agent, now)}
    return lists


def _page(cards: Sequence[Card], before: str) -> Shown:
    """The lines after the one with this id; from the first one where it has left the list."""
    start = next((count for count, card in enumerate(cards, 1) if str(card.id) == before), 0)
    end = start + LINES
    return Shown(cards[start:end], following=str(cards[end - 1].id) if len(cards) > end else "")
