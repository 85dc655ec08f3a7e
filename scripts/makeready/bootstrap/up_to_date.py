"""Build what is out of date, and nothing else.

``make`` runs this script, because make itself cannot follow paths with spaces, deleted files, or
files restored from an older copy. It has to start quickly, and needs only the standard library::

    python up_to_date.py TARGET --book FOLDER --output FOLDER --makeready COMMAND
    python up_to_date.py clean --book FOLDER --output FOLDER

A target is up to date when its input files are the same as last time, by name, size and time of
change, and every file it wrote is still there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# It runs as a script, in a Python that does not know the package.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from makeready import deletion
from makeready.files import open_folder, read_inside, write_whole

Inputs = dict[str, list[int]]
"""Size in bytes and time of change in ns of each input file, by path."""

_BOOK_TOML_BYTES = 1_000_000
SHARED_INPUTS = ("styles", "scripts/makeready", "requirements.lock")


@dataclass(frozen=True)
class Target:
    """A target of ``make``: the command that builds it, and the files it reads and writes.

    ``unread`` are names of input files that it does not read; ``unwritten`` are suffixes of files
    that other targets write in the same run. ``kinds`` are those of the editions it makes.
    """

    command: tuple[str, ...]
    unread: frozenset[str]
    unwritten: frozenset[str]
    kinds: frozenset[str]


TARGETS = {
    "pdf": Target(
        ("build", "--kind", "print", "--kind", "screen"),
        unread=frozenset({"epub.css", "web.css"}),
        unwritten=frozenset({".epub", ".jpg"}),
        kinds=frozenset({"print", "screen"}),
    ),
    "epub": Target(
        ("build", "--kind", "epub"),
        # Its page list comes from the print edition, so it reads print.css.
        unread=frozenset({"screen.css", "web.css"}),
        unwritten=frozenset({".pdf"}),
        kinds=frozenset({"epub"}),
    ),
    "cover": Target(
        ("cover",),
        # The spine width depends on the page count, so the cover reads print.css.
        unread=frozenset({"epub.css", "screen.css", "web.css"}),
        unwritten=frozenset(),
        kinds=frozenset({"print", "screen", "epub"}),
    ),
}
PARTS = {"all": ("pdf", "epub"), "pdf": ("pdf",), "epub": ("epub",), "cover": ("cover",)}


def inputs_of(target: Target, book: str, output: str) -> Inputs:
    """Return the input files of a target, as they are now."""
    inputs: Inputs = {}
    for root in (book, *SHARED_INPUTS):
        for path in _files(Path(root), Path(output).resolve()):
            if path.name not in target.unread:
                state = path.stat() if path.exists() else path.lstat()
                inputs[str(path)] = [state.st_size, state.st_mtime_ns]
    return inputs


def _files(root: Path, output: Path) -> Iterator[Path]:
    """Yield the files under ``root``, except hidden files, caches, backups and the output."""
    if root.is_file():
        yield root
    for folder, names, files in os.walk(root):
        parent = Path(folder)
        names[:] = [
            name
            for name in names
            if not name.startswith(".")
            and name != "__pycache__"
            and (parent / name).resolve() != output
        ]
        yield from (parent / name for name in files if not name.startswith(".") and name[-1] != "~")


def is_current(part: str, book: str, output: str) -> bool:
    """Return whether a part was built from its input files as they are, and is complete."""
    try:
        with open_folder(Path(output)) as folder:
            record = json.loads(read_inside(folder, _record_path(part, output).name))
        inputs, artefacts = record["inputs"], record["artefacts"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    current: bool = inputs == inputs_of(TARGETS[part], book, output)
    return current and all(Path(artefact).is_file() for artefact in artefacts)


def _record_path(part: str, output: str) -> Path:
    return Path(output) / f".built-{part}"


def has_editions(part: str, book: str) -> bool:
    """Return whether a book has an edition that a part makes, as far as its book.toml is valid."""
    try:
        editions = tomllib.loads(_book_toml(book))["editions"]
        return any(edition["kind"] in TARGETS[part].kinds for edition in editions.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def _book_toml(book: str) -> str:
    """Return the text of a book.toml; it may be a device without an end, or a pipe nobody fills."""
    descriptor = os.open(Path(book) / "book.toml", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_BOOK_TOML_BYTES).decode()


def make(parts: tuple[str, ...], book: str, output: str, makeready: str) -> int:
    """Run makeready for the parts, and record their inputs; return its exit code."""
    # Read before the run: a file that changes during it must count as changed.
    inputs = {part: inputs_of(TARGETS[part], book, output) for part in parts}
    everything = parts == PARTS["all"]
    command = ("build",) if everything else TARGETS[parts[0]].command
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "written"
        options = ["--book", book, "--output", output, "--stamp", str(written)]
        code = subprocess.run([makeready, *command, *options], check=False).returncode
        if code:
            return code
        lines = written.read_text("utf-8").splitlines()
    artefacts = [line for line in lines if line and not line.startswith("#")]
    for part in parts:
        unwritten = TARGETS[part].unwritten
        own = [path for path in artefacts if Path(path).suffix not in unwritten]
        record = {"inputs": inputs[part], "artefacts": own}
        write_whole(_record_path(part, output), json.dumps(record, indent=1).encode())
    return 0


def clean(output: str) -> None:
    """Delete the files in ``output`` that the records and the manifest list, and no others."""
    folder = Path(output).absolute()
    if folder.is_symlink():
        print(f"{output} is a symbolic link, so nothing in it is deleted.")
        return
    deletion.clean(folder, [_record_path(part, output).name for part in TARGETS])


def main(arguments: list[str]) -> int:
    """Build a target if it is out of date, or clean; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="up_to_date.py", description="Rebuild what is out of date."
    )
    parser.add_argument("target", choices=[*PARTS, "clean"])
    parser.add_argument("--book", required=True, help="the folder with book.toml")
    parser.add_argument("--output", required=True, help="the folder the files are written to")
    parser.add_argument("--makeready", default=".venv/bin/makeready", help="the makeready command")
    options = parser.parse_args(arguments)
    target, book, output = options.target, options.book, options.output
    if target == "clean":
        clean(output)
        return 0
    parts = PARTS[target]
    stale = tuple(part for part in parts if not is_current(part, book, output))
    if target == "all" and stale != parts:
        stale = tuple(part for part in stale if has_editions(part, book))
    if not stale:
        print(f"{target}: up to date.")
    if stale == parts:
        return make(parts, book, output, options.makeready)
    for part in stale:
        if code := make((part,), book, output, options.makeready):
            return code
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
