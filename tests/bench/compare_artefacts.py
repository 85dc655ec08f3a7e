"""Compare the artefacts of four books with those that another revision makes.

``make compare REVISION=main~3`` builds the repository's book and those of ``tests/books`` with the
code of that revision and with the code here, each from an empty cache, and lists the files that
differ; of e-books, the files inside them. It exits with 1 when any differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOKS = ("manuscript", "tests/books/garden", "tests/books/leaflet", "tests/books/lighthouse")
MANIFEST = "manifest.json"
"""It lists the digests of the others, so that it differs when they do."""


def build_all(checkout: Path, output: Path) -> None:
    """Build the four books with the code of a checkout."""
    for book in BOOKS:
        name = Path(book).name
        folders = ["--output", str(output / name), "--cache", str(output / ".cache")]
        subprocess.run(
            [sys.executable, "-m", "makeready", "build", "--book", book, *folders],
            cwd=checkout,
            env={"PYTHONPATH": str(checkout / "scripts"), "PATH": "/usr/bin:/bin"},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def differences(before: Path, after: Path) -> Iterator[str]:
    """Yield the artefacts that are not the same bytes, or are in one of the folders alone."""
    names = {
        path.relative_to(folder)
        for folder in (before, after)
        for path in folder.rglob("*")
        if path.is_file() and ".cache" not in path.parts and path.name != MANIFEST
    }
    for name in sorted(names):
        one, other = before / name, after / name
        if not (one.is_file() and other.is_file()):
            yield f"{name}: only {'before' if one.is_file() else 'now'}"
        elif one.read_bytes() != other.read_bytes():
            inside = ", ".join(differing_members(one, other)) if name.suffix == ".epub" else ""
            yield f"{name}: {inside or 'other bytes'}"


def differing_members(one: Path, other: Path) -> Iterator[str]:
    """Yield the names of the files that differ between two e-books."""
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(other) as second:
        for name in sorted({*first.namelist(), *second.namelist()}):
            contents = [a.read(name) if name in a.namelist() else None for a in (first, second)]
            if contents[0] != contents[1]:
                yield name


def main() -> int:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", help="the commit to compare with")
    revision = parser.parse_args().revision
    with tempfile.TemporaryDirectory() as folder:
        checkout, before, after = (Path(folder) / name for name in ("code", "before", "after"))
        command = ["git", "worktree", "add", "--quiet", "--detach", str(checkout), revision]
        subprocess.run(command, cwd=ROOT, check=True)
        try:
            build_all(checkout, before)
        finally:
            remove = ["git", "worktree", "remove", "--force", str(checkout)]
            subprocess.run(remove, cwd=ROOT, check=True)
        build_all(ROOT, after)
        found = list(differences(before, after))
    print("\n".join(found) or f"All artefacts are those of {revision}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
