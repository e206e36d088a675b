"""Fetches recordings from where a telephone system keeps them, and from nowhere else."""

from urllib.parse import urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from channels.accounts import HotlineAccount
from channels.door import Fetched, TryAgain, Undeliverable
from router.events import Media

WITHIN = 60.0
"""Seconds for one recording."""
LARGEST = 50 * 1024 * 1024
"""Bytes of one recording; an hour of telephone speech as MP3 has half of them."""
LATER = frozenset({404, 408, 425, 429, 500, 502, 503, 504})
"""Statuses after which a later try may succeed: a recording may be announced before it can be read."""


async def fetch(session: ClientSession, account: HotlineAccount, media: Media) -> Fetched:
    """Get a recording, without following redirects: only the listed sites may be asked.

    Raises:
        TryAgain: not handed out now.
        Undeliverable: refused, too large, or on a site that the account does not list.
    """
    parts = urlsplit(media.ref)
    if f"{parts.scheme}://{parts.netloc}".lower() not in account.recording_origins:
        raise Undeliverable("origin_not_listed")
    headers = {"Authorization": f"Bearer {account.recording_token}"} if account.recording_token else {}
    timeout = ClientTimeout(total=WITHIN, connect=5)
    try:
        async with session.get(media.ref, headers=headers, allow_redirects=False, timeout=timeout) as response:
            return await _read(response)
    except (TimeoutError, ClientError) as error:
        raise TryAgain(type(error).__name__) from None


async def _read(response: ClientResponse) -> Fetched:
    if response.status in LATER:
        raise TryAgain(f"http_{response.status}")
    if response.status != 200:
        raise Undeliverable(f"http_{response.status}")
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > LARGEST:
            raise Undeliverable("too_large")
    return Fetched(bytes(content), name=_name(response.url.path), type=response.content_type)


def _name(path: str) -> str:
    return path.rpartition("/")[2][:100]
