"""Ghostscript, which renders pages in the inks they are printed with."""

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

from makeready.errors import EngineError, MissingToolError

_INSTALL = (
    "On Debian or Ubuntu: sudo apt-get install ghostscript; on macOS: brew install ghostscript"
)
_OPTIONS = (
    "-q",
    # What the file is made of cannot reach other files, and nothing can be run.
    "-dSAFER",
    "-dBATCH",
    "-dNOPAUSE",
    "-dNoUserUnit",
    "-sDEVICE=pamcmyk32",
    # Colours are to be seen as they are, not as a profile turns them.
    "-dUseFastColor=true",
    "-sstdout=%stderr",
    "-sOutputFile=-",
)
_ALL_TO_BLACK = "{} setblackgeneration {} setundercolorremoval"
"""What red, green and blue have in common becomes black ink alone: the least ink there can be."""
_MOST_MEMORY = 2**31
_MOST_WRITTEN = 2**30
_MOST_PIXELS = 50_000_000
_LONGEST_LINE = 200
_LONGEST_REASON = 200
_MOST_SAID = 100_000


def ghostscript() -> str:
    """Return the path of Ghostscript, or raise MissingToolError with how to install it."""
    path = shutil.which("gs")
    if path is None:
        raise MissingToolError("Ghostscript is not installed", _INSTALL)
    return path


def ink_pages(
    path: Path, pages: Sequence[int], dpi: float, timeout_seconds: float
) -> Iterator[Image.Image]:
    """Yield some pages, from 1 and ascending, in cyan, magenta, yellow and black, unsmoothed.

    Raises MissingToolError without Ghostscript; EngineError when it fails, complains of the
    file, or runs past its time.
    """
    program = ghostscript()
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as said:
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
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "TMPDIR": folder},
        ) as process:
            _bound(process.pid)
            came = 0
            for page in _in_time(process, timeout_seconds):
                came += 1
                yield page
        complaint = _complaint(said)
        if process.returncode or came < len(pages) or complaint:
            raise EngineError(f"Ghostscript cannot render it{complaint}")


def _in_time(process: subprocess.Popen[bytes], seconds: float) -> Iterator[Image.Image]:
    """Yield the pages that a process writes until it ends; it is ended when its time is over."""
    assert process.stdout is not None
    late = Timer(seconds, process.kill)
    late.start()
    try:
        while (page := _read(process.stdout)) is not None:
            yield page
        process.wait()
        if not late.is_alive():
            raise EngineError(f"Ghostscript took longer than {seconds:g} seconds")
    finally:
        late.cancel()
        process.kill()


def _read(written: IO[bytes]) -> Image.Image | None:
    """Read one page in the form of PAM (netpbm): lines of a key and a value, then the pixels."""
    size: dict[bytes, int] = {}
    while (line := written.readline(_LONGEST_LINE).strip()) != b"ENDHDR":
        key, _, value = line.partition(b" ")
        if key in (b"WIDTH", b"HEIGHT") and value.isdigit():
            size[key] = int(value)
        elif not line:
            return None
    width, height = size.get(b"WIDTH", 0), size.get(b"HEIGHT", 0)
    if not 0 < width * height <= _MOST_PIXELS:
        return None
    pixels = written.read(4 * width * height)
    if len(pixels) < 4 * width * height:
        return None
    return Image.frombytes("CMYK", (width, height), pixels)


def _bound(pid: int) -> None:
    """Bound the memory of a process, and the files it writes, where the system can."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))


def _complaint(said: IO[bytes]) -> str:
    """Return the first line that speaks of an error, after a colon, or nothing."""
    said.seek(0)
    for line in said.read(_MOST_SAID).decode("utf-8", "replace").splitlines():
        if "error" in line.lower():
            return ": " + line.strip(" *").rstrip(".:")[:_LONGEST_REASON]
    return ""
