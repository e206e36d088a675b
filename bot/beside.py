"""Keeps another process of ours running beside this one: what blocks its own main thread cannot share ours."""

import os
import subprocess
import sys
import threading
from contextlib import suppress

import structlog

PART = "bot.processes.part"
PAUSE = 1.0
"""Seconds before one that has ended is started again."""
LOOK = 0.2
"""Seconds between two looks whether it still lives."""
GRACE = 4.0
"""Seconds that it may take to end."""

log = structlog.get_logger()


class Beside:
    """A part that runs as our child until we stop; it ends with us, however we end.

    The kernel ties the child to the thread that starts it, so that thread lives as long as we do.

    Args:
        name: the part.
        stop: set when this process is told to stop.
    """

    def __init__(self, name: str, stop: threading.Event) -> None:
        self._name = name
        self._stop = stop
        self._thread = threading.Thread(target=self._keep, name=name, daemon=True)

    def start(self) -> None:
        """Start it."""
        self._thread.start()

    def close(self) -> None:
        """Wait until it has ended; ``stop`` is set."""
        self._thread.join(timeout=GRACE + 1)

    def _keep(self) -> None:
        while not self._stop.is_set():
            process = subprocess.Popen([sys.executable, "-m", PART, self._name, str(os.getpid())])
            while process.poll() is None and not self._stop.wait(LOOK):
                pass
            if process.returncode is None:
                _end(process)
                return
            log.warning("part.ended", part=self._name, status=process.returncode)
            self._stop.wait(PAUSE)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE)
        return
    process.kill()
    process.wait()
