"""The second factor: set up on one's own page, asked at the log-in, never twice with one code, taken away on record."""

import json
import re
from base64 import b32decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.login.factors import CODES, plain
from bot.login.log_in import TRIES
from bot.login.totp import STEP, address, code_at, matching, shown, step_of
from bot.login.vault import Vault
from bot.people.cli import app
from bot.people.rights import Role
from tests.bot.desk_stage import PASSWORD, DeskStage, Person, open_desk
from tests.bot.entrance import entrance

SEED = b"12345678901234567890"
"""The secret of the examples of RFC 6238, appendix B."""
RECOVERY = re.compile(r"<code>([a-z0-9-]{11})</code>")
SECRET = re.compile(r'<code class="secret">([A-Z2-7]{32})</code>')


@pytest.fixture
async def desk(database_url: str, redis_url: str) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url) as opened:
        yield opened


@pytest.fixture
async def wang(desk: DeskStage) -> Person:
    return await desk.agent()


def telephone(secret: bytes, steps: int = 0, *, at: datetime | None = None) -> str:
    """What the telephone shows at a moment, which is now, or some steps later."""
    return code_at(secret, step_of(at or datetime.now(UTC)) + steps)


async def set_up(
    person: Person, *, begin: str = "/desk/account", at: datetime | None = None
) -> tuple[bytes, list[str]]:
    """Set a second factor up with what the telephone shows at a moment; the secret and the recovery codes."""
    await person.get("/desk/account")
    await person.post("/desk/account/factor")
    secret = secret_in(await person.get(begin))
    page = await person.post("/desk/account/factor/confirm", {"code": telephone(secret, at=at)}, status=200)
    codes = RECOVERY.findall(page)
    assert len(codes) == CODES
    return secret, codes


def secret_in(page: str) -> bytes:
    found = SECRET.search(page)
    assert found is not None
    return b32decode(found[1])


async def password(person: Person, *, status: int = 303) -> str:
    """The first step of the log-in; the page of the second, where there is one."""
    await person.get("/desk/login")
    await person.post("/desk/login", {"login": person.login, "password": PASSWORD}, status=status)
    return await person.get("/desk/login/code") if status == 303 else ""


async def deeds(desk: DeskStage) -> list[tuple[str, str]]:
    rows = await desk.stage.pool.fetch("SELECT deed, detail FROM audit ORDER BY id")
    return [(row["deed"], row["detail"]) for row in rows]


async def sessions(desk: DeskStage) -> int:
    found: int = await desk.stage.pool.fetchval("SELECT count(*) FROM agent_sessions")
    return found


# Codes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_standard_s_examples(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SEED, step_of(now)) == code
    for late in (-STEP, 0, STEP):
        assert matching(SEED, code, now + timedelta(seconds=late)) == step_of(now)
    for far in (-2 * STEP - 1, 2 * STEP + 1):
        assert matching(SEED, code, now + timedelta(seconds=far)) is None


def test_a_telephone_reads_secret_issuer_and_log_in_from_the_square() -> None:
    said = address(SEED, "wangfang", "汇通 desk")
    assert said.startswith("otpauth://totp/%E6%B1%87%E9%80%9A%20desk:wangfang?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&")
    assert shown(SEED) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_a_sealed_secret_opens_for_its_owner_and_with_its_key_alone() -> None:
    vault = Vault("a key of this test")
    sealed = vault.seal(7, SEED)
    assert SEED not in sealed
    assert sealed != vault.seal(7, SEED)
    assert vault.open(7, sealed) == SEED
    assert vault.open(8, sealed) is None
    assert Vault("another key").open(7, sealed) is None
    assert vault.open(7, b"short") is None
    assert vault.hash_of(7, "abc") != vault.hash_of(8, "abc")


def test_what_people_type_between_a_code_s_characters_does_not_count() -> None:
    assert plain(" 123 456 ") == "123456"
    assert plain("ABCDE-23456") == "abcde23456"


# The log-in -----------------------------------------------------------------------------------------------------


async def test_the_session_begins_only_after_the_code_and_no_code_counts_twice(desk: DeskStage, wang: Person) -> None:
    began = datetime.now(UTC)  # The step may end while the test runs.
    secret, _ = await set_up(wang, at=began)
    assert secret not in await desk.stage.pool.fetchval("SELECT secret FROM second_factors")
    await wang.get("/desk/account")
    await wang.post("/desk/logout")
    assert "wangfang，请输入" in await password(wang)
    assert await sessions(desk) == 0
    await wang.get("/desk", status=303)
    spent = telephone(secret, at=began)
    assert "已经用过" in await wang.post("/desk/login/code", {"code": spent}, status=401)
    await wang.post("/desk/login/code", {"code": telephone(secret, 1, at=began)})
    await wang.get("/desk")
    assert await desk.stage.pool.fetchval("SELECT strong FROM agent_sessions")
    assert await desk.stage.pool.fetchval("SELECT failed_logins FROM agents") == 0
    await wang.post("/desk/logout")
    await password(wang)
    await wang.post("/desk/login/code", {"code": telephone(secret, 1, at=began)}, status=401)
    assert await sessions(desk) == 0


async def test_a_log_in_halfway_is_good_once_and_for_ten_minutes(desk: DeskStage, wang: Person) -> None:
    _, codes = await set_up(wang)
    await wang.post("/desk/logout")
    await wang.get("/desk/login/code", status=303)
    await password(wang)
    await wang.post("/desk/login/code", {"code": codes[0], "csrf": "0" * 43}, status=403)
    jar = {cookie.key: cookie.value for cookie in wang.session.cookie_jar}
    await wang.post("/desk/login/code", {"code": codes[0]})
    await wang.get("/desk")
    await wang.post("/desk/logout")
    wang.session.cookie_jar.update_cookies(jar)
    await wang.get("/desk/login/code", status=303)
    await password(wang)
    await desk.stage.pool.execute("UPDATE halfway_log_ins SET expires = clock_timestamp()")
    await wang.post("/desk/login/code", {"code": codes[1]})
    assert await sessions(desk) == 0


async def test_each_recovery_code_counts_once_and_leaves_a_mark(desk: DeskStage, wang: Person) -> None:
    _, codes = await set_up(wang)
    stored = await desk.stage.pool.fetch("SELECT code_hash FROM recovery_codes")
    assert not {row["code_hash"] for row in stored} & {plain(code).encode() for code in codes}
    for status in (303, 401):
        await wang.post("/desk/logout")
        await password(wang)
        await wang.post("/desk/login/code", {"code": codes[0].upper()}, status=status)
        if status == 303:
            assert "还有 9 个恢复码" in await wang.get("/desk/account")
    assert [deed for deed, _ in await deeds(desk)].count("recovery_used") == 1
    assert ("log_in_refused", "code") in await deeds(desk)


async def test_wrong_codes_and_wrong_passwords_count_together_whatever_is_right_between_them(
    desk: DeskStage, wang: Person
) -> None:
    secret, codes = await set_up(wang)
    await wang.post("/desk/logout")
    for _ in range(TRIES - 1):
        await password(wang)
        await wang.post("/desk/login/code", {"code": "000000"}, status=401)
    await wang.get("/desk/login")
    await wang.post("/desk/login", {"login": "wangfang", "password": "wrong"}, status=401)
    await password(wang, status=401)
    await wang.post("/desk/login/code", {"code": codes[0]}, status=401)
    await desk.stage.pool.execute("UPDATE agents SET locked_until = clock_timestamp()")
    await password(wang)
    await wang.post("/desk/login/code", {"code": telephone(secret, 1)})
    await wang.get("/desk")


async def test_a_new_password_ends_log_ins_that_have_come_halfway(desk: DeskStage, wang: Person) -> None:
    _, codes = await set_up(wang)
    await wang.post("/desk/logout")
    await password(wang)
    await desk.people.set_password("wangfang", "another long password")
    await wang.post("/desk/login/code", {"code": codes[0]})
    assert await sessions(desk) == 0


# Roles that need one --------------------------------------------------------------------------------------------


async def test_a_role_may_need_a_second_factor_which_is_then_set_up_at_the_log_in(
    desk: DeskStage, wang: Person
) -> None:
    admin = await desk.agent("admin", "林岚", role=Role.ADMIN)
    await admin.get("/desk/people")
    refused = await admin.post("/desk/people/rules", {"agent": "on", "admin": "on"}, status=422)
    assert "先在“我的账号”里开启" in refused
    await admin.post("/desk/people/rules", {"agent": "on"})
    await wang.get("/desk", status=303)
    page = await password(wang)
    assert secret_in(page) == secret_in(await wang.get("/desk/login/code"))
    await wang.post("/desk/login/code", {"code": "000000"}, status=401)
    codes = RECOVERY.findall(await wang.post("/desk/login/code", {"code": telephone(secret_in(page))}, status=200))
    assert len(codes) == CODES
    await wang.get("/desk/account")
    assert "不能关闭" in await wang.post("/desk/account/factor/drop", {"code": codes[0]}, status=422)
    await admin.post("/desk/people/rules")
    await wang.post("/desk/account/factor/drop", {"code": codes[0]})
    rules = [(deed, detail) for deed, detail in await deeds(desk) if deed == "factor_rule"]
    assert rules == [("factor_rule", "required"), ("factor_rule", "optional")]


async def test_an_administrator_takes_a_lost_factor_away_and_the_person_s_sessions_end(
    desk: DeskStage, wang: Person
) -> None:
    admin = await desk.agent("admin", "林岚", role=Role.ADMIN)
    assert "取消两步验证" not in await admin.get(f"/desk/people/{wang.id}")
    await set_up(wang)
    assert "取消两步验证" in await admin.get(f"/desk/people/{wang.id}")
    await admin.post(f"/desk/people/{wang.id}/factor")
    await wang.get("/desk", status=303)
    await wang.log_in()
    assert ("factor_dropped", "") in await deeds(desk)
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM recovery_codes") == 0


# One's own page -------------------------------------------------------------------------------------------------


async def test_recovery_codes_are_renewed_and_the_factor_is_dropped_by_a_code_alone(
    desk: DeskStage, wang: Person
) -> None:
    _, codes = await set_up(wang)
    await wang.get("/desk/account")
    for act in ("codes", "drop"):
        await wang.post(f"/desk/account/factor/{act}", {"code": "000000"}, status=422)
    page = await wang.post("/desk/account/factor/codes", {"code": codes[0]}, status=200)
    fresh = RECOVERY.findall(page)
    assert len({*fresh, *codes}) == 2 * CODES
    await wang.post("/desk/account/factor/drop", {"code": codes[1]}, status=422)
    await wang.post("/desk/account/factor/drop", {"code": fresh[0]})
    assert "两步验证已关闭" in await wang.get("/desk/account?done=dropped")
    await wang.post("/desk/logout")
    await wang.log_in()


async def test_one_s_own_password_is_changed_by_who_knows_it_and_other_browsers_are_out(
    desk: DeskStage, wang: Person
) -> None:
    elsewhere = await entrance(desk.stage.pool, desk.people)("wangfang", PASSWORD)
    before = await desk.stage.pool.fetchval("SELECT array_agg(token_hash) FROM agent_sessions")
    await wang.get("/desk/account")
    right = {"present": PASSWORD, "password": "a better one by far"}
    for wrong in ({"present": "wrong"}, {"password": "short"}, {"password": PASSWORD}, {"password": "x" * 257}):
        await wang.post("/desk/account/password", {**right, **wrong}, status=422)
    await wang.post("/desk/account/password", right)
    assert "密码已修改" in await wang.get("/desk/account?done=password")
    (after,) = await desk.stage.pool.fetchval("SELECT array_agg(token_hash) FROM agent_sessions")
    assert after not in before
    assert await desk.people.find(elsewhere or "") is None
    assert ("password_set", "own") in await deeds(desk)
    await wang.post("/desk/logout")
    await wang.log_in("a better one by far")


def test_a_lost_factor_and_the_roles_that_need_one_are_matters_of_the_command_line_too(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_DATABASE_URL", database_url)
    monkeypatch.setenv("HUIYING_REDIS_URL", redis_url)
    monkeypatch.setenv("HUIYING_SECRET_KEY", "a secret of this test alone")
    run = CliRunner().invoke
    assert run(app, ["add", "lilei"]).exit_code == 0
    assert run(app, ["totp-off", "lilei"]).exit_code == 1
    assert json.loads(run(app, ["totp-roles", "leader", "admin", "--json"]).stdout) == {"roles": ["leader", "admin"]}
    assert json.loads(run(app, ["list", "--json"]).stdout)[0]["second_factor"] is False
    assert run(app, ["totp-roles", "king"]).exit_code == 2
