"""Addresses under which a contact may read a file for a while, without a token that a picture's tag cannot carry."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime

from channels.door import Address

VALID = 3600
"""Seconds for which an address works at least."""
STEP = 300
"""Seconds for which it stays the same, so that a page that is drawn again need not fetch again."""


class Links:
    """Makes and checks signed addresses; each is good for one file and one contact.

    Args:
        secret_key: the house's own.
        clock: the time (aware, UTC).
        public_url: our own address as browsers see it, or empty where paths alone will do.
    """

    def __init__(self, secret_key: str, clock: Callable[[], datetime], public_url: str = "") -> None:
        self._key = secret_key.encode()
        self._clock = clock
        self._public_url = public_url

    def url(self, reader: Address, file_id: str) -> str:
        """Where this contact may read this file."""
        expires = (int(self._clock().timestamp()) // STEP + 1) * STEP + VALID
        path = f"{self._public_url}/channels/{reader.channel}/{reader.account}/files/{file_id}"
        return f"{path}?expires={expires}&signature={self._sign(reader, file_id, str(expires))}"

    def opens(self, reader: Address, file_id: str, *, expires: str, signature: str) -> bool:
        """Whether an address was made by us for this contact and file, and not too long ago."""
        signed = self._sign(reader, file_id, expires)
        if not hmac.compare_digest(signed.encode(), signature.encode("utf-8", "replace")):
            return False
        return self._clock().timestamp() < int(expires)

    def _sign(self, reader: Address, file_id: str, expires: str) -> str:
        told = "\0".join(["file", *reader, file_id, expires]).encode("utf-8", "replace")
        digest = hmac.digest(self._key, told, hashlib.sha256)
        return urlsafe_b64encode(digest).decode().rstrip("=")
