"""Addresses of servers, put together without losing the slashes of those that name no machine."""

from urllib.parse import SplitResult, urlsplit

HERE = ("127.0.0.1", "::1", "localhost")


def joined(parts: SplitResult) -> str:
    """The URL of these parts; ``urlunsplit`` would make ``unix:/run`` of ``unix:///run``."""
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}{fragment}"


def is_safe(url: str) -> bool:
    """Whether nobody on the way can read along: https, or http that does not leave this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE))
