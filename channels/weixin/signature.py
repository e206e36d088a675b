"""Who sent a request: SHA-1 over the sorted token, timestamp, nonce and, where bodies are encrypted, the ciphertext."""

from hashlib import sha1
from hmac import compare_digest
from urllib.parse import unquote_plus

from channels.door import Malformed

FRESH_SECONDS = 300
LONGEST_NONCE = 128


def parameters(query: str) -> dict[str, str]:
    """Read a raw query string.

    Raises:
        Malformed: a parameter comes twice, so that two readers could differ.
    """
    found: dict[str, str] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in found:
            raise Malformed("parameter_twice", status=403)
        found[name] = unquote_plus(value) if "%" in value or "+" in value else value
    return found


def sign(*parts: str) -> str:
    """WeChat's signature: 40 lower-case hexadecimal digits."""
    return sha1("".join(sorted(parts)).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def require(given: str, *parts: str) -> None:
    """Let only the holder of the token pass.

    Raises:
        Malformed: the signature is another one.
    """
    if not compare_digest(sign(*parts).encode(), given.encode("utf-8", "replace")):
        raise Malformed("signature_wrong", status=403)


def require_fresh(timestamp: str, nonce: str, now: float) -> None:
    """Let only requests of the last minutes pass.

    The signed text runs timestamp and nonce together. Ten digits without a leading zero leave one way to part them.

    Args:
        timestamp: seconds since 1970, as sent.
        nonce: as sent.
        now: seconds since 1970.

    Raises:
        Malformed: the request is old, from the future, or not dated.
    """
    if len(timestamp) != 10 or not (timestamp.isascii() and timestamp.isdigit()) or timestamp[0] == "0":
        raise Malformed("timestamp_unreadable", status=403)
    if not -FRESH_SECONDS <= int(timestamp) - now <= FRESH_SECONDS:
        raise Malformed("timestamp_stale", status=403)
    if not 0 < len(nonce) <= LONGEST_NONCE:
        raise Malformed("nonce_unreadable", status=403)
