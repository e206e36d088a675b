"""Which sites may speak to the door: an exact list and our own pages; a client that is no browser sends no Origin."""

from urllib.parse import urlsplit

from aiohttp import web

from channels.accounts import AppAccount, WebAccount
from channels.door import Malformed


def require_origin(request: web.Request, account: WebAccount | AppAccount, public_url: str) -> str | None:
    """The request's Origin, where it has one and the account knows it.

    Raises:
        Malformed: with status 403 for the Origin of somebody else.
    """
    origins = request.headers.getall("Origin", [])
    if not origins:
        return None
    if len(origins) == 1 and (origins[0] in listed_origins(account) or _is_ours(origins[0], request.host, public_url)):
        return origins[0]
    raise Malformed("origin_unknown", status=403)


def listed_origins(account: WebAccount | AppAccount) -> tuple[str, ...]:
    """The sites that the account lists; an app has none."""
    return account.allowed_origins if isinstance(account, WebAccount) else ()


def _is_ours(origin: str, host: str, public_url: str) -> bool:
    if public_url and origin == origin_of(public_url):
        return True
    return origin in (f"http://{host}", f"https://{host}")


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as a browser writes them in ``Origin``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
