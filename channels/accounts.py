"""Our accounts on the platforms: what each door needs to know of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

WECHAT_API = "https://api.weixin.qq.com"
WECHAT_KF_API = "https://qyapi.weixin.qq.com"
TELEGRAM_API = "https://api.telegram.org"


class Mode(StrEnum):
    """How WeChat sends message bodies to an account."""

    PLAIN = "plain"
    """As they are; the signature does not cover them."""
    COMPATIBLE = "compatible"
    """Both plain and encrypted; only the encrypted part is trusted."""
    SAFE = "safe"
    """Encrypted."""


class NoticeKind(StrEnum):
    """What WeChat calls a message that may go when no other may."""

    TEMPLATE = "template"
    """To every follower, of a template of the account's trade."""
    SUBSCRIPTION = "subscription"
    """To who has asked for messages of this template."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of a fixed form that tells a customer to look at a page."""

    template_id: str
    fields: Mapping[str, str]
    """Texts by the template's own names; ``{text}`` stands for what was said, ``{time}`` for when."""
    kind: NoticeKind = NoticeKind.TEMPLATE


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An item of the menu below the chat: it says something, picks a choice, leads to a page, or opens other items."""

    name: str
    say: str = ""
    """Words that a tap stands for."""
    choice: str = ""
    """The id of a choice that a tap stands for, such as ``human`` or ``faq:<entry>``."""
    key: str = ""
    """A key of the operator's own."""
    url: str = ""
    """A page; with ``app_id``, the one for phones that cannot open mini-programs."""
    app_id: str = ""
    """A mini-program."""
    page: str = ""
    """The page of the mini-program."""
    items: "tuple[MenuItem, ...]" = ()


@dataclass(frozen=True, slots=True)
class WechatAccount:
    """An official account of WeChat."""

    name: str
    app_id: str
    token: str = field(repr=False)
    encoding_aes_key: str = field(default="", repr=False)
    """43 characters of base64; empty only in plain mode."""
    mode: Mode = Mode.SAFE
    app_secret: str = field(default="", repr=False)
    """Empty: the account answers passively only, nothing can be pushed."""
    api_base: str = WECHAT_API
    """Without a slash at the end."""
    menu: tuple[MenuItem, ...] = ()
    reply_notice: Notice | None = None
    """Tells a customer of an agent's answer when no message may be sent any more."""
    survey_notice: Notice | None = None
    """Asks a customer for a score when no message may be sent any more."""


@dataclass(frozen=True, slots=True)
class WechatKfAccount:
    """A WeChat customer-service account of a company (微信客服)."""

    name: str
    corp_id: str
    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    """43 characters of base64."""
    secret: str = field(default="", repr=False)
    api_base: str = WECHAT_KF_API
    """Without a slash at the end."""


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """A bot of Telegram; what is written to it leaves the country."""

    name: str
    bot_token: str = field(repr=False)
    secret_token: str = field(default="", repr=False)
    """What Telegram sends with each update; empty only where the account polls."""
    api_base: str = TELEGRAM_API
    """Without a slash at the end."""
    polling: bool = False
    """Whether we fetch updates instead of being called."""


@dataclass(frozen=True, slots=True)
class WebAccount:
    """A chat on web pages."""

    name: str
    allowed_origins: tuple[str, ...] = ()
    """The sites that may embed it, as browsers write them in ``Origin``; our own pages always may."""
    jwt_secret: str = field(default="", repr=False)
    """Key of the operator's signed identities (HS256); empty: everyone is a stranger."""
    audience: str = ""
    """What such an identity must name as ``aud``."""
    privacy_url: str = ""
    """The operator's privacy notice; where there is one, visitors agree to it before their first message."""
    jwt_former_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Keys that the operator has replaced and still signs with for a while."""
    jwt_public_keys: tuple[str, ...] = ()
    """Ed25519 public keys (PEM) of identities that the operator signs with keys that only it holds (EdDSA)."""


@dataclass(frozen=True, slots=True)
class AppAccount:
    """A chat in the operator's own app."""

    name: str
    jwt_secret: str = field(default="", repr=False)
    """Key of the operator's signed identities (HS256); empty: everyone is a stranger."""
    audience: str = ""
    """What such an identity must name as ``aud``."""
    jwt_former_secrets: tuple[str, ...] = field(default=(), repr=False)
    """Keys that the operator has replaced and still signs with for a while."""
    jwt_public_keys: tuple[str, ...] = ()
    """Ed25519 public keys (PEM) of identities that the operator signs with keys that only it holds (EdDSA)."""
    push_url: str = ""
    """Where we tell that a phone should be woken; empty: nowhere."""
    push_secret: str = field(default="", repr=False)
    """Key of our signatures, as Standard Webhooks writes it: ``whsec_`` and base64."""
    push_private: bool = False
    """Whether ``push_url`` may lead to an address of the operator's own network."""
    push_text: bool = False
    """Whether the beginning of the message goes along; without it only that there is one."""


@dataclass(frozen=True, slots=True)
class HotlineAccount:
    """A telephone platform that reports its calls."""

    name: str
    secret: str = field(repr=False)
    """Key of its signatures, as Standard Webhooks writes it: ``whsec_`` and base64."""
    recording_origins: tuple[str, ...] = ()
    """The sites that recordings may be fetched from, such as ``https://pbx.example.cn``; empty: none are fetched."""
    recording_token: str = field(default="", repr=False)
    """What those sites ask for as a Bearer token, if anything."""


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """A gateway that sends one-time codes as short messages."""

    name: str
    url: str
    """Where each code is posted to."""
    secret: str = field(repr=False)
    """Key of our signatures, as Standard Webhooks writes it: ``whsec_`` and base64."""


@dataclass(frozen=True, slots=True)
class AlertsAccount:
    """A system of the operator that is told of deadlines, where the standard says so."""

    name: str
    url: str
    """Where each alert is posted to."""
    secret: str = field(repr=False)
    """Key of our signatures, as Standard Webhooks writes it: ``whsec_`` and base64."""
    private: bool = False
    """Whether it stands in the operator's own network."""


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """The operator's own CRM."""

    name: str
    url: str
    """Below which customers are found, as ``/customers/{number}``."""
    token: str = field(default="", repr=False)
    """What it asks for as a Bearer token, if anything."""


@dataclass(frozen=True, slots=True)
class BusinessAccount:
    """An interface of the operator that takes requests of business."""

    name: str
    url: str
    """Where each request is posted to."""
    secret: str = field(repr=False)
    """Key of our signatures, as Standard Webhooks writes it: ``whsec_`` and base64."""
    private: bool = False
    """Whether it may be in the operator's own network."""


@dataclass(frozen=True, slots=True)
class OidcAccount:
    """A provider that knows who people at the desk are (OpenID Connect)."""

    name: str
    issuer: str
    """Without a slash at the end."""
    client_id: str
    client_secret: str = field(repr=False)
    label: str = ""
    """What people call it; the name where the operator gives none."""
    second_factor: bool = False
    """Whether it asks for a second factor itself, so that we do not."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """All accounts, by channel and name."""

    wechat: Mapping[str, WechatAccount] = field(default_factory=dict)
    wechat_kf: Mapping[str, WechatKfAccount] = field(default_factory=dict)
    telegram: Mapping[str, TelegramAccount] = field(default_factory=dict)
    web: Mapping[str, WebAccount] = field(default_factory=dict)
    app: Mapping[str, AppAccount] = field(default_factory=dict)
    hotline: Mapping[str, HotlineAccount] = field(default_factory=dict)
    sms: Mapping[str, SmsAccount] = field(default_factory=dict)
    """One at the most."""
    business: Mapping[str, BusinessAccount] = field(default_factory=dict)
    crm: Mapping[str, CrmAccount] = field(default_factory=dict)
    """One at the most."""
    alerts: Mapping[str, AlertsAccount] = field(default_factory=dict)
    """One at the most."""
    oidc: Mapping[str, OidcAccount] = field(default_factory=dict)
