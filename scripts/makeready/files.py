"""Writing of files whole or not at all, and reading of folders without following links."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def write_whole(target: Path, content: bytes, folder: Path | None = None) -> None:
    """Write ``content`` to another file, then rename it: a reader never sees half.

    The other file is in ``folder`` on the same disk, or else beside ``target``. It is
    on the disk before it is renamed, so a power cut leaves the old file or the new one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not a file of tempfile: those are for their owner alone, whatever the umask says.
    temporary = (folder or target.parent) / f".{target.name}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, _CREATE, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            # The error of a full disk names no file, and other errors the temporary one.
            error.filename = str(target)
        raise
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Write the names of a folder's files to the disk, where the file system can."""
    with suppress(OSError), open_folder(folder) as opened:
        os.fsync(opened)


@contextmanager
def open_folder(path: Path, *inside: str, create: bool = False) -> Iterator[int]:
    """Yield a descriptor of a folder, or of one ``inside`` it.

    The folder may be a symbolic link; OSError if one inside it is a link, or does not exist and is
    not to be created.
    """
    if create:
        path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, _FOLDER)
    try:
        with open_inside(descriptor, *inside, create=create) as opened:
            yield opened
    finally:
        os.close(descriptor)


@contextmanager
def open_inside(folder: int, *names: str, create: bool = False) -> Iterator[int]:
    """Yield a descriptor of a folder inside an open one, as `open_folder` does."""
    descriptor = os.dup(folder)
    try:
        for name in names:
            if create:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=descriptor)
            inner = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def read_inside(folder: int, name: str) -> bytes:
    """Return the content of an ordinary file in an open folder; OSError if it is none."""
    with os.fdopen(os.open(name, _READ, dir_fd=folder), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(f"{name} is not an ordinary file")
        return file.read()


def names_inside(folder: int) -> list[str]:
    """Return the names of what is in an open folder, sorted."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)


def write_inside(folder: int, name: str, content: bytes, permissions: int = 0o666) -> None:
    """Write a file of an open folder whole or not at all, but not flushed to the disk."""
    temporary = f".{name}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, _CREATE, permissions, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
