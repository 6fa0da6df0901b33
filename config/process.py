"""No process of ours outlives the one that started it, however that one dies."""

import ctypes
import os
import signal
import sys

# Set by the supervisor for all it starts: their own children then end with them.
SUPERVISED = "ORANGERY_SUPERVISED"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent is gone (Linux; elsewhere nothing).

    A server whose master was killed would otherwise leave workers behind that hold the port.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_supervised_parent() -> None:
    if os.environ.get(SUPERVISED):
        die_with_parent()
