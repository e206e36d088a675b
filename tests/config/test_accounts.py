"""The file of channel accounts: what it may say, and how a mistake is named."""

import pytest

from bot.config.accounts import parse
from bot.config.table import AccountsError
from channels.accounts import Mode, Notice, NoticeKind, TelegramAccount, WebAccount

pytestmark = pytest.mark.pure

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA"

ED25519 = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
"""

FULL = f"""
[wechat.main]
app_id = "wx1"
app_secret = "env:WX_SECRET"
token = "t"
encoding_aes_key = "{AES_KEY}"
mode = "compatible"
api_base = "http://127.0.0.1:9000/"

[wechat.old]
app_id = "wx2"
token = "t"
mode = "plain"

[wechat_kf.main]
corp_id = "ww1"
secret = "s"
token = "t"
encoding_aes_key = "{AES_KEY}"

[telegram.main]
bot_token = "1:a"
secret_token = "s"

[telegram.polled]
bot_token = "1:a"
polling = true

[web.site]
allowed_origins = ["https://www.example.cn", "http://localhost:3000"]
jwt_secret = "j"
audience = "site"

[app.ios]

[hotline.main]
secret = "whsec_c2VjcmV0"
"""


def refusal(text: str, **environ: str) -> str:
    with pytest.raises(AccountsError) as caught:
        parse(text, file="accounts.toml", environ=environ)
    return str(caught.value)


def test_every_channel_has_accounts_by_name() -> None:
    found = parse(FULL, file="accounts.toml", environ={"WX_SECRET": "from outside"})
    main = found.wechat["main"]
    assert (main.app_secret, main.mode, main.api_base) == ("from outside", Mode.COMPATIBLE, "http://127.0.0.1:9000")
    assert found.wechat["old"].mode is Mode.PLAIN
    assert found.wechat_kf["main"].api_base == "https://qyapi.weixin.qq.com"
    assert found.telegram["polled"] == TelegramAccount("polled", "1:a", polling=True)
    assert found.web["site"] == WebAccount("site", ("https://www.example.cn", "http://localhost:3000"), "j", "site")
    assert found.app["ios"].jwt_secret == ""
    assert found.hotline["main"].secret == "whsec_c2VjcmV0"


def test_a_list_of_secrets_holds_the_present_one_first() -> None:
    text = f'[app.a]\naudience = "a"\njwt_secret = ["new", "env:OLD"]\njwt_public_key = """{ED25519}"""'
    account = parse(text, file="accounts.toml", environ={"OLD": "old"}).app["a"]
    assert (account.jwt_secret, account.jwt_former_secrets, account.jwt_public_keys) == ("new", ("old",), (ED25519,))


def test_an_empty_file_has_no_accounts() -> None:
    assert not parse("", file="accounts.toml", environ={}).web


@pytest.mark.parametrize(
    ("text", "table", "key"),
    [
        ('[wechat.a]\ntoken = "t"', "[wechat.a]", "app_id"),
        ('[wechat.a]\napp_id = "x"\ntoken = ""', "[wechat.a]", "token"),
        ('[wechat.a]\napp_id = 1\ntoken = "t"', "[wechat.a]", "app_id"),
        ('[wechat.a]\napp_id = "x"\ntoken = "t"', "[wechat.a]", "encoding_aes_key"),
        ('[wechat.a]\napp_id = "x"\ntoken = "t"\nencoding_aes_key = "short"', "[wechat.a]", "encoding_aes_key"),
        ('[wechat.a]\napp_id = "x"\ntoken = "t"\nmode = "open"', "[wechat.a]", "mode"),
        ('[wechat.a]\napp_id = "x"\ntoken = "t"\nmode = "plain"\napi_base = "x"', "[wechat.a]", "api_base"),
        ('[wechat.a]\napp_id = "x"\ntoken = "t"\nmode = "plain"\nappid = "x"', "[wechat.a]", "appid"),
        ('[wechat.a]\napp_id = "env:NONE"\ntoken = "t"', "[wechat.a]", "NONE"),
        ('[telegram.a]\nbot_token = "1:a"', "[telegram.a]", "secret_token"),
        ('[telegram.a]\nbot_token = "1:a"\npolling = "yes"', "[telegram.a]", "polling"),
        ('[web.a]\nallowed_origins = "https://a.cn"', "[web.a]", "allowed_origins"),
        ('[web.a]\nallowed_origins = ["*"]', "[web.a]", "allowed_origins"),
        ('[web.a]\nallowed_origins = ["https://a.cn/"]', "[web.a]", "https://a.cn/"),
        ('[web.a]\nallowed_origins = ["https://A.cn"]', "[web.a]", "https://A.cn"),
        ('[web.a]\njwt_secret = "j"', "[web.a]", "audience"),
        ('[app.a]\naudience = "a"\njwt_secret = ["j", ""]', "[app.a]", "jwt_secret"),
        ('[app.a]\naudience = "a"\njwt_secret = 5', "[app.a]", "jwt_secret"),
        ('[app.a]\naudience = "a"\njwt_public_key = "j"', "[app.a]", "jwt_public_key"),
        (f'[app.a]\njwt_public_key = """{ED25519}"""', "[app.a]", "audience"),
        ('[app.a]\npush_url = "https://a.cn"', "[app.a]", "push_secret"),
        ('[app.a]\npush_url = "a.cn"\npush_secret = "whsec_c2VjcmV0"', "[app.a]", "push_url"),
        ('[app.a]\npush_url = "https://a.cn"\npush_secret = "?"', "[app.a]", "push_secret"),
        ('[sms.a]\nurl = "https://a.cn"\nsecret = "?"', "[sms.a]", "secret"),
        ('[alerts.a]\nsecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"', "[alerts.a]", "url"),
        ("[crm.a]", "[crm.a]", "url"),
        ('[oidc.a]\nissuer = "http://id.example.cn"\nclient_id = "c"\nclient_secret = "s"', "[oidc.a]", "issuer"),
        ('[oidc.a]\nissuer = "https://id.example.cn?x=1"\nclient_id = "c"\nclient_secret = "s"', "[oidc.a]", "issuer"),
        ('[oidc.a]\nissuer = "https://id.example.cn"\nclient_secret = "s"', "[oidc.a]", "client_id"),
        ('[crm.a]\nurl = "https://a.cn"\n[crm.b]\nurl = "https://b.cn"', "[crm.b]", "one CRM"),
        ("[hotline.a]", "[hotline.a]", "secret"),
        ('["web"."a/b"]', "[web.a/b]", "named"),
        ("[web]\na = 1", "[web.a]", "table"),
        ("[fax.a]", "[fax]", "wechat"),
        ("web = 1", "web", "tables"),
        ("[web.a]\na = ?", "accounts.toml", "line 2"),
    ],
)
def test_a_mistake_is_named_by_file_table_and_key(text: str, table: str, key: str) -> None:
    said = refusal(text)
    assert said.startswith("accounts.toml")
    assert table in said
    assert key in said


def test_secrets_do_not_show_in_an_accounts_representation() -> None:
    found = parse(FULL.replace('"j"', '"hushhush"'), file="accounts.toml", environ={"WX_SECRET": "hushhush"})
    assert "hushhush" not in repr(found)


NOTICE = """
[wechat.main]
app_id = "wx1"
token = "t"
mode = "plain"

[wechat.main.survey_notice]
template_id = "t-survey"
kind = "subscription"
fields = { thing1 = "邀请您评价服务", time2 = "{time}" }
"""


def test_a_notice_names_its_template_and_what_stands_in_its_fields() -> None:
    account = parse(NOTICE, file="accounts.toml", environ={}).wechat["main"]
    assert account.reply_notice is None
    assert account.survey_notice == Notice(
        "t-survey", {"thing1": "邀请您评价服务", "time2": "{time}"}, NoticeKind.SUBSCRIPTION
    )


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('kind = "subscription"', 'kind = "letter"'),
        ('template_id = "t-survey"', ""),
        ('fields = { thing1 = "邀请您评价服务", time2 = "{time}" }', ""),
        ('fields = { thing1 = "邀请您评价服务", time2 = "{time}" }', "fields = {}"),
        ('kind = "subscription"', 'colour = "red"'),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(written: str, instead: str) -> None:
    with pytest.raises(AccountsError, match="survey_notice"):
        parse(NOTICE.replace(written, instead), file="accounts.toml", environ={})
