"""The vault keeps what must not be read from a copy of the database: secrets sealed, recovery codes as hashes.

Both hang on keys that follow from the secret key, and on whose they are: a sealed secret that is moved to another
account opens nothing there.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes of an AES-GCM nonce, which stands before what it seals."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens.

    Args:
        secret_key: the operator's secret; with another one, nothing that was sealed before can be opened.
        purpose: what is kept; nothing that was sealed for one purpose opens for another.
    """

    secret_key: str = field(repr=False)
    purpose: str = "second_factor"

    def seal(self, agent_id: int, secret: bytes) -> bytes:
        """A secret as it is stored."""
        nonce = token_bytes(NONCE)
        return nonce + AESGCM(self._key("seal")).encrypt(nonce, secret, _whose(agent_id))

    def open(self, agent_id: int, sealed: bytes) -> bytes | None:
        """The secret; None where it was sealed with another key, or for somebody else."""
        try:
            return AESGCM(self._key("seal")).decrypt(sealed[:NONCE], sealed[NONCE:], _whose(agent_id))
        except (InvalidTag, ValueError):
            return None

    def hash_of(self, agent_id: int, code: str) -> bytes:
        """A recovery code as it is stored; it has enough bits that nobody tries them all."""
        return hmac.digest(self._key("recovery"), _whose(agent_id) + b"\0" + code.encode(), hashlib.sha256)

    def _key(self, use: str) -> bytes:
        return hmac.digest(self.secret_key.encode(), f"huiying.{self.purpose}.{use}".encode(), hashlib.sha256)


def _whose(agent_id: int) -> bytes:
    return f"agent:{agent_id}".encode()
