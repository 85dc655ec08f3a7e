"""Replacing a folder as a whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from makeready.deletion import CHECKSUMS, delete_tree, delete_upload_folder
from makeready.errors import UsageError


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a new folder to fill, which replaces ``target`` at the end.

    The old folder is renamed first and deleted last, so a run that is interrupted leaves one of
    the two complete, and the next run restores it. Files in it that are not of an upload folder
    are kept. UsageError if the folder that ``target`` is in is a symbolic link.
    """
    if target.parent.is_symlink():
        raise UsageError(
            f"{target.parent.as_posix()} is a symbolic link.",
            "Delete it, or choose another --output.",
        )
    restore_folder(target)
    new, old = _new(target), _old(target)
    delete_tree(new)
    new.mkdir(parents=True)
    try:
        yield new
        if os.path.lexists(target):
            target.rename(old)
        new.rename(target)
    except BaseException:
        restore_folder(target)
        delete_tree(new)
        raise
    _delete_old(target)


def write_checksums(folder: Path) -> None:
    """Write the SHA-256 checksums of all files of a folder to its ``SHA256SUMS``."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    ]
    (folder / CHECKSUMS).write_text("".join(lines), "utf-8")


def as_json(data: object) -> str:
    """Return data as indented JSON, which people can read too."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def restore_folder(target: Path) -> None:
    """Restore the old folder after a run that was interrupted."""
    old = _old(target)
    if not os.path.lexists(target) and os.path.lexists(old):
        old.rename(target)
    _delete_old(target)


def delete_folder(target: Path) -> None:
    """Delete an upload folder, with all that an interrupted run left of it."""
    if target.parent.is_symlink():
        return
    delete_upload_folder(target.parent, target.name)
    delete_tree(_new(target))
    delete_upload_folder(target.parent, _old(target).name)


def _delete_old(target: Path) -> None:
    """Delete the folder that was replaced, and keep what is not of an upload folder in the new."""
    old = _old(target)
    delete_upload_folder(old.parent, old.name)
    if not old.is_dir():
        return
    for path in [path for path in old.rglob("*") if path.is_symlink() or not path.is_dir()]:
        kept = target / path.relative_to(old)
        kept.parent.mkdir(parents=True, exist_ok=True)
        path.rename(kept.with_name(f"{kept.name}.old") if os.path.lexists(kept) else kept)
    delete_tree(old)


def _new(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")
