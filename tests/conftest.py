"""Books built once for the whole run, and shared by all of pytest-xdist's workers."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from forked_runs import ForkingProcess

# How long an example takes says how busy the machine is.
settings.register_profile("makeready", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("makeready")

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT / "tests" / "books"
CACHE = ROOT / ".makeready"


@dataclass(frozen=True)
class Run:
    """A finished run of the command."""

    code: int
    out: str
    err: str
    output: Path

    @property
    def findings(self) -> list[tuple[str, str, int | None]]:
        """The errors and warnings as id, path, line (of a ``--json`` run)."""
        return [
            (f["id"], f["path"], f["line"])
            for f in json.loads(self.out)["findings"]
            if f["severity"] != "note"
        ]


_PROGRAM = ForkingProcess()
_SECONDS = 300


def makeready(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Run:
    """Run the command in a process of its own."""
    words = [str(argument) for argument in arguments]
    whole = {**os.environ, **environment}
    result = _PROGRAM.run(words, whole, cwd, _SECONDS) or _run_anew(words, whole, cwd)
    output = Path(arguments[arguments.index("--output") + 1]) if "--output" in arguments else ROOT
    return Run(*result, output)


def _run_anew(
    words: list[str], environment: dict[str, str], cwd: Path | None
) -> tuple[int, str, str]:
    result = subprocess.run(
        [sys.executable, "-m", "makeready", *words],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
        timeout=_SECONDS,
    )
    return result.returncode, result.stdout, result.stderr


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _built(book: Path, name: str, shared: Path) -> Path:
    """Build a book unless another worker has; a failed build fails every test that needs it."""
    output = shared / name
    with _locked(shared / f"{name}.lock"):
        if not (output / "manifest.json").exists():
            run = makeready("build", "--book", book, "--output", output, "--cache", CACHE)
            assert run.code == 0, run.out + run.err
    return output


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    # Above the folder of a run without other workers are those of runs before it.
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def interview(shared_folder: Path) -> Path:
    """The output folder of the repository's own book."""
    return _built(ROOT / "manuscript", "interview", shared_folder)


@pytest.fixture(scope="session")
def garden(shared_folder: Path) -> Path:
    """The output folder of the book that has one of everything."""
    return _built(BOOKS / "garden", "garden", shared_folder)


@pytest.fixture(scope="session")
def lighthouse(shared_folder: Path) -> Path:
    """The output folder of the larger book: drawings, tables, two languages, code, an index."""
    return _built(BOOKS / "lighthouse", "lighthouse", shared_folder)


@pytest.fixture(scope="session")
def seedbank(shared_folder: Path) -> Path:
    """The output folder of the technical book: code everywhere, listings, wide tables."""
    return _built(BOOKS / "seedbank", "seedbank", shared_folder)


@pytest.fixture(scope="session")
def manual(shared_folder: Path) -> Path:
    """The output folder of the manual."""
    return _built(ROOT / "docs" / "manual", "manual", shared_folder)


@pytest.fixture
def broken_book(tmp_path: Path) -> Callable[..., Path]:
    """A copy of a book from ``tests/books``, to break in one place."""

    def copy(name: str = "leaflet") -> Path:
        folder = tmp_path / "book"
        shutil.copytree(BOOKS / name, folder)
        return folder

    return copy
