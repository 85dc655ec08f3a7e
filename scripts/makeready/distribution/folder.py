"""A folder that is put in its place whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a new folder to be filled, which takes the place of ``target`` when it is whole.

    What stood there steps aside first and goes last: a run that is cut short leaves one of the
    two whole, and the next one puts it back.
    """
    put_back(target)
    new, old = _new(target), _old(target)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        yield new
        if target.exists():
            target.rename(old)
        new.rename(target)
    except BaseException:
        put_back(target)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of every file of a folder into its ``SHA256SUMS``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), "utf-8")


def as_json(data: object) -> str:
    """Return data as the JSON that people read too."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def put_back(target: Path) -> None:
    """Put back what stepped aside in a run that was cut short."""
    old = _old(target)
    if not target.exists() and old.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def take_away(target: Path) -> None:
    """Take a folder away, with all that a run that was cut short left of it."""
    for folder in (target, _new(target), _old(target)):
        shutil.rmtree(folder, ignore_errors=True)


def _new(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
