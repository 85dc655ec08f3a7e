"""Runs of the command in processes forked from one that has the program loaded.

Python and the engine take 1.5 s to load, which is most of a small book's build. A run is a process
of its own all the same, with its own arguments, environment, working folder and streams.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "FONTCONFIG", "GIO_", "G_")
"""Beginnings of the names of variables that Python or a library reads when it is loaded."""


class ForkingProcess:
    """A process that has the program loaded, and runs the command in forks of itself."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._environment: dict[str, str] = {}

    def run(
        self, arguments: list[str], environment: dict[str, str], cwd: Path | None, seconds: float
    ) -> tuple[int, str, str] | None:
        """Run the command; return its exit code, output and errors.

        None if that needs a process of its own: as another run is going on, or as the environment
        has another value of a variable that is read only when a program is loaded.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            process = self._started(environment)
            return process and self._ask(process, arguments, environment, cwd, seconds)
        finally:
            self._lock.release()

    def _started(self, environment: dict[str, str]) -> subprocess.Popen[str] | None:
        """Return the process; None where it does not have the environment that a run needs."""
        if self._process is None or self._process.poll() is not None:
            self._environment = _read_at_start(os.environ)
            if _read_at_start(environment) != self._environment:
                return None
            self._process = subprocess.Popen(
                [sys.executable, __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            atexit.register(self._process.kill)
        return self._process if _read_at_start(environment) == self._environment else None

    def _ask(
        self,
        process: subprocess.Popen[str],
        arguments: list[str],
        environment: dict[str, str],
        cwd: Path | None,
        seconds: float,
    ) -> tuple[int, str, str]:
        assert process.stdin is not None
        assert process.stdout is not None
        with TemporaryDirectory(prefix="makeready-run-") as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            request = {
                "arguments": arguments,
                "environment": environment,
                "cwd": str(cwd or Path.cwd()),
                "umask": _umask(),
                "out": str(out),
                "err": str(err),
            }
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            if not select.select([process.stdout], [], [], seconds)[0]:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                process.stdout.readline()
                raise TimeoutExpired(arguments, seconds)
            code = int(process.stdout.readline())
            return code, _text(out), _text(err)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def _umask() -> int:
    # It can only be read by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read()


def _serve() -> dict[str, Any] | None:
    """Fork for each request; return the request in a fork, and None after the last."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            request: dict[str, Any] = json.loads(line)
            return request
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    return None


def _become(request: dict[str, Any]) -> None:
    """Take on the arguments, environment, folder and streams of a run."""
    os.chdir(request["cwd"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, target in enumerate((os.devnull, request["out"], request["err"])):
        opened = os.open(target, flags if number else os.O_RDONLY, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.argv = ["makeready", *request["arguments"]]
    sys.path[0] = request["cwd"]


def _main() -> None:
    # As the workers of a build load them.
    from makeready.pagination.worker_start import start_worker  # noqa: PLC0415

    start_worker()
    import makeready.cli.main  # noqa: F401, PLC0415
    from makeready.__main__ import main  # noqa: PLC0415

    request = _serve()
    if request is not None:
        _become(request)
        main()


if __name__ == "__main__":
    _main()
