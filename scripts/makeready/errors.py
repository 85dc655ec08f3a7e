"""The errors that end a run, each with its exit code."""

from __future__ import annotations

import errno
import os
from typing import Any


class MakereadyError(Exception):
    """An error with a message and a hint that a user can act on."""

    exit_code = 5

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[MakereadyError], tuple[Any, ...]]:
        return type(self), (self.message, self.hint)


class FindingsError(MakereadyError):
    """A fault in the book or its styles; nothing is written of the editions it affects.

    ``problem`` is what is wrong. With a ``path``, relative to the book's folder, the message
    begins with where it is.
    """

    exit_code = 1

    def __init__(
        self, problem: str, hint: str = "", path: str = "", line: int | None = None
    ) -> None:
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {problem}" if path else problem, hint)
        self.problem = problem
        self.path = path
        self.line = line

    def __reduce__(self) -> tuple[type[FindingsError], tuple[Any, ...]]:
        return type(self), (self.problem, self.hint, self.path, self.line)


class UsageError(MakereadyError):
    """A command line that names something that does not exist."""

    exit_code = 2


class MissingToolError(MakereadyError):
    """A system library or external tool that is not installed."""

    exit_code = 3


class EngineError(MakereadyError):
    """An engine or external tool that crashed or ran past its time limit."""

    exit_code = 4


class OutputError(MakereadyError):
    """A file that cannot be written: the disk is full or read-only, or a folder is in use."""

    exit_code = 6


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_FULL_HINT = "Free some space there, or name other folders with --output and --cache."
_FORBIDDEN_HINT = "Change its permissions, or name other folders with --output and --cache."
_FILE_HINT = "Look at what is there, or name other folders with --output and --cache."


def file_error(error: OSError) -> OutputError:
    """Return the error for a file that the system did not let be read or written."""
    problem = error.strerror or str(error) or type(error).__name__
    # Of a file that is renamed, the new name is what the user knows.
    name = error.filename2 or error.filename
    path = f" {os.fsdecode(name)}" if isinstance(name, str | bytes) else ""
    hint = _FILE_HINT
    if error.errno in _FULL:
        hint = _FULL_HINT
    elif error.errno in _FORBIDDEN:
        hint = _FORBIDDEN_HINT
    return OutputError(f"Cannot read or write{path}: {problem[:1].lower()}{problem[1:]}.", hint)


def missing_module(error: ImportError) -> MissingToolError:
    """Return the error for a Python module that is not installed, or cannot be loaded."""
    problem = f"{error.name} is not installed" if isinstance(error, ModuleNotFoundError) else error
    return MissingToolError(f"A Python package is missing: {problem}.", "Run `makeready doctor`.")


LIBRARY_CRASHED = "its process ended"
"""The beginning of the reason for a crash of a library that is not written in Python."""

WORKER_ENDED = "its worker process ended unexpectedly, perhaps for lack of memory"
TOO_DEEP = "blocks are nested too deeply"
OUT_OF_MEMORY = "out of memory"


def reason_of(error: BaseException) -> str:
    """Return in words why work ended in an unexpected exception."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    if isinstance(error, OSError) and error.errno is not None:
        return file_error(error).message.rstrip(".")
    return f"{type(error).__name__}: {error}"
