"""Pandoc: documents of word processors made into Markdown."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from makeready.bootstrap.system_packages import requirement
from makeready.errors import EngineError, MissingToolError
from makeready.external.launch import ending_with_us
from makeready.external.tool import IMPORTS, ToolState, install_hint, output_of

DOCUMENT = "document.md"
_SECONDS = 120
_REASON_LETTERS = 300
# One form for each thing: tables with pipes, notes at the end, plain Markdown for the rest.
_TO = "markdown-smart-simple_tables-multiline_tables-grid_tables-raw_attribute-bracketed_spans"


def pandoc_state() -> ToolState:
    """Return the state of pandoc on this machine."""
    wanted, path = requirement("pandoc"), shutil.which("pandoc")
    if path is None:
        return ToolState(wanted.name, wanted.purpose, IMPORTS, install=install_hint(wanted))
    version = (output_of(path, "--version") or "").split("\n")[0].removeprefix("pandoc").strip()
    return ToolState(wanted.name, wanted.purpose, IMPORTS, version or "unknown", path)


def convert_document(path: Path, folder: Path) -> str:
    """Write a document as Markdown, with its images, to a folder; return the file's name.

    MissingToolError where pandoc is not installed, EngineError where it fails.
    """
    program = shutil.which("pandoc")
    if program is None:
        raise MissingToolError(
            f"{path.as_posix()} can be read only with pandoc, which is not installed.",
            f"Install it: {install_hint(requirement('pandoc'))}",
        )
    command = [program, "--to", _TO, "--standalone", "--wrap=none", "--extract-media=."]
    command += ["--markdown-headings=atx", "--output", DOCUMENT, str(path.resolve())]
    try:
        done = subprocess.run(
            ending_with_us(command, offline=True),
            cwd=folder,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"pandoc took more than {_SECONDS} s for {path.as_posix()}.",
            "Save the document as Markdown in the word processor.",
        ) from error
    if done.returncode or not (folder / DOCUMENT).is_file():
        reason = done.stderr.decode("utf-8", "replace").strip()[:_REASON_LETTERS]
        raise EngineError(f"pandoc cannot read {path.as_posix()}: {reason or 'it failed'}.")
    return DOCUMENT
