"""The channel accounts: read from a TOML file, or made up for the demo."""

import base64
import hashlib
import hmac
import tomllib
from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.config.menu import menu
from bot.config.table import AccountsError, Table, is_name
from channels.accounts import (
    TELEGRAM_API,
    WECHAT_API,
    WECHAT_KF_API,
    Accounts,
    AppAccount,
    HotlineAccount,
    Mode,
    Notice,
    NoticeKind,
    SmsAccount,
    TelegramAccount,
    WebAccount,
    WechatAccount,
    WechatKfAccount,
)
from channels.hotline.signature import key_of

DEMO = "demo"
_CHANNELS = ("wechat", "wechat_kf", "telegram", "web", "app", "hotline", "sms")

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
        if channel not in _CHANNELS:
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
    return Accounts(
        wechat=read("wechat", _wechat),
        wechat_kf=read("wechat_kf", _wechat_kf),
        telegram=read("telegram", _telegram),
        web=read("web", _web),
        app=read("app", _app),
        hotline=read("hotline", _hotline),
        sms=gateways,
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
    jwt_secret, audience = _identities(table)
    return WebAccount(
        name=name,
        allowed_origins=table.origins("allowed_origins"),
        jwt_secret=jwt_secret,
        audience=audience,
        privacy_url=table.address("privacy_url", ""),
    )


def _app(name: str, table: Table) -> AppAccount:
    jwt_secret, audience = _identities(table)
    return AppAccount(name, jwt_secret=jwt_secret, audience=audience)


def _identities(table: Table) -> tuple[str, str]:
    jwt_secret, audience = table.text("jwt_secret", ""), table.text("audience", "")
    if jwt_secret and not audience:
        raise table.wrong("audience", "is missing; a signed identity must name it as aud")
    return jwt_secret, audience


def _hotline(name: str, table: Table) -> HotlineAccount:
    account = HotlineAccount(
        name=name,
        secret=table.text("secret"),
        recording_origins=table.origins("recording_origins"),
        recording_token=table.text("recording_token", ""),
    )
    try:
        key_of(account.secret)
    except ValueError as error:
        raise table.wrong("secret", f"is unreadable; {error}") from None
    return account


def _sms(name: str, table: Table) -> SmsAccount:
    url, secret = table.address("url", ""), table.text("secret")
    if not url:
        raise table.wrong("url", "is missing")
    try:
        key_of(secret)
    except ValueError as error:
        raise table.wrong("secret", f"does not hold: {error}") from None
    return SmsAccount(name, url, secret)


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
