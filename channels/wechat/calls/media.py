"""Files both ways: what customers sent is fetched from WeChat, what we send is uploaded for three days first."""

from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from channels.accounts import WechatAccount
from channels.door import Fetched, TryAgain, Undeliverable
from channels.wechat.calls.api import MEDIA_PATH, UPLOAD_PATH, Api
from channels.weixin.files import MEGABYTE, Form, Forms
from channels.weixin.wire import Content, call

LARGEST = 10 * MEGABYTE
"""Bytes of a file that we take in."""
FETCH = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3)
HOSTS = (".qq.com", ".weixin.qq.com", ".qpic.cn")
"""Where WeChat keeps videos."""
FORMS = Forms({
    "image/jpeg": Form("image", 10 * MEGABYTE, "jpg"),
    "image/png": Form("image", 10 * MEGABYTE, "png"),
    "image/gif": Form("image", 10 * MEGABYTE, "gif"),
    "image/bmp": Form("image", 10 * MEGABYTE, "bmp"),
    "audio/amr": Form("voice", 2 * MEGABYTE, "amr"),
    "audio/mpeg": Form("voice", 2 * MEGABYTE, "mp3"),
    "video/mp4": Form("video", 10 * MEGABYTE, "mp4"),
})  # fmt: skip
"""Temporary media (developers.weixin.qq.com); other files have no way to a customer of an official account."""


async def upload(api: Api, account: WechatAccount, form: str, body: Callable[[], aiohttp.FormData]) -> Content:
    """Upload a file. Raises: TryAgain, Undeliverable."""
    return await api.ask(account, UPLOAD_PATH, body, type=form)


async def fetch(api: Api, account: WechatAccount, media_id: str) -> Fetched:
    """Get the bytes of a customer's file.

    Raises:
        TryAgain: not now.
        Undeliverable: expired, too large, or kept where WeChat keeps nothing.
    """
    if not media_id:
        raise Undeliverable("media_id_missing")
    content = await api.ask(account, MEDIA_PATH, most=LARGEST, media_id=media_id)
    answer = content.answer() if content.body.startswith(b"{") else None
    if answer is not None and answer.video_url:
        content = await _video(api, account, answer.video_url)
    elif answer is not None and answer.errcode is not None:
        raise TryAgain("media_unreadable")
    if not content.body:
        raise TryAgain("media_empty")
    return Fetched(content.body, content.name, content.type)


async def _video(api: Api, account: WechatAccount, url: str) -> Content:
    """Videos lie on other hosts of WeChat; the token does not travel there."""
    if not _is_wechats(url, account):
        raise Undeliverable("host_foreign")
    try:
        return await call(api.session, url, query={}, within=FETCH, most=LARGEST)
    except TryAgain as error:
        raise TryAgain(error.reason, after=error.after) from None


def _is_wechats(url: str, account: WechatAccount) -> bool:
    """Whether an address leads to WeChat, or to the stand-in for it that the account names."""
    try:
        parts = urlsplit(url)
        own = urlsplit(account.api_base)
        if parts.username is not None or parts.password is not None:
            return False
        if parts.port in (None, 80, 443):
            host = (parts.hostname or "").rstrip(".")
            if parts.scheme in ("https", "http") and host.endswith(HOSTS):
                return True
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
