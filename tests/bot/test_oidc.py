"""Log-in at a provider of identities: linked by issuer and subject alone, and nothing that is not proved lets in."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import ECKey, KeySet
from typer.testing import CliRunner

from bot.audit.audit import By
from bot.config.shown import document
from bot.login.oidc.id_token import BadKey, Identity, Unproved, verified
from bot.login.oidc.identities import link
from bot.people.cli import app
from bot.people.rights import Role
from bot.settings import read
from tests.bot.desk_stage import PASSWORD, DeskStage, Person, open_desk
from tests.bot.oidc_api import SECRET, OidcApi, open_oidc
from tests.bot.test_second_factor import password, set_up, telephone

BOSS = By(None, "boss", "")


@pytest.fixture
async def api() -> AsyncIterator[OidcApi]:
    async with open_oidc() as opened:
        yield opened


@pytest.fixture
async def desk(database_url: str, redis_url: str, api: OidcApi) -> AsyncIterator[DeskStage]:
    async with open_desk(database_url, redis_url, oidc=api.account, clock=lambda: api.now) as opened:
        yield opened


async def linked(desk: DeskStage, api: OidcApi) -> Person:
    """Somebody who is known at the provider, and not logged in."""
    person = await desk.hire("wangfang")
    assert await link(desk.stage.pool, person.id, Identity(api.account.issuer, api.subject), BOSS)
    return person


async def there(person: Person) -> str:
    """Go to the provider; the way back that it tells."""
    async with person.session.get(f"{person.base}/desk/login/oidc/main", allow_redirects=False) as response:
        assert response.status == 303
        out = response.headers["Location"]
    return await known(person, out)


async def known(person: Person, out: str) -> str:
    async with person.session.get(out, allow_redirects=False) as response:
        assert response.status == 302
        return response.headers["Location"].removeprefix(person.base)


async def by_provider(person: Person, *, status: int = 303) -> str:
    return await person.get(await there(person), status=status)


# What a token has to say ----------------------------------------------------------------------------------------


async def test_a_token_proves_issuer_subject_audience_time_and_nonce_or_nothing(api: OidcApi) -> None:
    keys, issuer = KeySet([api.key]), api.account.issuer

    def check(nonce: str = "n", *, later: timedelta = timedelta()) -> Identity:
        return verified(api.signed("n"), keys, api.account, issuer, nonce, api.now + later)

    assert check() == Identity(issuer, "u-8001")
    with pytest.raises(Unproved):
        check("another")
    with pytest.raises(Unproved):
        check(later=timedelta(minutes=7))
    lies: list[dict[str, object]] = [
        {"aud": "another"}, {"aud": ["desk", "another"]}, {"aud": None}, {"iss": "https://evil.example"}, {"iss": None},
        {"nonce": None}, {"exp": None}, {"sub": None}, {"sub": ""}, {"sub": 7}, {"sub": "x" * 256}, {"iat": None},
    ]  # fmt: skip
    for lie in lies:
        api.lies = lie
        with pytest.raises(Unproved):
            check()
    api.lies, api.shared = {}, True
    with pytest.raises(BadKey):
        check()
    header, claims, _ = OidcApi.signed(api, "n").split(".")
    for forged in (f"{header}.{claims}.", f"eyJhbGciOiJub25lIn0.{claims}.", "x", ""):
        with pytest.raises(BadKey):
            verified(forged, keys, api.account, issuer, "n", api.now)


# The log-in -----------------------------------------------------------------------------------------------------


async def test_who_is_linked_logs_in_at_the_provider_and_out_of_it_again(desk: DeskStage, api: OidcApi) -> None:
    wang = await linked(desk, api)
    assert "用 统一身份 登录" in await wang.get("/desk/login")
    await by_provider(wang)
    await wang.get("/desk")
    rows = await desk.stage.pool.fetch("SELECT deed, detail FROM audit WHERE who = 'wangfang'")
    assert [tuple(row) for row in rows] == [("log_in", "oidc:main")]
    async with wang.session.post(f"{wang.base}/desk/logout", data=wang.fields) as response:
        assert "也从 统一身份 退出" in await response.text()
    async with wang.session.get(f"{wang.base}/desk/login/oidc/main/out", allow_redirects=False) as response:
        out = urlsplit(response.headers["Location"])
    assert f"{out.scheme}://{out.netloc}{out.path}" == f"{api.account.issuer}/end"
    assert parse_qs(out.query)["post_logout_redirect_uri"] == [f"{wang.base}/desk/login"]


async def test_an_unknown_subject_a_disabled_account_and_the_same_mail_are_nobody(
    desk: DeskStage, api: OidcApi
) -> None:
    wang = await linked(desk, api)
    api.subject = "somebody else"
    assert "没有关联坐席台账号" in await by_provider(wang, status=401)
    api.subject = "u-8001"
    await desk.stage.pool.execute("UPDATE agents SET disabled = true")
    await by_provider(wang, status=401)
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM agent_sessions") == 0


@pytest.mark.parametrize("lie", [{"nonce": "another"}, {"aud": "another"}, {"exp": 1}, {"iss": "https://evil.example"}])
async def test_a_token_that_does_not_hold_lets_nobody_in(desk: DeskStage, api: OidcApi, lie: dict[str, object]) -> None:
    wang = await linked(desk, api)
    api.lies = lie
    assert "没能通过 统一身份 登录" in await by_provider(wang, status=401)
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM agent_sessions") == 0


async def test_a_way_back_counts_once_and_in_the_browser_that_set_out(desk: DeskStage, api: OidcApi) -> None:
    wang, li = await linked(desk, api), await desk.hire("lilei", "李雷")
    back = await there(wang)
    await li.get(back, status=401)
    await wang.get(back.replace("state=", "state=x"), status=401)
    back = await there(wang)
    await wang.get(back, status=303)
    await wang.post("/desk/logout", {"csrf": (await desk.stage.pool.fetchval("SELECT csrf FROM agent_sessions"))})
    await wang.get(back, status=401)
    back = await there(wang)
    await desk.stage.pool.execute("UPDATE oidc_trips SET expires = clock_timestamp()")
    await wang.get(back, status=401)
    back = await there(wang)
    await wang.get(back.partition("?")[0] + "?error=access_denied", status=401)


async def test_new_keys_are_looked_up_once_and_no_stranger_makes_us_ask_more(desk: DeskStage, api: OidcApi) -> None:
    wang = await linked(desk, api)
    await by_provider(wang)
    api.rotate()
    await by_provider(wang)
    assert api.asked == ["describe", "jwks", "jwks"]
    api.former = [ECKey.generate_key("P-256", auto_kid=True)]
    api.now += timedelta(seconds=30)
    for _ in range(3):
        await by_provider(wang, status=401)
    assert api.asked == ["describe", "jwks", "jwks", "jwks"]


async def test_a_provider_that_is_another_one_or_leads_astray_is_not_asked(desk: DeskStage, api: OidcApi) -> None:
    wang = await linked(desk, api)
    changes: list[dict[str, object]] = [
        {"issuer": "https://evil.example"}, {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://id.example.cn/token"}, {"jwks_uri": 7},
    ]  # fmt: skip
    for change in changes:
        api.changes = change
        assert "没能通过" in await wang.get("/desk/login/oidc/main", status=401)
    api.changes = {"end_session_endpoint": ""}
    assert "没有提供退出页面" in await wang.get("/desk/login/oidc/main/out", status=401)


async def test_our_own_second_factor_is_asked_after_the_provider_s_word(desk: DeskStage, api: OidcApi) -> None:
    wang = await (await linked(desk, api)).log_in()
    secret, _ = await set_up(wang)
    await wang.post("/desk/logout")
    await by_provider(wang)
    await wang.get("/desk", status=303)
    await wang.get("/desk/login/code")
    await wang.post("/desk/login/code", {"code": telephone(secret, 1)})
    await wang.get("/desk")


async def test_a_provider_that_asks_for_it_itself_is_believed(database_url: str, redis_url: str, api: OidcApi) -> None:
    trusted = type(api.account)("main", api.account.issuer, "desk", SECRET, second_factor=True)
    async with open_desk(database_url, redis_url, oidc=trusted) as desk:
        wang = await linked(desk, api)
        await desk.stage.pool.execute("INSERT INTO role_rules VALUES ('agent', true)")
        assert "先开启两步验证" in await password(wang)
        await by_provider(wang)
        await wang.get("/desk")


# Linking --------------------------------------------------------------------------------------------------------


async def test_somebody_links_and_unlinks_their_own_identity_with_their_password(desk: DeskStage, api: OidcApi) -> None:
    wang, li = await desk.agent(), await desk.agent("lilei", "李雷")
    await wang.get("/desk/account")
    await wang.post("/desk/account/oidc/main", {"present": "wrong"})
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM oidc_trips") == 0
    for person, shown in ((wang, "已关联，下次"), (li, "没有关联")):
        data = {**person.fields, "present": PASSWORD}
        async with person.session.post(f"{person.base}/desk/account/oidc/main", data=data) as response:
            out = response.headers["Refresh"].removeprefix("0; url=")
        back = await known(person, out)
        async with person.session.get(person.base + back) as response:
            assert shown in await response.text()
    await wang.post("/desk/logout")
    await by_provider(wang)
    await wang.get("/desk/account")
    await wang.post("/desk/account/oidc/main/drop")
    await wang.get("/desk", status=303)
    await by_provider(wang, status=401)
    deeds = await desk.stage.pool.fetch("SELECT deed, detail FROM audit WHERE deed LIKE 'identity%' ORDER BY id")
    detail = f"{api.account.issuer} u-8001"
    assert [tuple(row) for row in deeds] == [("identity_linked", detail), ("identity_unlinked", detail)]


async def test_a_trip_to_link_that_comes_back_to_another_session_links_nothing(desk: DeskStage, api: OidcApi) -> None:
    wang = await desk.agent()
    data = {**wang.fields, "present": PASSWORD}
    async with wang.session.post(f"{wang.base}/desk/account/oidc/main", data=data) as response:
        back = await known(wang, response.headers["Refresh"].removeprefix("0; url="))
    await wang.post("/desk/logout")
    await desk.hire("lilei", "李雷")
    wang.login = "lilei"
    await wang.log_in()
    await wang.get(back, status=303)
    assert await desk.stage.pool.fetchval("SELECT count(*) FROM agent_identities") == 0


async def test_an_administrator_links_somebody_by_their_subject(desk: DeskStage, api: OidcApi) -> None:
    admin, wang = await desk.agent("admin", "林岚", role=Role.ADMIN), await desk.hire("wangfang")
    assert "主体标识" in await admin.get(f"/desk/people/{wang.id}")
    await admin.post(f"/desk/people/{wang.id}/oidc/main", {"subject": " "})
    await admin.post(f"/desk/people/{wang.id}/oidc/main", {"subject": "u-8001"})
    await admin.post("/desk/people/999/oidc/main", {"subject": "u-9"}, status=404)
    await admin.post(f"/desk/people/{wang.id}/oidc/other", {"subject": "u-9"}, status=404)
    await by_provider(wang)
    await wang.get("/desk")
    assert "u-8001" in await admin.get(f"/desk/people/{wang.id}?done=linked")
    await admin.post(f"/desk/people/{wang.id}/oidc/main/drop")
    await wang.get("/desk", status=303)


def test_identities_are_linked_from_the_command_line_and_the_client_s_secret_is_never_shown(
    database_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(f'[oidc.main]\nissuer = "https://id.example.cn/"\nclient_id = "desk"\nclient_secret = "{SECRET}"\n')
    environ = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "CONFIG": str(file), "SECRET_KEY": "x" * 20}
    for name, value in environ.items():
        monkeypatch.setenv(f"HUIYING_{name}", value)
    run = CliRunner().invoke
    assert run(app, ["add", "lilei"]).exit_code == 0
    assert json.loads(run(app, ["link", "lilei", "main", "u-1", "--json"]).stdout) == {"ok": True}
    assert run(app, ["link", "lilei", "main", "u-2"]).exit_code == 1
    assert run(app, ["unlink", "LiLei", "main"]).exit_code == 0
    assert run(app, ["unlink", "lilei", "main"]).exit_code == 1
    assert run(app, ["link", "nobody", "main", "u-1"]).exit_code == 1
    shown = json.dumps(document(read()))
    assert SECRET not in shown
    assert '"label": "main"' in shown
