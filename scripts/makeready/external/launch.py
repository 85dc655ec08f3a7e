"""The start of an external program: it ends with the process that started it.

Run as a script, this is the program's process before it becomes the program. Code between a
fork and the program would run beside threads of the parent, and might wait for a lock of theirs::

    python -I -S launch.py PARENT online COMMAND …
    python -I -S launch.py PARENT offline COMMAND …
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP, _FILTER = 22, 2
_PR_SET_NO_NEW_PRIVS = 38
_CANNOT_RUN = 126
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""The kernel's number of an architecture, and that of its system call ``socket``."""
_LOCAL_SOCKETS = 1
_LOAD_WORD, _SKIP_UNLESS_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
_CALL_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16


def ending_with_us(command: Sequence[str], *, offline: bool = False) -> list[str]:
    """Return a command that runs another one, and is killed as soon as this process ends.

    ``offline``: it can open no connection to another program by the network. Where the system
    offers no such things the command is returned as it is.
    """
    if sys.platform != "linux":
        return list(command)
    network = "offline" if offline else "online"
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), network, *command]


def _run(parent: int, network: str, command: Sequence[str]) -> None:
    """Become the program, which is killed when its parent ends."""
    system = ctypes.CDLL(None)
    system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It ended before it could be asked for.
        os.kill(os.getpid(), signal.SIGKILL)
    if network == "offline":
        _refuse_sockets(system)
    os.execv(command[0], list(command))  # noqa: S606 - the command is ours


def _refuse_sockets(system: ctypes.CDLL) -> None:
    """Refuse this process, and the program that it becomes, every socket but local ones."""
    if platform.machine() not in _SOCKET_CALLS:
        return
    architecture, call = _SOCKET_CALLS[platform.machine()]
    rules = (
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_SKIP_UNLESS_EQUAL, 0, 4, architecture),
        (_LOAD_WORD, 0, 0, _CALL_AT),
        (_SKIP_UNLESS_EQUAL, 0, 2, call),
        (_LOAD_WORD, 0, 0, _FIRST_ARGUMENT_AT),
        (_SKIP_UNLESS_EQUAL, 0, 1, _LOCAL_SOCKETS),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    written = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    program = ctypes.create_string_buffer(written, len(written))
    pointed_to = ctypes.create_string_buffer(
        struct.pack("HP", len(rules), ctypes.addressof(program))
    )
    system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.prctl(_PR_SET_SECCOMP, _FILTER, pointed_to, 0, 0)


if __name__ == "__main__":
    try:
        _run(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(_CANNOT_RUN)
