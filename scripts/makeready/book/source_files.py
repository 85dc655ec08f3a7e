"""Reading the files of a book: ordinary ones inside its folder, up to a size.

A book may come from a stranger, and may be changed while it is read. A file is looked at through
the descriptor that it is then read from, and none of its folders is a link by then.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

TOML_BYTES = 1_000_000
"""The largest size of a TOML file of a book."""

_INSIDE = os.O_NOFOLLOW | os.O_CLOEXEC
# To look for a name in a folder takes less permission than to list the folder.
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY
# Without waiting: a named pipe would otherwise be opened when somebody writes to it.
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY


class FileRefusedError(Exception):
    """A file that is not read; ``problem`` completes “cannot be read:”.

    ``is_outside`` the book's folder, ``is_missing``, or larger than is allowed, by its ``size``.
    """

    def __init__(
        self,
        problem: str,
        *,
        is_outside: bool = False,
        is_missing: bool = False,
        size: int | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_outside = is_outside
        self.is_missing = is_missing
        self.size = size


def read_book_file(root: Path, name: str, most_bytes: int) -> bytes:
    """Return the content of the file ``name`` in a book's folder; FileRefusedError if it has none.

    A symbolic link may lead to another file in the folder.
    """
    try:
        real_root = root.resolve(strict=True)
        path = (real_root / name).resolve(strict=True)
        if not path.is_relative_to(real_root):
            raise FileRefusedError("it is outside the book's folder", is_outside=True)
        return _read(real_root, path.relative_to(real_root).parts, most_bytes)
    except FileNotFoundError as error:
        raise FileRefusedError("there is no such file", is_missing=True) from error
    except OSError as error:
        raise FileRefusedError(error.strerror or str(error)) from error
    except RuntimeError as error:
        raise FileRefusedError("its symbolic links form a loop") from error
    except ValueError as error:
        raise FileRefusedError("no file can have this name") from error


def read_file(path: Path, most_bytes: int) -> bytes:
    """Return the content of a file wherever it is; FileRefusedError as `read_book_file`."""
    path = path.absolute()
    return read_book_file(Path(path.anchor), str(path), most_bytes)


def _read(root: Path, parts: tuple[str, ...], most_bytes: int) -> bytes:
    """Read a file by the names of its folders and its own, none of which is a link."""
    if not parts:
        raise FileRefusedError("it is not an ordinary file")
    folder = os.open(root, _FOLDER | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER | _INSIDE, dir_fd=folder)
            os.close(folder)
            folder = inner
        descriptor = os.open(parts[-1], _FILE | _INSIDE, dir_fd=folder)
    finally:
        os.close(folder)
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise FileRefusedError("it is not an ordinary file")
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        size = max(state.st_size, len(content))
        raise FileRefusedError(f"it is larger than {most_bytes:,} bytes", size=size)
    return content
