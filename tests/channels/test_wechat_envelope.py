"""Signatures and encryption, held against WeChat's own vectors and wechatpy."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from channels.door import Malformed
from channels.nonces import REMEMBERED_SECONDS, MemoryNonces
from channels.weixin.envelope import Envelope
from channels.weixin.signature import parameters, require, require_fresh, sign
from channels.weixin.xml import read
from tests.channels.wechat_house import KEY

APP = "wx0123456789abcdef"
VECTORS = Path(__file__).parents[3] / "shared" / "samples" / "wechat" / "crypto_vectors.json"


def encrypted(content: bytes, *, padded: bool = True) -> str:
    """What the key encrypts, whatever it is."""
    key = b64decode(KEY + "=")
    missing = 32 - len(content) % 32 if padded else 0
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(encryptor.update(content + bytes([missing]) * missing) + encryptor.finalize()).decode()


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(APP, "the-token", KEY)


@pytest.mark.parametrize("text", ["<xml/>", "", "话费" * 5_000, *("x" * length for length in range(20, 60, 7))])
def test_what_wechatpy_encrypts_we_open(envelope: Envelope, text: str) -> None:
    ciphertext = PrpCrypto(b64decode(KEY + "=")).encrypt(text, APP).decode()
    assert envelope.open(ciphertext) == text.encode()


@pytest.mark.parametrize("length", [1, 15, 16, 31, 32, 33, 2048])
def test_what_we_seal_wechatpy_opens_and_finds_signed(envelope: Envelope, length: int) -> None:
    body = "话" * length
    sealed = envelope.seal(body.encode(), "1777856400")
    fields = read(sealed.encode())
    peer = WeChatCrypto("the-token", KEY, APP)
    opened = peer.decrypt_message(sealed, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"])
    assert opened == body


def test_a_reply_sealed_twice_is_the_same_byte_for_byte(envelope: Envelope) -> None:
    again = Envelope(APP, "the-token", KEY)
    assert envelope.seal(b"<xml/>", "1777856400") == again.seal(b"<xml/>", "1777856400")
    assert envelope.seal(b"<xml/>", "1777856400") != envelope.seal(b"<xml />", "1777856400")


def test_the_body_of_another_app_is_refused(envelope: Envelope) -> None:
    ciphertext = PrpCrypto(b64decode(KEY + "=")).encrypt("<xml/>", "wxffffffffffffffff").decode()
    with pytest.raises(Malformed, match="app_id_foreign"):
        envelope.open(ciphertext)


@pytest.mark.parametrize(
    "ciphertext",
    [
        "",
        "A",
        "*" * 64,
        "话费",
        b64encode(b"x" * 31).decode(),
        b64encode(b"x" * 48).decode(),
        b64encode(b"x" * 4096).decode(),
        encrypted(b"x" * 32, padded=False),
        encrypted(b"r" * 16 + (2**32 - 1).to_bytes(4, "big") + b"<xml/>" + APP.encode()),
        encrypted(b"r" * 16),
        encrypted(b"r" * 64 + bytes(32), padded=False),
    ],
    ids=range(11),
)
def test_what_is_no_envelope_is_malformed(envelope: Envelope, ciphertext: str) -> None:
    with pytest.raises(Malformed):
        envelope.open(ciphertext)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", "*" * 43])
def test_a_key_that_is_none_is_an_error_at_start(key: str) -> None:
    with pytest.raises(ValueError):
        Envelope(APP, "the-token", key)


def test_a_timestamp_cannot_borrow_digits_from_its_nonce() -> None:
    moved = "0" + "1777856400"
    assert sign("the-token", "1777856400", "00") == sign("the-token", moved, "0")
    with pytest.raises(Malformed, match="timestamp_unreadable"):
        require_fresh(moved, "0", 1777856400)


@pytest.mark.parametrize("late", [-301, 301, 10**9])
def test_only_the_last_five_minutes_are_fresh(late: int) -> None:
    require_fresh("1777856400", "1", 1777856400 + max(-300, min(late, 300)))
    with pytest.raises(Malformed, match="timestamp"):
        require_fresh("1777856400", "1", 1777856400 + late)


@pytest.mark.parametrize("given", ["", "0" * 40, "签名", "\udcff", sign("t", "1", "2").upper()])
def test_another_signature_is_refused(given: str) -> None:
    with pytest.raises(Malformed, match="signature_wrong"):
        require(given, "t", "1", "2")


def test_a_parameter_that_comes_twice_is_refused() -> None:
    assert parameters("a=1&b=%E8%AF%9D+x&c") == {"a": "1", "b": "话 x", "c": ""}
    with pytest.raises(Malformed, match="twice"):
        parameters("signature=1&signature=2")


def test_a_nonce_belongs_to_one_event_for_ten_minutes() -> None:
    now = [0.0]
    nonces = MemoryNonces(lambda: now[0])
    assert nonces.admit("demo", "n", "1")
    assert nonces.admit("other", "n", "2")
    now[0] = REMEMBERED_SECONDS - 1
    assert nonces.admit("demo", "n", "1")
    assert not nonces.admit("demo", "n", "2")
    now[0] = REMEMBERED_SECONDS + 1
    assert not nonces.admit("demo", "n", "2")
    now[0] = 3 * REMEMBERED_SECONDS
    assert nonces.admit("demo", "n", "2")


def test_the_memory_of_nonces_is_bounded() -> None:
    nonces = MemoryNonces(lambda: 0.0, most=10)
    for number in range(100):
        assert nonces.admit("demo", str(number), str(number))
    assert not nonces.admit("demo", "99", "another")
    assert nonces.admit("demo", "0", "another")


@pytest.mark.skipif(not VECTORS.is_file(), reason="no captured vectors here")
def test_captured_vectors_open_as_they_should() -> None:
    vectors: list[dict[str, Any]] = json.loads(VECTORS.read_text())
    for vector in vectors:
        envelope = Envelope(vector["appid"], vector["token"], vector["aes_key"])
        content = envelope.open(vector["encrypt"])
        if "plaintext" in vector:
            assert content.decode() == vector["plaintext"]
            continue
        require(vector["msg_signature"], vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
        fields = read(content)
        assert {name: fields[name] for name in vector["expect"]} == vector["expect"]
