"""People: passwords, sessions, the pause after wrong passwords, presence, heartbeats, and who may see what."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from redis.asyncio import Redis
from typer.testing import CliRunner

from bot.bus import Bus
from bot.db import Pool
from bot.login.log_in import TRIES
from bot.people.agent import Presence
from bot.people.cli import app
from bot.people.heartbeats import SEEN, Heartbeats
from bot.people.passwords import LONGEST
from bot.people.people import People
from bot.people.rights import Role
from tests.bot.entrance import Enter, entrance

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def people(pool: Pool, redis_url: str) -> AsyncIterator[People]:
    async with Bus(redis_url) as bus:
        yield People(pool, bus)


@pytest.fixture
def log_in(people: People, pool: Pool) -> Enter:
    """Log in by password; the token, or None."""
    return entrance(pool, people)


async def hire(people: People, login: str = "wangfang") -> int:
    number = await people.add(login, PASSWORD, name="王芳", role=Role.AGENT, skills=("broadband",))
    assert number is not None
    return number


async def test_a_password_is_kept_as_argon2id_and_never_as_it_is(people: People, pool: Pool) -> None:
    await hire(people)
    kept: str = await pool.fetchval("SELECT password_hash FROM agents")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in kept


async def test_the_right_password_opens_a_session_of_which_only_a_hash_is_stored(
    people: People, log_in: Enter, pool: Pool
) -> None:
    number = await hire(people)
    token = await log_in(" WangFang ", PASSWORD)
    assert token is not None
    session = await people.find(token)
    assert session is not None
    assert (session.agent.id, session.agent.presence) == (number, Presence.OFFLINE)
    stored = await pool.fetchrow("SELECT token_hash, csrf FROM agent_sessions")
    assert stored is not None
    assert token.encode() not in stored["token_hash"]
    assert stored["csrf"] == session.csrf


async def test_wrong_passwords_unknown_log_ins_and_disabled_agents_look_the_same(
    people: People, log_in: Enter, pool: Pool
) -> None:
    await hire(people)
    assert await log_in("wangfang", "wrong") is None
    assert await log_in("nobody", PASSWORD) is None
    assert await log_in("wangfang", "x" * (LONGEST + 1)) is None
    await pool.execute("UPDATE agents SET disabled = true")
    assert await log_in("wangfang", PASSWORD) is None


async def test_an_account_pauses_after_wrong_passwords_even_for_the_right_one(
    people: People, log_in: Enter, pool: Pool
) -> None:
    await hire(people)
    for _ in range(TRIES):
        assert await log_in("wangfang", "wrong") is None
    assert await log_in("wangfang", PASSWORD) is None
    await pool.execute("UPDATE agents SET locked_until = clock_timestamp()")
    assert await log_in("wangfang", PASSWORD) is not None
    assert await pool.fetchval("SELECT failed_logins FROM agents") == 0


async def test_an_address_pauses_after_wrong_passwords_over_many_accounts(
    people: People, log_in: Enter, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.login.log_in.TRIES_FROM", 3)
    await hire(people)
    spray = "10.0.0.9"
    for number in range(3):
        assert await log_in("wangfang", PASSWORD, address=spray) is not None
        assert await log_in(f"nobody{number}", "wrong", address=spray) is None
    assert await log_in("wangfang", PASSWORD, address=spray) is None
    assert await log_in("wangfang", PASSWORD, address="10.0.0.10") is not None
    assert await log_in("wangfang", PASSWORD) is not None
    await pool.execute("UPDATE log_in_tries SET since = since - interval '10 minutes'")
    assert await log_in("wangfang", PASSWORD, address=spray) is not None


async def test_guesses_side_by_side_all_count(people: People, log_in: Enter) -> None:
    await hire(people)
    guesses = [log_in("wangfang", f"guess {number}") for number in range(12)]
    assert set(await asyncio.gather(*guesses)) == {None}
    assert await log_in("wangfang", PASSWORD) is None


async def test_the_pause_grows_and_ends_at_a_quarter_of_an_hour(people: People, log_in: Enter, pool: Pool) -> None:
    await hire(people)
    await pool.execute("UPDATE agents SET failed_logins = 40")
    assert await log_in("wangfang", "wrong") is None
    pause = await pool.fetchval("SELECT extract(epoch FROM locked_until - clock_timestamp())::float8 FROM agents")
    assert 890 < pause <= 900


async def test_a_session_ends_with_log_out_with_time_and_with_a_new_password(
    people: People, log_in: Enter, pool: Pool
) -> None:
    await hire(people)
    tokens = [await log_in("wangfang", PASSWORD) for _ in range(3)]
    first, second, third = (token or "" for token in tokens)
    session = await people.find(first)
    assert session is not None
    await people.log_out(session)
    assert await people.find(first) is None
    await pool.execute(
        "UPDATE agent_sessions SET expires = clock_timestamp() WHERE csrf = $1", await _csrf(people, second)
    )
    assert await people.find(second) is None
    assert await people.set_password("wangfang", "another long password")
    assert await people.find(third) is None


async def _csrf(people: People, token: str) -> str:
    session = await people.find(token)
    assert session is not None
    return session.csrf


@pytest.mark.parametrize("token", ["", "x", "中" * 43, "a" * 43, "a" * 4000])
async def test_a_made_up_token_is_nobody(people: People, token: str) -> None:
    assert await people.find(token) is None


async def test_presence_is_announced_and_its_time_counts_from_the_change(
    people: People, log_in: Enter, pool: Pool, redis_url: str
) -> None:
    number = await hire(people)
    token = await log_in("wangfang", PASSWORD) or ""
    async with Bus(redis_url) as bus:
        with bus.watch("desk", "presence", f"agent:{number}") as ear:
            await People(pool, bus).choose_presence(number, Presence.ONLINE)
            assert await ear.wait(5) == {"desk", "presence", f"agent:{number}"}
    first = await people.find(token)
    await people.choose_presence(number, Presence.ONLINE)
    second = await people.find(token)
    assert first is not None
    assert second is not None
    assert second.agent.presence is Presence.ONLINE
    assert first.agent.presence_since == second.agent.presence_since


async def test_the_last_log_out_takes_an_agent_offline_and_another_browser_keeps_them(
    people: People, log_in: Enter
) -> None:
    number = await hire(people)
    first, second = await log_in("wangfang", PASSWORD), await log_in("wangfang", PASSWORD)
    await people.choose_presence(number, Presence.ONLINE)
    one = await people.find(first or "")
    assert one is not None
    await people.log_out(one)
    other = await people.find(second or "")
    assert other is not None
    assert other.agent.presence is Presence.ONLINE
    await people.log_out(other)
    assert (await people.all())[0].presence is Presence.OFFLINE


async def test_who_comes_back_after_all_sessions_ended_starts_offline(
    people: People, log_in: Enter, pool: Pool
) -> None:
    number = await hire(people)
    await people.choose_presence(number, Presence.ONLINE)
    await log_in("wangfang", PASSWORD)
    assert await pool.fetchval("SELECT presence FROM agents") == "offline"


async def test_a_heartbeat_is_the_time_in_redis_and_its_loss_harms_nobody(redis: Redis) -> None:
    now = datetime(2026, 5, 4, 1, 2, 3, 456000, tzinfo=UTC)
    await Heartbeats(redis).beat(7, now)
    assert await redis.zscore(SEEN, "7") == now.timestamp() * 1000
    async with Redis.from_url("redis://127.0.0.1:1/0") as gone:
        await Heartbeats(gone).beat(7, now)


async def test_a_hash_of_other_parameters_is_renewed_at_the_next_log_in(
    people: People, log_in: Enter, pool: Pool
) -> None:
    await hire(people)
    weak = await asyncio.to_thread(PasswordHasher(time_cost=1, memory_cost=8192).hash, PASSWORD)
    await pool.execute("UPDATE agents SET password_hash = $1", weak)
    assert await log_in("wangfang", PASSWORD) is not None
    assert "m=19456" in await pool.fetchval("SELECT password_hash FROM agents")


def test_people_are_taken_in_listed_and_given_passwords_from_the_command_line(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a secret of this test alone")
    run = CliRunner().invoke
    added = run(app, ["add", "LiLei", "--name", "李雷", "--role", "leader", "--skills", "mobile, broadband", "--json"])
    assert added.exit_code == 0, added.output
    assert len(json.loads(added.stdout)["password"]) >= 12
    again = run(app, ["add", "lilei", "--json"])
    assert (again.exit_code, "error" in json.loads(again.stdout)) == (1, True)
    (listed,) = json.loads(run(app, ["list", "--json"]).stdout)
    assert (listed["login"], listed["name"], listed["role"]) == ("lilei", "李雷", "leader")
    assert listed["skills"] == ["mobile", "broadband"]
    assert run(app, ["password", "lilei", "--password", "short"]).exit_code == 2
    assert run(app, ["password", "nobody"]).exit_code == 1
    assert run(app, ["password", "lilei", "--password", "a long enough one"]).exit_code == 0
