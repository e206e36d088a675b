"""Files both ways: what customers sent is fetched from WeChat, what we send is uploaded for three days first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct

from channels.accounts import WechatAccount
from channels.door import Attachment, Fetched, Files, TryAgain, Undeliverable
from channels.wechat.calls.api import MEDIA_PATH, UPLOAD_PATH, Api
from channels.wechat.calls.wire import Content, call

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
"""Bytes of a file that we take in."""
FETCH = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3)
KEPT = timedelta(days=3) - timedelta(hours=1)
"""How long WeChat keeps what was uploaded, less a margin."""
MOST_REMEMBERED = 2_000
HOSTS = (".qq.com", ".weixin.qq.com", ".qpic.cn")
"""Where WeChat keeps videos."""


class Form(Struct, frozen=True):
    """What WeChat calls a kind of file, and how large it may be (developers.weixin.qq.com: temporary media)."""

    name: str
    most: int
    """Bytes."""
    ending: str


FORMS: dict[str, Form] = {
    "image/jpeg": Form("image", 10 * MEGABYTE, "jpg"),
    "image/png": Form("image", 10 * MEGABYTE, "png"),
    "image/gif": Form("image", 10 * MEGABYTE, "gif"),
    "image/bmp": Form("image", 10 * MEGABYTE, "bmp"),
    "audio/amr": Form("voice", 2 * MEGABYTE, "amr"),
    "audio/mpeg": Form("voice", 2 * MEGABYTE, "mp3"),
    "video/mp4": Form("video", 10 * MEGABYTE, "mp4"),
}
"""By MIME type; other files have no way to a customer of an official account."""


class Uploads:
    """Uploads files of ours, each once as long as WeChat keeps it.

    Args:
        api: carries the uploads.
        files: our storage; None where the process sends no files.
        clock: the time (aware).
    """

    def __init__(self, api: Api, files: Files | None, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._files = files
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def media_id(self, account: WechatAccount, attachment: Attachment) -> str:
        """The id under which WeChat has a file.

        Raises:
            TryAgain: not uploaded now.
            Undeliverable: the file is gone, too large, or of a type that WeChat does not take.
        """
        form = form_of(attachment)
        known = self._known.get((account.app_id, attachment.id))
        if known is not None and self._clock() < known[1]:
            return known[0]
        content = await self._read(attachment)

        def body() -> aiohttp.FormData:
            data = aiohttp.FormData()
            name = f"{attachment.id}.{form.ending}"
            data.add_field("media", content, filename=name, content_type=attachment.type)
            return data

        answer = (await self._api.ask(account, UPLOAD_PATH, body, type=form.name)).answer()
        if answer is None or not answer.media_id:
            raise TryAgain("upload_unanswered")
        self._remember((account.app_id, attachment.id), answer.media_id)
        return answer.media_id

    def forget(self, account: WechatAccount, attachment: Attachment) -> bool:
        """WeChat does not know the id any more; False where it was new all the same."""
        return self._known.pop((account.app_id, attachment.id), None) is not None

    async def _read(self, attachment: Attachment) -> bytes:
        if self._files is None:
            raise Undeliverable("no_storage")
        try:
            return await self._files.read(attachment.id)
        except KeyError:
            raise Undeliverable("file_gone") from None
        except OSError:
            raise TryAgain("storage_away") from None

    def _remember(self, key: tuple[str, str], media_id: str) -> None:
        self._known[key] = (media_id, self._clock() + KEPT)
        while len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]


def form_of(attachment: Attachment) -> Form:
    """What WeChat calls this file. Raises: Undeliverable where it takes none of its type or size."""
    form = FORMS.get(attachment.type)
    if form is None:
        raise Undeliverable("file_type")
    if attachment.size > form.most:
        raise Undeliverable("file_too_large")
    return form


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
