"""Seed faults into modules, one at a time, and list those that no test sees.

Each is seeded into a copy of the project, whose tests are run there as `make quick` runs them:
those that import the module or bear its name; those of its room where there are none, or if asked.
A fault that makes them take far longer than they do without it counts as seen.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from concerned import concerned_tests
from faults import Fault, faults_of

ROOT = Path(__file__).resolve().parents[2]
_PACKAGE = Path("scripts", "makeready")
_LONGEST = 90
_PASSED, _FAILED, _NO_TESTS = 0, 1, 5


@dataclass(frozen=True, slots=True)
class Suite:
    """Files of tests, by their paths in the project, and how long they may take."""

    files: tuple[Path, ...]
    seconds: float


@dataclass(slots=True)
class Copies:
    """Copies of a project, each with a fault at most; to be used as a context, which ends all."""

    folders: Sequence[Path]
    _idle: SimpleQueue[Path] = field(default_factory=SimpleQueue)
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def __enter__(self) -> Copies:
        for folder in self.folders:
            self._idle.put(folder)
        return self

    def __exit__(self, *_: object) -> None:
        for process in list(self._running):
            _kill(process)

    def is_seen(self, module: str, fault: Fault, suites: Iterable[Suite]) -> bool:
        """Seed a fault into a copy that is idle, run its suites, and put the module back."""
        copy = self._idle.get()
        path = copy / _PACKAGE / f"{module}.py"
        source = path.read_bytes()
        try:
            path.write_bytes(fault.seed(source))
            codes = (self.run(copy, suite.files, suite.seconds) for suite in suites)
            return any(code not in {_PASSED, _NO_TESTS} for code in codes)
        finally:
            path.write_bytes(source)
            self._idle.put(copy)

    def run(self, copy: Path, files: Iterable[Path], seconds: float | None) -> int | None:
        """Run tests of a copy until one fails; None when they take too long."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow"]
        options = ["-o", "addopts=", "-p", "no:cacheprovider"]
        # Compiled code might be taken for that of the fault before, which is as old and as long.
        own = {"PYTHONPATH": str(copy / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(
            [*command, *options, *map(str, files)],
            cwd=copy,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.add(process)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)
            self._running.discard(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it began."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def copy_of(project: Path, folder: Path) -> Path:
    """Copy what git has of a project, or would have, into a folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = project / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return folder


def suites_for(
    project: Path, module: str, copies: Copies, *, room: bool, seconds: float | None
) -> list[Suite]:
    """Return the suites that see a module's faults, each of which passes without one."""
    suites = []
    for files in concerned_tests(project, module, room=room):
        paths = tuple(path.relative_to(project) for path in files)
        began = time.monotonic()
        code = copies.run(copies.folders[0], paths, None)
        if code == _PASSED:
            suites.append(Suite(paths, seconds or 10 + 4 * (time.monotonic() - began)))
        elif code != _NO_TESTS:
            names = " ".join(map(str, paths))
            print(f"{module}: left out, for they fail without a fault: {names}", file=sys.stderr)
    return suites


def shown(module: str, fault: Fault) -> str:
    """Return a line that tells where a fault is and what it changes."""
    codes = (" ".join(code.split()) for code in (fault.before, fault.after))
    short = (code if len(code) <= _LONGEST else f"{code[:_LONGEST]} …" for code in codes)
    return f"{module}.py:{fault.line}: {' → '.join(short)}"


def main(arguments: Sequence[str] | None = None, project: Path = ROOT) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="+", help="such as book/roman, printers/spine")
    parser.add_argument("--room", action="store_true", help="run all quick tests of the room too")
    parser.add_argument("--jobs", type=int, default=1, help="faults looked for at a time")
    parser.add_argument("--seconds", type=float, help="how long the tests may take on a fault")
    asked = parser.parse_args(arguments)
    seeded = left = 0
    with TemporaryDirectory(prefix="mutants-") as folder:
        folders = [copy_of(project, Path(folder, str(job))) for job in range(asked.jobs)]
        with ThreadPoolExecutor(asked.jobs) as threads, Copies(folders) as copies:
            for name in asked.modules:
                module = name.removesuffix(".py")
                source = project / _PACKAGE / f"{module}.py"
                if not source.is_file():
                    sys.exit(f"There is no module {module}; name one as book/roman.")
                suites = suites_for(project, module, copies, room=asked.room, seconds=asked.seconds)
                faults = faults_of(source.read_bytes())
                for fault, seen in _tried(module, faults, suites, copies, threads):
                    seeded += 1
                    if not seen:
                        left += 1
                        print(shown(module, fault), flush=True)
    print(f"{seeded} faults seeded, {seeded - left} seen, {left} survive")


def _tried(
    module: str,
    faults: Sequence[Fault],
    suites: Sequence[Suite],
    copies: Copies,
    threads: ThreadPoolExecutor,
) -> Iterator[tuple[Fault, bool]]:
    """Yield each fault of a module, and whether a test sees it."""
    tests = sum(len(suite.files) for suite in suites)
    print(f"{module}: {len(faults)} faults, {tests} files of tests", file=sys.stderr, flush=True)
    waiting = [threads.submit(copies.is_seen, module, fault, suites) for fault in faults]
    try:
        for fault, seen in zip(faults, waiting, strict=True):
            yield fault, seen.result()
    finally:
        for seen in waiting:
            seen.cancel()


if __name__ == "__main__":
    # Ended so, it ends the tests that it runs, and takes its copies away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Terminated."))
    main()
