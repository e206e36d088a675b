"""What the environment says, and what it may not say."""

import json
import os
import stat
from pathlib import Path

import pytest

from bot.config.shown import MASK, document, without_password
from bot.config.values import SettingsError
from bot.settings import Settings, read
from channels.accounts import Mode

pytestmark = pytest.mark.pure

EVERYWHERE = "0.0.0.0"  # noqa: S104 - nothing is bound here
KEY = "a key that is long enough"
URL = "postgresql://huiying@db.example/huiying"


def settings(folder: Path, **values: str) -> Settings:
    return read({"HUIYING_DATA_DIR": str(folder)} | {f"HUIYING_{name}": value for name, value in values.items()})


def refusal(folder: Path, **values: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(folder, **values)
    return str(caught.value)


def test_without_any_variable_it_listens_on_this_machine_only_with_servers_of_its_own(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8080, "http://127.0.0.1:8080")
    assert found.database_url is None
    assert found.redis_url is None
    assert found.demo
    assert found.zone.key == "Asia/Shanghai"


def test_every_variable_may_also_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9090\n")
    (tmp_path / "url").write_text(f"{URL}\n")
    found = settings(tmp_path, PORT_FILE=str(tmp_path / "port"), DATABASE_URL_FILE=str(tmp_path / "url"))
    assert found.port == 9090
    assert found.database_url == URL


def test_a_variable_and_its_file_together_are_refused(tmp_path: Path) -> None:
    assert "HUIYING_PORT" in refusal(tmp_path, PORT="1", PORT_FILE="/nowhere")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    said = refusal(tmp_path, SECRET_KEY_FILE=str(tmp_path / "none"))
    assert said.startswith("HUIYING_SECRET_KEY_FILE")
    assert str(tmp_path / "none") in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "８０８０"),
        ("DEMO", "perhaps"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "postgresql:x"),
        ("REDIS_URL", "http://localhost"),
        ("PUBLIC_URL", "service.example.cn"),
        ("PUBLIC_URL", "http://[broken"),
        ("TIME_ZONE", "Asia/Nowhere"),
        ("TIME_ZONE", "../etc/passwd"),
        ("CONFIG", "/nowhere/accounts.toml"),
    ],
)
def test_a_senseless_value_is_refused_by_the_name_of_its_variable(tmp_path: Path, name: str, value: str) -> None:
    assert f"HUIYING_{name}" in refusal(tmp_path, **{name: value})


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert settings(tmp_path, PORT=" ", DATABASE_URL="").port == 8080


def test_the_demo_is_off_where_the_database_is_the_operators(tmp_path: Path) -> None:
    assert not settings(tmp_path, DATABASE_URL=URL).demo
    assert settings(tmp_path, DATABASE_URL=URL, DEMO="1").demo
    assert not settings(tmp_path, DEMO="0").demo


def test_a_secret_key_is_made_once_and_kept_for_this_account_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = settings(folder)
    assert first.secret_key == settings(folder).secret_key
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert os.listdir(folder) == ["secret.key"]


def test_a_given_secret_key_is_taken_and_nothing_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert settings(folder, SECRET_KEY=KEY).secret_key == KEY
    assert not folder.exists()


def test_with_a_database_of_the_operators_and_other_machines_listening_in_the_secret_key_must_be_set(
    tmp_path: Path,
) -> None:
    assert "HUIYING_SECRET_KEY" in refusal(tmp_path, DATABASE_URL=URL, HOST=EVERYWHERE)
    assert settings(tmp_path, DATABASE_URL=URL, HOST=EVERYWHERE, SECRET_KEY=KEY).secret_key == KEY
    assert settings(tmp_path, DATABASE_URL=URL, HOST="::1").secret_key


def test_a_short_secret_key_is_refused_where_other_machines_listen_in(tmp_path: Path) -> None:
    assert "HUIYING_SECRET_KEY" in refusal(tmp_path, HOST=EVERYWHERE, SECRET_KEY="secret")


def test_a_data_folder_that_cannot_keep_a_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refusal(tmp_path / "file", HOST="127.0.0.1")
    assert "HUIYING_SECRET_KEY" in said
    assert str(tmp_path / "file") in said


@pytest.mark.parametrize(
    ("host", "opened"),
    [(EVERYWHERE, "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("desk.example.cn", "desk.example.cn")],
)
def test_the_address_to_open_names_a_machine(tmp_path: Path, host: str, opened: str) -> None:
    assert settings(tmp_path, HOST=host, SECRET_KEY=KEY).base_url == f"http://{opened}:8080"


def test_as_root_the_data_folder_is_that_of_a_service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert read({"HUIYING_SECRET_KEY": KEY}).data_dir == Path("/var/lib/huiying")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert read({"HUIYING_SECRET_KEY": KEY, "XDG_DATA_HOME": str(tmp_path)}).data_dir == tmp_path / "huiying"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert read({"HUIYING_SECRET_KEY": KEY}).data_dir == tmp_path / ".local" / "share" / "huiying"


def test_demo_accounts_follow_from_the_secret_key(tmp_path: Path) -> None:
    one, again, other = (settings(tmp_path, SECRET_KEY=key).accounts for key in (KEY, KEY, f"{KEY}!"))
    assert one == again
    assert one.wechat["demo"].token != other.wechat["demo"].token
    wechat = one.wechat["demo"]
    assert wechat.mode is Mode.SAFE
    assert len(wechat.encoding_aes_key) == 43
    assert set(one.web) == set(one.app) == set(one.hotline) == {"demo"}


def test_no_secret_shows_in_a_representation_or_in_what_config_prints(tmp_path: Path) -> None:
    found = settings(
        tmp_path, SECRET_KEY=KEY, DATABASE_URL="postgresql://h:hushhush@db/h", REDIS_URL="redis://:hushhush@r/0"
    )
    secrets = (KEY, "hushhush", found.accounts.wechat["demo"].token, found.accounts.hotline["demo"].secret)
    for shown in (repr(found), str(document(found))):
        assert not [secret for secret in secrets if secret in shown]
    assert document(found)["secret_key"] == MASK


def test_menus_and_notices_are_shown_as_they_stand_in_the_file(tmp_path: Path) -> None:
    menu = {"name": "服务", "items": [{"name": "转人工", "choice": "human"}]}
    file = tmp_path / "accounts.toml"
    file.write_text(
        '[wechat.a]\napp_id = "x"\ntoken = "t"\nmode = "plain"\n'
        'survey_notice = { template_id = "t-1", fields = { thing1 = "邀请" } }\n'
        'menu = [{ name = "服务", items = [{ name = "转人工", choice = "human" }] }]',
        encoding="utf-8",
    )
    shown = json.loads(json.dumps(document(settings(tmp_path, CONFIG=str(file)))))["accounts"]["wechat"]["a"]
    assert shown["menu"] == [menu]
    assert shown["survey_notice"] == {"template_id": "t-1", "fields": {"thing1": "邀请"}, "kind": "template"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:s@r/0", f"redis://:{MASK}@r/0"),
        ("postgresql://h@/d?host=/run&password=s", f"postgresql://h@/d?host=/run&password={MASK}"),
        ("unix:///run/redis.sock?db=0", "unix:///run/redis.sock?db=0"),
    ],
)
def test_a_shown_address_has_no_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_trusted_proxies_are_networks(tmp_path: Path) -> None:
    found = read({"HUIYING_DATA_DIR": str(tmp_path), "HUIYING_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8 192.0.2.1"})
    assert [str(network) for network in found.trusted_proxies] == ["10.0.0.0/8", "fd00::/8", "192.0.2.1/32"]
    assert read({"HUIYING_DATA_DIR": str(tmp_path)}).trusted_proxies == ()
    for wrong in ("10.0.0.1/8", "everyone", "10.0.0.0/33"):
        with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
            read({"HUIYING_DATA_DIR": str(tmp_path), "HUIYING_TRUSTED_PROXIES": wrong})


def test_the_file_of_accounts_says_how_answers_are_looked_at_and_which_model_assists(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(
        '[wording]\nblock = ["内部系统"]\nsites = "www.example.cn"\n'
        '[assist]\nbase_url = "https://llm.example.cn/v1"\napi_key = "sk-1"\nmodel = "m"\ntimeout = 3\n',
        encoding="utf-8",
    )
    told = settings(tmp_path, CONFIG=str(file))
    assert (told.workbench.wording.block, told.workbench.wording.sites) == (("内部系统",), ("www.example.cn",))
    assert told.workbench.assist is not None
    assert (told.workbench.assist.model, told.workbench.assist.timeout) == ("m", 3)
    assert "sk-1" not in repr(told)
    shown = document(told)
    assert "sk-1" not in str(shown)
    for wrong in (
        "[assist]\nmodel = 'm'",
        "[assist]\nbase_url='https://a.cn'\nmodel='m'\ntimeout=99",
        "[wording]\nbad=1",
    ):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsError):
            settings(tmp_path, CONFIG=str(file))
