"""``makeready outline``: what a screen reader says of finished PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from makeready.checks.reading.document import error_text
from makeready.checks.reading.read_aloud import ReadAloud, read_aloud
from makeready.errors import FindingsError, UsageError
from makeready.pdf_content.graphics_state import MALFORMED_CONTENT
from makeready.workers.limited import Stopped, run_limited
from makeready.workers.progress import Report, Step


@dataclass(frozen=True, slots=True)
class FileAloud:
    """A file as a screen reader says it, or the error that reading it ended in."""

    path: Path
    said: ReadAloud | None = None
    error: FindingsError | None = None


def read_files_aloud(
    files: Sequence[Path], report: Report, step_seconds: float
) -> tuple[FileAloud, ...]:
    """Read PDFs of any program, each in a child process; the error of one does not stop others."""
    for path in files:
        if not path.is_file():
            raise UsageError(f"File not found: {path.as_posix()}.", "Give the path of a PDF.")
    return tuple(_one(path, report, step_seconds) for path in files)


def _one(path: Path, report: Report, step_seconds: float) -> FileAloud:
    try:
        said = run_limited(_read, path, report, step_seconds)
    except FindingsError as error:
        return FileAloud(path, error=error)
    if isinstance(said, Stopped):
        problem = f"{path.as_posix()} cannot be read: {said.reason}."
        return FileAloud(path, error=FindingsError(problem, said.hint))
    return FileAloud(path, said)


def _read(path: Path, report: Report) -> ReadAloud:
    report(Step("Reading", path.name))
    name = path.as_posix()
    try:
        with pikepdf.open(path) as pdf:
            said = read_aloud(pdf)
    except pikepdf.PasswordError as error:
        raise FindingsError(
            f"{name} is encrypted with a password.", "Save it without a password."
        ) from error
    except MALFORMED_CONTENT as error:
        raise FindingsError(
            f"{name} cannot be read: {error_text(error, path)}.",
            "Give the path of a PDF; if it is one, export it again.",
        ) from error
    if said is None:
        raise FindingsError(
            f"{name} has no tags, so a screen reader has no order to read it in.",
            'Make a screen edition (kind = "screen"); from another program, export a tagged PDF.',
        )
    return said
