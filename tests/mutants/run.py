"""Seed faults into modules, one at a time, and list those that no test sees.

Each is seeded into a copy of the project, whose tests are then run as `make quick` runs them: at
first those that concern the module, then those of its room. One that takes far longer than the
tests of the sound module counts as seen.
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
    """Files of tests, and how long they may take."""

    files: tuple[Path, ...]
    seconds: float


@dataclass(slots=True)
class Count:
    """How many faults were seeded, and which of them no test saw."""

    seeded: int = 0
    survivors: list[str] = field(default_factory=list)


def copy_of(project: Path, folder: Path) -> Path:
    """Copy what git has, or would have, of a project into a folder."""
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


def run_tests(copy: Path, files: Iterable[Path], seconds: float | None) -> int | None:
    """Run tests until one fails, in a process of their own; None when they take too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow"]
    options = ["-o", "addopts=", "-p", "no:cacheprovider"]
    # A file of compiled code might be taken for that of the fault before.
    own = {"PYTHONPATH": str(copy / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [*command, *options, *map(str, files)],
        cwd=copy,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def suites_for(copy: Path, module: str, seconds: float | None) -> list[Suite]:
    """Return the suites that a module's faults are shown to, each having passed without one."""
    suites = []
    for files in concerned_tests(copy, module):
        began = time.monotonic()
        code = run_tests(copy, files, None)
        if code == _FAILED:
            names = " ".join(path.relative_to(copy).as_posix() for path in files)
            sys.exit(f"The tests of {module} fail without any fault: {names}")
        took = time.monotonic() - began
        if code == _PASSED:
            suites.append(Suite(tuple(files), seconds or 10 + 4 * took))
    return suites


def is_seen(copy: Path, path: Path, fault: Fault, suites: Sequence[Suite]) -> bool:
    """Seed a fault into a copy, run its suites, and put the module back."""
    source = path.read_bytes()
    path.write_bytes(fault.seed(source))
    try:
        codes = (run_tests(copy, suite.files, suite.seconds) for suite in suites)
        return any(code not in {_PASSED, _NO_TESTS} for code in codes)
    finally:
        path.write_bytes(source)


def shown(module: str, fault: Fault) -> str:
    """Return a line that tells where a fault is and what it changes."""
    before, after = (" ".join(code.split()) for code in (fault.before, fault.after))
    short = (c if len(c) <= _LONGEST else f"{c[:_LONGEST]} …" for c in (before, after))
    return f"{module}.py:{fault.line}: {' → '.join(short)}"


def survivors(
    project: Path, module: str, copies: Sequence[Path], seconds: float | None, count: Count
) -> Iterator[str]:
    """Seed a module's faults into copies of the project; yield a line for each that none saw."""
    source = project / _PACKAGE / f"{module}.py"
    if not source.is_file():
        sys.exit(f"There is no module {module}; name it as book/roman.")
    found = faults_of(source.read_bytes())
    suites = suites_for(copies[0], module, seconds)
    tests = sum(len(suite.files) for suite in suites)
    print(f"{module}: {len(found)} faults, {tests} files of tests", file=sys.stderr, flush=True)
    idle: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        idle.put(copy)

    def seen(fault: Fault) -> bool:
        copy = idle.get()
        try:
            moved = [
                Suite(tuple(copy / f.relative_to(copies[0]) for f in s.files), s.seconds)
                for s in suites
            ]
            return is_seen(copy, copy / _PACKAGE / f"{module}.py", fault, moved)
        finally:
            idle.put(copy)

    with ThreadPoolExecutor(len(copies)) as threads:
        for fault, was_seen in zip(found, threads.map(seen, found), strict=True):
            count.seeded += 1
            if not was_seen:
                line = shown(module, fault)
                count.survivors.append(line)
                yield line


def main(arguments: Sequence[str] | None = None, project: Path = ROOT) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="+", help="such as book/roman, printers/spine")
    parser.add_argument("--jobs", type=int, default=1, help="faults looked for at a time")
    parser.add_argument("--seconds", type=float, help="how long the tests may take on a fault")
    asked = parser.parse_args(arguments)
    count = Count()
    with TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copy_of(project, Path(folder, str(job))) for job in range(asked.jobs)]
        for module in asked.modules:
            for line in survivors(
                project, module.removesuffix(".py"), copies, asked.seconds, count
            ):
                print(line, flush=True)
    left = len(count.survivors)
    print(f"{count.seeded} faults seeded, {count.seeded - left} seen, {left} survive")


if __name__ == "__main__":
    main()
