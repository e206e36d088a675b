"""The channel accounts: read from a TOML file, or made up for the demo."""

import base64
import hashlib
import hmac
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import NamedTuple, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.config.menu import menu
from bot.config.table import AccountsError, Table, is_name
from bot.config.workbench import TABLES
from channels.accounts import (
    TELEGRAM_API,
    WECHAT_API,
    WECHAT_KF_API,
    Accounts,
    AlertsAccount,
    AppAccount,
    BusinessAccount,
    CrmAccount,
    HotlineAccount,
    Mode,
    Notice,
    NoticeKind,
    OidcAccount,
    SmsAccount,
    TelegramAccount,
    WebAccount,
    WechatAccount,
    WechatKfAccount,
)

DEMO = "demo"
_CHANNELS = tuple(one.name for one in fields(Accounts))

T = TypeVar("T")


def parse(text: str, *, file: str, environ: Mapping[str, str]) -> Accounts:
    """Read channel accounts from TOML.

    Args:
        text: the file's content.
        file: its name, for messages.
        environ: where values such as ``env:NAME`` are looked up.

    Raises:
        AccountsError: no TOML, an unknown channel or key, a missing or senseless value.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AccountsError(f"{file}: {error}") from error
    for channel in document:
        if channel not in _CHANNELS and channel not in TABLES:
            raise AccountsError(f"{file}: [{channel}] is no channel; known are {', '.join(_CHANNELS)}")

    def read(channel: str, build: Callable[[str, Table], T]) -> Mapping[str, T]:
        tables = document.get(channel, {})
        if not isinstance(tables, dict):
            raise AccountsError(f"{file}: {channel} must hold tables such as [{channel}.main]")
        return {name: _account(name, values, channel, build) for name, values in tables.items()}

    def _account(name: str, values: object, channel: str, build: Callable[[str, Table], T]) -> T:
        where = f"{file}: [{channel}.{name}]"
        if not isinstance(values, dict) or not is_name(name):
            raise AccountsError(f"{where}: must be a table named with letters, digits, - and _ (64 at most)")
        table = Table(values, where=where, environ=environ)
        return table.finish(build(name, table))

    gateways = read("sms", _sms)
    if len(gateways) > 1:
        raise AccountsError(f"{file}: [sms.{list(gateways)[1]}] is one too many; one gateway sends all codes")
    crms = read("crm", _crm)
    if len(crms) > 1:
        raise AccountsError(f"{file}: [crm.{list(crms)[1]}] is one too many; one CRM knows all customers")
    told = read("alerts", _alerts)
    if len(told) > 1:
        raise AccountsError(f"{file}: [alerts.{list(told)[1]}] is one too many; one system is told of all alerts")
    return Accounts(
        wechat=read("wechat", _wechat),
        wechat_kf=read("wechat_kf", _wechat_kf),
        telegram=read("telegram", _telegram),
        web=read("web", _web),
        app=read("app", _app),
        hotline=read("hotline", _hotline),
        sms=gateways,
        alerts=told,
        crm=crms,
        business=read("business", _business),
        oidc=read("oidc", _oidc),
    )


def _wechat(name: str, table: Table) -> WechatAccount:
    account = WechatAccount(
        name=name,
        app_id=table.text("app_id"),
        token=table.text("token"),
        encoding_aes_key=table.aes_key("encoding_aes_key", ""),
        mode=table.mode("mode"),
        app_secret=table.text("app_secret", ""),
        api_base=table.address("api_base", WECHAT_API),
        menu=menu(table, "menu"),
        reply_notice=_notice(table, "reply_notice"),
        survey_notice=_notice(table, "survey_notice"),
    )
    if account.mode is not Mode.PLAIN and not account.encoding_aes_key:
        raise table.wrong("encoding_aes_key", f"is missing; the mode {account.mode} needs it")
    return account


def _notice(table: Table, key: str) -> Notice | None:
    inner = table.inner(key)
    if inner is None:
        return None
    kind = inner.text("kind", NoticeKind.TEMPLATE.value)
    if kind not in list(NoticeKind):
        raise inner.wrong("kind", f"is {kind!r}, it must be one of {', '.join(NoticeKind)}")
    fields = inner.inner("fields")
    if fields is None:
        raise inner.wrong("fields", "is missing; it holds the template's fields with their texts")
    return inner.finish(Notice(inner.text("template_id"), fields.rest(), NoticeKind(kind)))


def _wechat_kf(name: str, table: Table) -> WechatKfAccount:
    return WechatKfAccount(
        name=name,
        corp_id=table.text("corp_id"),
        token=table.text("token"),
        encoding_aes_key=table.aes_key("encoding_aes_key"),
        secret=table.text("secret", ""),
        api_base=table.address("api_base", WECHAT_KF_API),
    )


def _telegram(name: str, table: Table) -> TelegramAccount:
    account = TelegramAccount(
        name=name,
        bot_token=table.text("bot_token"),
        secret_token=table.text("secret_token", ""),
        api_base=table.address("api_base", TELEGRAM_API),
        polling=table.flag("polling"),
    )
    if not account.polling and not account.secret_token:
        raise table.wrong("secret_token", "is missing; without polling, updates are known by it")
    return account


def _web(name: str, table: Table) -> WebAccount:
    keys = _keys(table)
    return WebAccount(
        name=name,
        allowed_origins=table.origins("allowed_origins"),
        jwt_secret=keys.secret,
        audience=keys.audience,
        privacy_url=table.address("privacy_url", ""),
        jwt_former_secrets=keys.former,
        jwt_public_keys=keys.public,
    )


def _app(name: str, table: Table) -> AppAccount:
    keys = _keys(table)
    account = AppAccount(
        name=name,
        jwt_secret=keys.secret,
        audience=keys.audience,
        jwt_former_secrets=keys.former,
        jwt_public_keys=keys.public,
        push_url=table.address("push_url", ""),
        push_secret=table.webhook_secret("push_secret", ""),
        push_private=table.flag("push_private"),
        push_text=table.flag("push_text"),
    )
    if account.push_url and not account.push_secret:
        raise table.wrong("push_secret", "is missing; what we post to push_url is signed with it")
    return account


class _Keys(NamedTuple):
    """How an account knows the operator's signed identities."""

    secret: str
    former: tuple[str, ...]
    public: tuple[str, ...]
    audience: str


def _keys(table: Table) -> _Keys:
    secrets, public = table.one_or_more("jwt_secret"), table.one_or_more("jwt_public_key")
    audience = table.text("audience", "")
    if (secrets or public) and not audience:
        raise table.wrong("audience", "is missing; a signed identity must name it as aud")
    if not all(map(_is_ed25519, public)):
        raise table.wrong("jwt_public_key", "must be an Ed25519 public key in PEM, or a list of such keys")
    return _Keys(secrets[0] if secrets else "", secrets[1:], public, audience)


def _is_ed25519(pem: str) -> bool:
    try:
        return isinstance(load_pem_public_key(pem.encode()), Ed25519PublicKey)
    except (ValueError, UnsupportedAlgorithm):
        return False


def _hotline(name: str, table: Table) -> HotlineAccount:
    return HotlineAccount(
        name=name,
        secret=table.webhook_secret("secret"),
        recording_origins=table.origins("recording_origins"),
        recording_token=table.text("recording_token", ""),
    )


def _sms(name: str, table: Table) -> SmsAccount:
    url = table.address("url", "")
    if not url:
        raise table.wrong("url", "is missing")
    return SmsAccount(name, url, table.webhook_secret("secret"))


def _alerts(name: str, table: Table) -> AlertsAccount:
    url = table.address("url", "")
    if not url:
        raise table.wrong("url", "is missing")
    return AlertsAccount(name, url, table.webhook_secret("secret"), private=table.flag("private"))


def _crm(name: str, table: Table) -> CrmAccount:
    url = table.address("url", "")
    if not url:
        raise table.wrong("url", "is missing")
    return CrmAccount(name, url, table.text("token", ""))


def _business(name: str, table: Table) -> BusinessAccount:
    url = table.address("url", "")
    if not url:
        raise table.wrong("url", "is missing")
    return BusinessAccount(name, url, table.webhook_secret("secret"), table.flag("private"))


def _oidc(name: str, table: Table) -> OidcAccount:
    return OidcAccount(
        name=name,
        issuer=table.issuer("issuer"),
        client_id=table.text("client_id"),
        client_secret=table.text("client_secret"),
        label=table.text("label", name),
        second_factor=table.flag("second_factor"),
    )


def demo(secret_key: str) -> Accounts:
    """Accounts named ``demo`` whose secrets follow from the secret key, so that all processes know the same.

    The one of WeChat has no app_secret: nothing is pushed to WeChat's servers.
    """
    return Accounts(
        wechat={
            DEMO: WechatAccount(
                name=DEMO,
                app_id=f"wx{_derived(secret_key, 'wechat.app_id').hex()[:16]}",
                token=_derived(secret_key, "wechat.token").hex(),
                encoding_aes_key=base64.b64encode(_derived(secret_key, "wechat.encoding_aes_key")).decode()[:43],
            )
        },
        web={DEMO: WebAccount(DEMO, jwt_secret=_derived(secret_key, "web.jwt").hex(), audience="huiying-web")},
        app={DEMO: AppAccount(DEMO, jwt_secret=_derived(secret_key, "app.jwt").hex(), audience="huiying-app")},
        hotline={
            DEMO: HotlineAccount(
                DEMO, secret=f"whsec_{base64.b64encode(_derived(secret_key, 'hotline.secret')).decode()}"
            )
        },
    )


def _derived(secret_key: str, purpose: str) -> bytes:
    """32 bytes that follow from the secret key and tell nothing about it."""
    return hmac.digest(secret_key.encode(), f"huiying.demo.{purpose}".encode(), hashlib.sha256)
