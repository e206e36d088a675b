"""A child process ends with the supervisor that started it, however that one ends."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def follow(supervisor: int) -> None:
    """Have the kernel send us SIGTERM when our supervisor ends; end at once where it already has.

    Args:
        supervisor: the process that started us.

    Raises:
        SystemExit: it is gone.
        OSError: the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != supervisor:
        raise SystemExit(1)
