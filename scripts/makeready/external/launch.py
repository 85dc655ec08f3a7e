"""The start of an external program: it ends with the process that started it.

Run as a script, this is the program's process before it becomes the program. Code between a
fork and the program would run beside threads of the parent, and might wait for a lock of theirs::

    python -I -S launch.py PARENT COMMAND …
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_CANNOT_RUN = 126


def ending_with_us(command: Sequence[str]) -> list[str]:
    """Return a command that runs another one, and is killed as soon as this process ends.

    Where the system offers no such thing the command is returned as it is.
    """
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def _run(parent: int, command: Sequence[str]) -> None:
    """Become the program, which is killed when its parent ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It ended before it could be asked for.
        os.kill(os.getpid(), signal.SIGKILL)
    os.execv(command[0], list(command))  # noqa: S606 - the command is ours


if __name__ == "__main__":
    try:
        _run(int(sys.argv[1]), sys.argv[2:])
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(_CANNOT_RUN)
