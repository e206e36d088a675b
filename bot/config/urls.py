"""Addresses of servers, put together without losing the slashes of those that name no machine."""

from urllib.parse import SplitResult


def joined(parts: SplitResult) -> str:
    """The URL of these parts; ``urlunsplit`` would make ``unix:/run`` of ``unix:///run``."""
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}{query}{fragment}"
