"""WeChat's encryption of bodies: AES-256-CBC over 16 random bytes, the length, the document and the app id."""

from base64 import b64decode
from binascii import Error, a2b_base64, b2a_base64
from hashlib import blake2b

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from channels.door import Malformed
from channels.weixin.signature import sign

KEY_BYTES = 32
LEAD = 16
"""Bytes ahead of the length: random where WeChat writes them."""
START = LEAD + 4
PADDED_TO = 32
AES_BLOCK = 16

SEALED = (
    "<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
    "<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
)


class Envelope:
    """Opens and seals the bodies of one account.

    Args:
        app_id: whose bodies these are; others are refused.
        token: signs what is sealed.
        encoding_aes_key: 43 characters of base64.

    Raises:
        ValueError: the key is not one.
    """

    def __init__(self, app_id: str, token: str, encoding_aes_key: str) -> None:
        key = b64decode(encoding_aes_key + "=")
        if len(encoding_aes_key) != 43 or len(key) != KEY_BYTES:
            raise ValueError("an EncodingAESKey has 43 characters of base64")
        self._app_id = app_id.encode()
        self._token = token
        self._key = key
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:AES_BLOCK]))

    def open(self, encrypted: str) -> bytes:
        """Decrypt a body whose signature has been checked.

        Raises:
            Malformed: it is not ours, or not encrypted with our key.
        """
        content = self._decrypt(encrypted)
        end = START + int.from_bytes(content[LEAD:START], "big")
        if end > len(content):
            raise Malformed("envelope_broken")
        if content[end:] != self._app_id:
            raise Malformed("app_id_foreign", status=403)
        return content[START:end]

    def seal(self, body: bytes, timestamp: str) -> str:
        """Encrypt and sign a reply.

        The same body gives the same envelope, so that every retry of a request carries the same answer: what
        WeChat draws at random is derived from the body and the key.

        Args:
            body: the document.
            timestamp: seconds since 1970 that the envelope names.
        """
        lead = blake2b(body, key=self._key, digest_size=LEAD).digest()
        content = b"".join((lead, len(body).to_bytes(4, "big"), body, self._app_id))
        missing = PADDED_TO - len(content) % PADDED_TO
        encryptor = self._cipher.encryptor()
        ciphertext = encryptor.update(content + bytes((missing,)) * missing) + encryptor.finalize()
        encrypted = b2a_base64(ciphertext, newline=False).decode()
        nonce = str(int.from_bytes(lead[:5], "big"))
        signature = sign(self._token, timestamp, nonce, encrypted)
        return SEALED.format(encrypted=encrypted, signature=signature, timestamp=timestamp, nonce=nonce)

    def _decrypt(self, encrypted: str) -> bytes:
        """The content without its padding. Raises: Malformed."""
        try:
            ciphertext = a2b_base64(encrypted, strict_mode=True)
        except (Error, ValueError):
            raise Malformed("envelope_broken") from None
        if len(ciphertext) < PADDED_TO or len(ciphertext) % AES_BLOCK:
            raise Malformed("envelope_broken")
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        missing = padded[-1]
        if not 0 < missing <= PADDED_TO or padded[-missing:] != bytes((missing,)) * missing:
            raise Malformed("envelope_broken")
        return padded[:-missing]
