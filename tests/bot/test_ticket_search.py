"""Words that tickets are searched by, against a slow, obvious model: every word stands in the text."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db import Pool, Row, open_pool
from bot.people.agent import ROOT, Agent, Presence
from bot.people.rights import Role
from bot.tickets import query
from bot.tickets.query import beyond, boarded, counted_by_state, listed, sized
from bot.tickets.sought import Sought, lowered
from bot.tickets.wanted import Wanted, cursor_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADMIN = Agent(1, "boss", "", Role.ADMIN, "", (), 5, {}, "zh", Presence.ONLINE, NOW, "", None, ROOT)
SIGNS = "宽带断了两天光猫红灯，,。-_%\\'#＃ABab１1234567890　 \n\tｅé螂"
TEXTS = (
    "光猫红灯，宽带断了两天，编号12345",
    "宽带\n断了 两天",
    "Modem E-502 shows NO signal",
    "５０２ ｓｉｇｎａｌ，１００％",
    "扣费多了 10_5% 元，C:\\路径",
    "蟑螂",
    "了",
    "a",
    "编号123456，12346，234567",
    "很长的一段话。" * 90 + "末尾的词",
    "电话 138 1234 5678",
    "🙂宽带🙂",
)
WORDS = """\
宽带|断了两|宽带断了|红灯 编号|红灯　12345|灯|螂|了|天，编|天,编|末尾的词|没有的词|了 灯|，
modem|MODEM signal|e-502|no signal|signalno|a|z|A|100%|%|_|10_5%|\\|c:\\|'
12346 234567|号12345|号1234|13812345678 电话|🙂|🙂宽""".replace("\n", "|").split("|")
"""None of them is a number alone, which means a ticket."""


def fits(said: str, words: str) -> bool:
    """The model."""
    text = "".join(lowered(said).split())
    return all(word in text for word in lowered(words).split())


@given(st.text(SIGNS, max_size=30), st.text(SIGNS, max_size=12))
def test_pieces_that_the_index_is_asked_for_cover_the_words(said: str, words: str) -> None:
    sought = Sought(words)
    for word in sought.words:
        pieces = Sought(word).pieces
        assert all(piece in word for piece in pieces)
        assert pieces or word <= "~"
    assert not sought.pieces or set("".join(sought.pieces)) <= set("".join(sought.words))


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    opened = await open_pool(database_url, size=2)
    await opened.execute("INSERT INTO contacts (channel, account, address, name) VALUES ('web', 'demo', 'v:1', '客户')")
    yield opened
    await opened.close()


async def write(pool: Pool, *texts: str, archived: datetime | None = None) -> list[int]:
    """Tickets with these texts; returns their numbers."""
    statement = (
        "INSERT INTO tickets (contact_id, kind, business, text, created, state, department, archived, next_due)"
        " SELECT c.id, 'matter', 'broadband.fault', n.said, $2, $4, 'network', $3, $5"
        " FROM contacts c, unnest($1::text[]) WITH ORDINALITY AS n (said, at) ORDER BY n.at RETURNING id"
    )
    state, due = ("archived", None) if archived else ("routed", NOW)
    return [row["id"] for row in await pool.fetch(statement, list(texts), NOW, archived, state, due)]


async def found(pool: Pool, words: str, **filters: str) -> list[int]:
    """What a list of these words shows."""
    page, rows = await listed(pool, ADMIN, Wanted({"words": words, **filters})), list[Row]()
    while page.rest:
        rows += page.rows
        page = await listed(pool, ADMIN, Wanted({"words": words, **filters}, page.rest))
    return [row["id"] for row in (*rows, *page.rows)]


@pytest.mark.parametrize(
    ("walk", "few", "range_", "common", "patience"),
    [
        (2000, 3000, 20_000, 10, 1.0),
        (3, 3000, 20_000, 10, 1.0),
        (3, 0, 5, 10, 0.0),
        (3, 0, 2, 10, 60.0),
        (5, 9, 4, 1, 0.0),
    ],
)
async def test_words_find_the_tickets_that_have_all_of_them(
    pool: Pool, walk: int, few: int, range_: int, common: int, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "WALK", walk)  # With three, all but the first few are found by the index.
    monkeypatch.setattr(query, "FEW", few)  # With none, the list is looked through for them, part by part.
    monkeypatch.setattr(query, "RANGE", range_)
    monkeypatch.setattr(query, "COMMON", common)  # With one, the index is not even asked for words that are there.
    monkeypatch.setattr(query, "PATIENCE", patience)  # Without any, a page ends with each part.
    said = dict(zip(await write(pool, *TEXTS), TEXTS, strict=True))
    said |= dict(zip(await write(pool, *TEXTS, archived=NOW), TEXTS, strict=True))
    await pool.execute("UPDATE tickets SET next_due = NULL WHERE id % 3 = 0 AND archived IS NULL")
    for words in WORDS:
        wanted = [id for id, text in said.items() if fits(text, words)]
        assert await found(pool, words) == wanted[::-1], words
        assert await sized(pool, ADMIN, Wanted({"words": words}), 100) == len(wanted), words
        rows = await beyond(pool, ADMIN, Wanted({"words": words}), wanted[0] if wanted else 0, 100)
        assert [row["id"] for row in rows] == wanted[1:], words
        open_ones = sorted((id for id in wanted if id <= len(TEXTS)), key=lambda id: (id % 3 == 0, id))
        assert await found(pool, words, state="routed") == open_ones, words
        board = await boarded(pool, ADMIN, Wanted({"words": words}))
        assert [row["id"] for row in board["routed"]] == open_ones, words
        sizes = await counted_by_state(pool, ADMIN, Wanted({"words": words}))
        assert sizes.get("routed", 0) == len(open_ones), words
        assert sorted(await found(pool, words, state="archived")) == wanted[len(open_ones) :], words


async def test_the_database_makes_texts_plain_and_cuts_them_as_the_search_does(pool: Pool) -> None:
    @given(st.text(SIGNS + "ｱﾞ①㎏ﬁÅΩ", max_size=40))
    def alike(said: str) -> None:
        cases.append(said)

    cases: list[str] = []
    alike()
    rows = await pool.fetch(
        "SELECT n.said, plain(n.said) AS plain, grams(plain(n.said)) AS grams FROM unnest($1::text[]) AS n (said)",
        cases,
    )
    for row in rows:
        words = Sought(row["said"]).words
        assert "".join(words) == row["plain"]
        assert set(Sought("".join(words)).pieces) <= set(row["grams"])


async def test_pages_of_words_follow_one_another_through_what_is_open_and_the_archive(pool: Pool) -> None:
    first = await write(pool, *["宽带断了"] * 40, archived=NOW)
    rest = await write(pool, *["宽带断了"] * 30)
    wanted = Wanted({"words": "断了"})
    page = (await listed(pool, ADMIN, wanted)).rows
    after = replace(wanted, after=cursor_of(page[49], wanted))
    shown = [row["id"] for row in (*page[:50], *(await listed(pool, ADMIN, after)).rows)]
    assert shown == [*first, *rest][::-1]


async def test_pages_of_open_tickets_end_with_those_that_no_limit_runs_for(pool: Pool) -> None:
    timed = await write(pool, *["宽带断了"] * 30)
    free = await write(pool, *["宽带断了"] * 90)
    await pool.execute("UPDATE tickets SET next_due = NULL WHERE id = ANY($1)", free)
    for filters in ({}, {"words": "断了", "state": "routed"}):
        wanted, shown = Wanted(filters), list[int]()
        for _ in range(3):
            rows = (await listed(pool, ADMIN, wanted)).rows
            shown += [row["id"] for row in rows[:50]]
            wanted = replace(wanted, after=cursor_of(rows[:50][-1], wanted))
        assert shown == [*timed, *free]


async def test_numbers_find_the_ticket_of_this_number_and_of_another_system(pool: Pool) -> None:
    one, two = await write(pool, "宽带断了", "编号A-1023")
    await pool.execute("UPDATE tickets SET outside = $2 WHERE id = $1", one, "A-1023")
    await pool.execute("UPDATE tickets SET outside = $2 WHERE id = $1", two, str(one))
    assert await found(pool, f"#{two}") == [two]
    assert await found(pool, str(one)) == [two, one]
    assert await found(pool, "A-1023") == [two, one]
    assert await found(pool, "a-1023") == [two], "other systems' numbers are compared as they are"


async def test_words_find_what_somebody_may_see_and_nothing_else(pool: Pool) -> None:
    mine, theirs, nobodys = await write(pool, "宽带断了", "宽带断了", "宽带断了")
    hire = (
        "INSERT INTO agents (login, name, password_hash, role)"
        " SELECT n, n, '', 'agent' FROM unnest($1::text[]) AS n RETURNING id"
    )
    me, other = [row["id"] for row in await pool.fetch(hire, ["甲", "乙"])]
    await pool.execute("UPDATE tickets SET owner = $2 WHERE id = $1", mine, me)
    await pool.execute("UPDATE tickets SET owner = $2 WHERE id = $1", theirs, other)
    agent = replace(ADMIN, id=me, role=Role.AGENT)
    wanted = Wanted({"words": "宽带"})
    assert [row["id"] for row in (await listed(pool, agent, wanted)).rows] == [nobodys, mine]
    assert await sized(pool, agent, wanted, 10) == 2
    handler = replace(ADMIN, id=other, role=Role.HANDLER, department="billing")
    assert [row["id"] for row in (await listed(pool, handler, wanted)).rows] == [theirs]


async def test_the_text_that_is_searched_follows_the_text_of_the_ticket(pool: Pool) -> None:
    (one,) = await write(pool, "宽带断了")
    await pool.execute("UPDATE tickets SET text = '多扣了月租' WHERE id = $1", one)
    assert await found(pool, "宽带") == []
    assert await found(pool, "月租") == [one]
