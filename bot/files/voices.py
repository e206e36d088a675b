"""Voice messages in AMR, which no browser plays, are written anew as WAV; where that fails they stay as they are."""

import asyncio
import sys

import structlog

AMR = "audio/amr"
WAV = "audio/wav"
PROGRAM = "bot.files.decode_amr"
"""A program of its own: a decoder that breaks over what somebody sent takes nothing with it."""
WITHIN = 20.0
"""Seconds."""

log = structlog.get_logger()


async def playable(content: bytes) -> bytes | None:
    """A voice message as WAV; None where it cannot be read, or nothing here reads AMR."""
    pipe = asyncio.subprocess.PIPE
    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-m", PROGRAM, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(WITHIN):
            sound, _ = await reader.communicate(content)
    except TimeoutError:
        log.warning("files.voice_too_slow")
        return None
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    if reader.returncode:
        log.info("files.voice_unplayable", code=reader.returncode)
        return None
    return sound or None
