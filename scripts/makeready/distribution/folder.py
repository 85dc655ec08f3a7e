"""Replacing a folder as a whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder to fill, which replaces ``target`` at the end.

    The old folder is renamed first and deleted last, so a run that is interrupted leaves one of
    the two complete, and the next run restores it.
    """
    restore_folder(target)
    new, old = _new(target), _old(target)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        restore_folder(target)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_checksums(folder: Path) -> None:
    """Write the SHA-256 checksums of all files of a folder to its ``SHA256SUMS``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def as_json(data: object) -> str:
    """Return data as indented JSON, which people can read too."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def restore_folder(target: Path) -> None:
    """Restore the old folder after a run that was interrupted."""
    old = _old(target)
    if not target.exists() and old.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def delete_folder(target: Path) -> None:
    """Delete a folder, with all that an interrupted run left of it."""
    for folder in (target, _new(target), _old(target)):
        shutil.rmtree(folder, ignore_errors=True)


def _new(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
