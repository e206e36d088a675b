"""Processes that a killed supervisor left behind, known by their command lines."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, Signals

from bot.embedded.errors import ServerFailed

Match = Callable[[Sequence[str]], bool]
"""Whether a command line, split into its words, is one of those looked for."""

_PAUSE = 0.02
"""Seconds between two looks at processes that are ending."""


def find(match: Match) -> list[int]:
    """The running processes of ours whose command lines match, as root of everyone; a zombie has no command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with suppress(OSError):
            if os.geteuid() not in (0, entry.stat().st_uid):
                continue
            words = (entry / "cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            if words != [b""] and match([word.decode("utf-8", "surrogateescape") for word in words]):
                found.append(int(entry.name))
    return found


async def end(match: Match, stops: Sequence[tuple[Signals, float]]) -> None:
    """End all processes that match: each signal in turn, with the seconds that it grants, at last SIGKILL.

    Raises:
        ServerFailed: one does not end.
    """
    for signal, grace in (*stops, (SIGKILL, 10.0)):
        for pid in find(match):
            with suppress(ProcessLookupError):
                os.kill(pid, signal)
        try:
            async with asyncio.timeout(grace):
                while find(match):  # noqa: ASYNC110 - the end of a process that is not our child makes no event
                    await asyncio.sleep(_PAUSE)
            return
        except TimeoutError:
            continue
    raise ServerFailed(f"The processes {find(match)} of an earlier run do not end")
