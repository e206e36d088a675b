"""How far threads have got, over a real database and a real bus."""

from collections.abc import AsyncIterator

import pytest

from bot.bus import Bus
from bot.db import Pool
from bot.reach.reaches import Reaches, reach_at
from bot.threads import Threads
from channels.door import Address, Busy
from channels.web.house import Reach

ADDRESS = Address("app", "demo", "u:1")
SOON = 10.0


@pytest.fixture
async def bus(redis_url: str) -> AsyncIterator[Bus]:
    async with Bus(redis_url) as opened:
        with opened.watch("anything") as ear:
            await ear.wait(SOON)
        yield opened


@pytest.fixture
def threads(pool: Pool, bus: Bus) -> Threads:
    return Threads(pool, bus)


@pytest.fixture
def reaches(pool: Pool, bus: Bus, threads: Threads) -> Reaches:
    return Reaches(pool, bus, threads.ids)


@pytest.fixture
async def contact(pool: Pool) -> int:
    """A contact with a thread of five messages: contact, bot, note, agent, system."""
    found: int = await pool.fetchval(
        "INSERT INTO contacts (channel, account, address, seq) VALUES ($1, $2, $3, 5) RETURNING id", *ADDRESS
    )
    await pool.execute(
        "INSERT INTO messages (contact_id, seq, sender, text, sent_at) SELECT $1, seq, sender, '', now()"
        " FROM unnest(ARRAY['contact', 'bot', 'note', 'agent', 'system']) WITH ORDINALITY AS m (sender, seq)",
        found,
    )
    return found


async def test_receipts_only_go_forwards_and_end_with_the_thread(reaches: Reaches, contact: int) -> None:
    assert await reaches.note(ADDRESS, delivered=3, read=2) == Reach(3, 2)
    assert await reaches.note(ADDRESS, delivered=1, read=1) == Reach(3, 2)
    assert await reaches.note(ADDRESS, delivered=99, read=4) == Reach(5, 4)


async def test_a_contact_that_never_wrote_has_no_receipts(reaches: Reaches) -> None:
    assert await reaches.note(ADDRESS, delivered=3, read=2) == Reach()
    assert await reaches.unread(ADDRESS) == 0


async def test_unread_messages_are_neither_the_contacts_own_nor_notes(reaches: Reaches, contact: int) -> None:
    assert await reaches.unread(ADDRESS) == 3
    await reaches.note(ADDRESS, delivered=4, read=4)
    assert await reaches.unread(ADDRESS) == 1


async def test_hints_are_gathered_and_the_desk_hears_of_them(
    pool: Pool, bus: Bus, reaches: Reaches, contact: int
) -> None:
    with bus.watch(f"contact:{contact}") as ear:
        reaches.hint(ADDRESS, delivered=2, read=0)
        reaches.hint(ADDRESS, delivered=4, read=3)
        assert await ear.wait(SOON) == {f"contact:{contact}#got"}
    assert await reach_at(pool, contact) == Reach(4, 3)


async def test_a_hint_that_tells_nothing_new_costs_no_statement(pool: Pool, reaches: Reaches, contact: int) -> None:
    await reaches.note(ADDRESS, delivered=4, read=3)
    pool.terminate()
    reaches.hint(ADDRESS, delivered=4, read=2)
    assert reaches._waiting == {}


async def test_the_contact_hears_that_the_desk_has_read(bus: Bus, reaches: Reaches, contact: int) -> None:
    with bus.watch(f"contact:{contact}") as ear:
        await reaches.hear(contact, 1)
        assert await ear.wait(SOON) == {f"contact:{contact}#reach"}
        await reaches.hear(contact, 1)
        assert await ear.wait(0) == frozenset()
    assert (await reaches.of(ADDRESS)).heard == 1


async def test_typing_is_a_hint_that_leaves_no_trace(
    bus: Bus, threads: Threads, reaches: Reaches, contact: int
) -> None:
    await threads.after(ADDRESS, 0, 1)
    with bus.watch(f"contact:{contact}") as ear:
        reaches.typing(ADDRESS)
        reaches.answering(contact)
        assert await ear.wait(SOON) == {f"contact:{contact}#typing", f"contact:{contact}#answering"}


async def test_nobody_is_said_to_type_because_hints_were_lost(bus: Bus) -> None:
    with bus.watch("contact:1") as ear:
        bus._turn(live=not bus.live)
        assert await ear.wait(0) == {"contact:1"}


async def test_a_database_that_is_away_means_busy(pool: Pool, reaches: Reaches) -> None:
    pool.terminate()
    with pytest.raises(Busy):
        await reaches.note(ADDRESS, delivered=1, read=1)
    with pytest.raises(Busy):
        await reaches.unread(ADDRESS)
    await reaches.hear(1, 1)
