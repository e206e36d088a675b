"""Frames of a socket: whatever pieces they come in, whatever is wrong with them."""

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.web.sockets.frames import BadFrame, Frame, Frames, Kind, close_code, encode, encoded, text_of, unmasked

LIMIT = 64 * 1024


def masked(kind: int, payload: bytes = b"", *, final: bool = True, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    """A frame as a client sends it."""
    head = encoded(Kind.TEXT, payload)[: -len(payload) or None]
    return bytes((kind | (0x80 if final else 0), head[1] | 0x80)) + head[2:] + mask + unmasked(payload, mask)


def read(data: bytes, *, limit: int = LIMIT) -> list[Frame]:
    return Frames(limit).feed(data)


payloads = st.binary(max_size=300) | st.integers(120, 70_000).map(lambda size: b"x" * size)
kinds = st.sampled_from([Kind.TEXT, Kind.BINARY])
controls = st.tuples(st.sampled_from([Kind.PING, Kind.PONG, Kind.CLOSE]), st.binary(max_size=125))


@st.composite
def messages(draw: st.DrawFn) -> tuple[bytes, list[Frame]]:
    """Messages cut into frames, with control frames between these, and what is to be read from them."""
    data, meant = b"", []
    for kind, payload in draw(st.lists(st.tuples(kinds, payloads), max_size=4)):
        cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=3)))
        pieces = [payload[a:b] for a, b in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
        for place, piece in enumerate(pieces):
            if draw(st.booleans()):
                control, word = draw(controls)
                data += masked(control, word)
                meant.append(Frame(control, word))
            mask = draw(st.binary(min_size=4, max_size=4))
            data += masked(Kind.MORE if place else kind, piece, final=place == len(pieces) - 1, mask=mask)
        meant.append(Frame(kind, payload))
    return data, meant


@settings(deadline=None)
@given(messages(), st.lists(st.sampled_from([1, 2, 3, 7, 100, 5_000, 100_000]), min_size=1, max_size=20))
def test_frames_are_read_whatever_pieces_their_bytes_come_in(sent: tuple[bytes, list[Frame]], sizes: list[int]) -> None:
    stream, meant = sent
    frames, found, at = Frames(1 << 20), [], 0
    for size in cycle(sizes):
        if at >= len(stream):
            break
        found += frames.feed(stream[at : at + size])
        at += size
    assert found == meant


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_refused(data: bytes) -> None:
    frames, codes = Frames(100), {0}
    try:
        codes |= {close_code(frame.payload) for frame in frames.feed(data) if frame.kind is Kind.CLOSE}
    except BadFrame as bad:
        codes.add(bad.code)
    assert all(code == 0 or 1000 <= code < 5000 for code in codes)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x05hello", 1002),  # not masked
        (masked(0x1 | 0x40, b"x"), 1002),  # a reserved bit
        (masked(0x1 | 0x10, b"x"), 1002),
        (masked(0x3, b"x"), 1002),  # no such kind
        (masked(0xB, b"x"), 1002),
        (masked(Kind.MORE, b"x"), 1002),  # more of nothing
        (masked(Kind.TEXT, b"x", final=False) + masked(Kind.TEXT, b"y"), 1002),  # a message within a message
        (masked(Kind.PING, b"x", final=False), 1002),  # a control frame in parts
        (masked(Kind.PING, b"x" * 126), 1002),  # a long control frame
        (masked(Kind.TEXT, b"x" * (LIMIT + 1)), 1009),
        (masked(Kind.TEXT, b"x" * 40_000, final=False) + masked(Kind.MORE, b"x" * 40_000), 1009),
        (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 1009),  # a size that nobody sends
        (b"\x81\xfe\xff\xff", None),  # all that is needed to know that it fits
    ],
)
def test_what_no_client_should_send_is_refused_as_soon_as_it_shows(data: bytes, code: int | None) -> None:
    if code is None:
        assert read(data) == []
        return
    with pytest.raises(BadFrame) as caught:
        read(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "payload", [b"\x03", b"\x03\xec", b"\x00\x00", b"\x03\xed", b"\x0b\xb7", b"\x13\x88", b"\x03\xe8\xff"]
)
def test_a_goodbye_with_a_code_that_nobody_may_send_is_refused(payload: bytes) -> None:
    with pytest.raises(BadFrame):
        close_code(payload)


def test_a_goodbye_may_carry_a_code_and_a_reason_or_nothing() -> None:
    assert [close_code(word) for word in (b"", b"\x03\xe8", b"\x03\xe9bye", b"\x0f\xa0")] == [1000, 1000, 1001, 4000]


def test_a_text_is_utf_8_or_refused() -> None:
    assert text_of("您好😀".encode()) == "您好😀"
    for broken in (b"\xff", b"\xed\xa0\x80", "您好".encode()[:-1]):
        with pytest.raises(BadFrame):
            text_of(broken)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_our_own_frames_say_their_size_in_the_shortest_way(size: int) -> None:
    frame = encode("x" * size)
    head = 2 if size < 126 else 4 if size < 65_536 else 10
    assert (frame[0], len(frame)) == (0x81, head + size)
    assert frame[head:] == b"x" * size
