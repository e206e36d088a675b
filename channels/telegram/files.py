"""Fetches the files that customers sent; Telegram keeps them and hands out those of 20 MB at most."""

import aiohttp
from telegram import Bot
from telegram.error import TelegramError

from channels.door import Fetched, TryAgain, Undeliverable
from channels.telegram.verdicts import http_verdict, verdict
from router.events import Media

MOST_BYTES = 20 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5, sock_connect=5, sock_read=15)


async def fetch(bot: Bot, session: aiohttp.ClientSession, media: Media) -> Fetched:
    """Get the bytes of a file.

    Raises:
        TryAgain: not handed out now.
        Undeliverable: too large, unknown to Telegram, or offered from another place than Telegram's own.
    """
    if (media.size or 0) > MOST_BYTES:
        raise Undeliverable("file_too_big")
    try:
        file = await bot.get_file(media.ref)
    except TelegramError as error:
        raise verdict(error) from None
    url = file.file_path or ""
    if not url.startswith(f"{bot.base_file_url}/"):
        raise Undeliverable("file_elsewhere")
    return Fetched(await _download(session, url), media.name or url.rpartition("/")[2], media.type)


async def _download(session: aiohttp.ClientSession, url: str) -> bytes:
    """The causes of failures are cut off, because their texts hold the URL and with it the bot's token."""
    content = bytearray()
    try:
        async with session.get(url, timeout=TIMEOUT, allow_redirects=False) as response:
            if response.status != 200:
                raise http_verdict(response.status)
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise Undeliverable("file_too_big")
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise TryAgain("broken_off") from None
    return bytes(content)
