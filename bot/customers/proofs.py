"""Proofs of identity as they are stored: a blind index that can be found but not read, and codes as hashes.

Every value is keyed with a key that follows from the secret key: a copy of the database alone tells nobody which
telephone numbers are in it, though there are few enough numbers to try them all.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from secrets import randbelow

from router.binding import masked
from router.customers import Proof, ProofKind
from router.world import Binding

CODES = 1_000_000
SHOWN = 2
"""Characters of a subject that stay readable at its beginning and its end."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """Makes proofs and one-time codes.

    Args:
        secret_key: the operator's secret; another one finds nothing that was stored before.
        binding: how telephone numbers are proved here.
        demo_code: the code of the demo.
    """

    secret_key: str = field(repr=False)
    binding: Binding = Binding.OFF
    demo_code: str = "246810"

    def of_phone(self, phone: str) -> Proof:
        """What the right code for a number proves."""
        return Proof(ProofKind.PHONE, self._blind("phone", phone), masked(phone), "code")

    def of_subject(self, subject: str, *, realm: str, means: str) -> Proof:
        """What a signed subject proves; the same subject of one realm is the same person on all accounts of it."""
        value = self._blind("jwt_sub", f"{realm}\0{subject}")
        return Proof(ProofKind.SUBJECT, value, _veiled(subject), means, subject)

    def new_code(self) -> str:
        """Six digits that nobody can guess; in the demo, always the same."""
        return self.demo_code if self.binding is Binding.DEMO else f"{randbelow(CODES):06d}"

    def of_tail(self, number: str, tail: str) -> bytes:
        """How a customer's identity number ends, as it is stored; of use with this customer's number only."""
        said = f"huiying.id_tail\0{number}\0{tail.upper()}".encode()
        return hmac.digest(self.secret_key.encode(), said, hashlib.sha256)

    def hash_of(self, code: str, contact_id: int, blind: bytes) -> bytes:
        """A code as it is stored, of use to this contact and this number only."""
        said = b"\0".join([b"huiying.code", str(contact_id).encode(), blind, code.encode()])
        return hmac.digest(self.secret_key.encode(), said, hashlib.sha256)

    def matches(self, code: str, stored: bytes, contact_id: int, blind: bytes) -> bool:
        """Whether it is that code, compared in constant time."""
        return hmac.compare_digest(self.hash_of(code, contact_id, blind), stored)

    def _blind(self, kind: str, value: str) -> str:
        said = f"huiying.identity\0{kind}\0{value}".encode()
        return hmac.new(self.secret_key.encode(), said, hashlib.sha256).hexdigest()


def _veiled(subject: str) -> str:
    if len(subject) <= 2 * SHOWN:
        return f"{subject[:1]}***"
    return f"{subject[:SHOWN]}***{subject[-SHOWN:]}"
