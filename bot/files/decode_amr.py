"""Reads a voice message in AMR from standard input and writes it to standard output as WAV: a program of its own.

It exits with 1 where the message cannot be read or is too long, or where PyAV (the extra ``voice``) is not installed.
"""

import sys
import wave
from collections.abc import Iterator
from io import BytesIO

import av

RATE = 16_000
"""Samples a second: all that the wider kind of AMR holds."""
LONGEST = 15 * 60
"""Seconds; WeChat's messages end after one minute."""


def decoded(content: bytes) -> bytes:
    """A message as WAV. Raises: ValueError where it is empty or too long; what the decoder raises."""
    samples = b"".join(_samples(content))
    if not samples:
        raise ValueError("empty")
    out = BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return out.getvalue()


def _samples(content: bytes) -> Iterator[bytes]:
    """The sound, 16 bits a sample."""
    left = LONGEST * RATE
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(BytesIO(content), mode="r", format="amr") as voice:
        for frame in voice.decode(audio=0):
            for piece in resampler.resample(frame):
                left -= piece.samples
                if left < 0:
                    raise ValueError("too long")
                yield bytes(piece.planes[0])[: piece.samples * 2]


if __name__ == "__main__":
    sys.stdout.buffer.write(decoded(sys.stdin.buffer.read()))
