"""What WeChat posts and answers, opened and read."""

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from channels.door import Unsupported
from channels.nonces import MemoryNonces
from channels.wechat.gate import Gate
from channels.wechat.parse import understand
from channels.wechat.peer import Peer
from channels.weixin.envelope import Envelope
from channels.weixin.signature import parameters
from channels.weixin.wire import Content
from channels.weixin.xml import read
from tests.channels.wechat_house import KEY, NOW, SAFE, SECONDS
from tests.fuzz.mutations import Form
from tests.fuzz.target import Target, sound, written

PAYLOADS = Path(__file__).parents[1] / "channels" / "payloads"
DOCUMENTS = tuple(path.read_bytes() for path in sorted(PAYLOADS.glob("wechat/*.xml")))
ENVELOPE = Envelope(SAFE.app_id, SAFE.token, KEY)


def document(data: bytes) -> object:
    return sound(understand(data, account="main")[0])


def envelope(data: bytes) -> object:
    """The bytes before they are encrypted with the right key: a sender with our key, and wrong in all else."""
    padded = data + bytes((16 - len(data) % 16,)) * (16 - len(data) % 16)
    key = ENVELOPE._key
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return document(ENVELOPE.open(b64encode(encryptor.update(padded) + encryptor.finalize()).decode()))


def sealed(data: bytes) -> object:
    """A whole body, genuinely signed whatever it holds."""
    ciphertext = read(data).get("Encrypt") or ""
    if not ciphertext:
        raise Unsupported
    return document(ENVELOPE.open(ciphertext))


def query(data: bytes) -> object:
    gate = Gate(SAFE, MemoryNonces(), lambda: NOW)
    found = parameters(data.decode("latin-1"))
    gate.check(found)
    return len(found)


def api_token(data: bytes) -> object:
    answer = Content(data, "application/json").answer()
    return None if answer is None else (answer.errcode, answer.lifetime.total_seconds() > 0)


def contents() -> tuple[bytes, ...]:
    """Documents as they are before they are encrypted."""
    return tuple(b"r" * 16 + len(one).to_bytes(4, "big") + one + SAFE.app_id.encode() for one in DOCUMENTS[:8])


def bodies_sealed() -> tuple[bytes, ...]:
    """Whole bodies of encrypted requests."""
    return tuple(Peer(SAFE).post(one.decode(), now=SECONDS, nonce="1").body for one in DOCUMENTS[:6])


def queries() -> tuple[bytes, ...]:
    """Queries of genuine requests."""
    asked = Peer(SAFE).url_check("5847", now=SECONDS, nonce="1"), Peer(SAFE).post("<xml/>", now=SECONDS, nonce="2")
    return tuple(request.path.partition("?")[2].encode() for request in asked)


TARGETS = (
    Target("wechat.document", Form.XML, DOCUMENTS, document),
    Target("wechat.envelope", Form.XML, contents(), envelope),
    Target("wechat.body", Form.XML, bodies_sealed(), sealed),
    Target("wechat.query", Form.QUERY, queries(), query),
    Target("wechat.answer", Form.JSON, written({"errcode": 0, "access_token": "t", "expires_in": 7200}), api_token),
)
