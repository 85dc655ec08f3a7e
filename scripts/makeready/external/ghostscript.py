"""Ghostscript: pages rendered in the inks they are printed with."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from typing import IO

from PIL import Image

from makeready.bootstrap.system_packages import requirement
from makeready.errors import EngineError, MissingToolError
from makeready.external.launch import ending_with_us
from makeready.external.tool import CHECK, ToolState, install_hint, output_of

_OPTIONS = (
    "-q",
    # A PDF can neither read other files nor run a program.
    "-dSAFER",
    "-dBATCH",
    "-dNOPAUSE",
    "-dNoUserUnit",
    "-sDEVICE=pamcmyk32",
    # Colours stay as the file gives them, without a conversion by profiles.
    "-dUseFastColor=true",
    "-sstdout=%stderr",
    "-sOutputFile=-",
)
_ALL_TO_BLACK = "{} setblackgeneration {} setundercolorremoval"
"""The common part of red, green and blue becomes black ink alone, which is the least ink."""
_MEMORY_BYTES = 2**31
_FILE_BYTES = 2**30
_MOST_PIXELS = 50_000_000
_HEADER_LINE_BYTES = 200
_REASON_LETTERS = 200
_LOG_BYTES = 100_000


def ghostscript_path() -> str:
    """Return the path of Ghostscript; raise MissingToolError if it is not installed."""
    path = shutil.which("gs")
    if path is None:
        raise MissingToolError(
            "Ghostscript is not installed",
            f"Install it: {install_hint(requirement('Ghostscript'))}",
        )
    return path


def ghostscript_state() -> ToolState:
    """Return the state of Ghostscript on this machine."""
    wanted, path = requirement("Ghostscript"), shutil.which("gs")
    if path is None:
        return ToolState(wanted.name, wanted.purpose, CHECK, install=install_hint(wanted))
    version = (output_of(path, "--version") or "").strip() or "unknown"
    return ToolState(wanted.name, wanted.purpose, CHECK, version, path)


def render_inks(
    path: Path, pages: Sequence[int], dpi: float, timeout_seconds: float
) -> Iterator[Image.Image]:
    """Yield pages of a PDF as CMYK images, without smoothing.

    ``pages`` are numbers from 1 in ascending order. Raises MissingToolError without Ghostscript,
    and EngineError when it fails, reports an error in the file, or exceeds the time limit.
    """
    program = ghostscript_path()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
        command = [
            program,
            *_OPTIONS,
            f"-r{dpi:g}",
            f"-sPageList={','.join(map(str, pages))}",
            *("-c", _ALL_TO_BLACK, "-f"),
            # An absolute path cannot be taken for an option.
            str(path.resolve()),
        ]
        with subprocess.Popen(
            ending_with_us(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "TMPDIR": folder},
        ) as process:
            _limit_resources(process.pid)
            rendered = 0
            for page in _pages_within(process, timeout_seconds):
                rendered += 1
                yield page
        reason = _first_error(log)
        if process.returncode or rendered < len(pages) or reason:
            raise EngineError(f"Ghostscript cannot render it{reason}")


def _pages_within(process: subprocess.Popen[bytes], seconds: float) -> Iterator[Image.Image]:
    """Yield the pages that a process writes until it ends; kill it after so many seconds."""
    assert process.stdout is not None
    timer = Timer(seconds, process.kill)
    timer.start()
    try:
        while (page := _read_page(process.stdout)) is not None:
            yield page
        process.wait()
        if not timer.is_alive():
            raise EngineError(f"Ghostscript took longer than {seconds:g} s")
    finally:
        timer.cancel()
        process.kill()


def _read_page(output: IO[bytes]) -> Image.Image | None:
    """Read one page in netpbm's PAM format: lines of a key and a value, then the pixels."""
    size: dict[bytes, int] = {}
    while (line := output.readline(_HEADER_LINE_BYTES).strip()) != b"ENDHDR":
        key, _, value = line.partition(b" ")
        if key in (b"WIDTH", b"HEIGHT") and value.isdigit():
            size[key] = int(value)
        elif not line:
            return None
    width, height = size.get(b"WIDTH", 0), size.get(b"HEIGHT", 0)
    if not 0 < width * height <= _MOST_PIXELS:
        return None
    pixels = output.read(4 * width * height)
    if len(pixels) < 4 * width * height:
        return None
    return Image.frombytes("CMYK", (width, height), pixels)


def _limit_resources(pid: int) -> None:
    """Limit the memory of a process and the size of its files, where the system can."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))


def _first_error(log: IO[bytes]) -> str:
    """Return a colon and the first line of the log that is about an error, or nothing."""
    log.seek(0)
    for line in log.read(_LOG_BYTES).decode("utf-8", "replace").splitlines():
        if "error" in line.lower():
            return ": " + line.strip(" *").rstrip(".:")[:_REASON_LETTERS]
    return ""
