"""The e-book's cover picture: drawn beside other work, and kept until what it shows changes.

The engine is not imported here, for a kept picture needs none.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from makeready.book.model import Book
from makeready.faces import Face, libraries_by_name
from makeready.findings import Finding, finding_of
from makeready.layout.cover import cover_document, picture_rule
from makeready.layout.environment import Layouts
from makeready.pdf.folders import Folders, find, folders_of
from makeready.pdf.provenance import own_code
from makeready.store import Store

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

LARGEST_BYTES = 50_000_000
"""How large the store of pictures may grow before the one used longest ago is dropped."""

_LIBRARIES = ("weasyprint", "pydyf", "tinycss2", "cssselect2", "pypdfium2", "pillow")
# Under the names that Linux and macOS give them, with the function that tells the version.
_SYSTEM = (
    ("pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0.dylib")),
    ("hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz.dylib")),
)


@dataclass(frozen=True)
class Design:
    """What a cover is drawn from: its document, its styles, and the folders it may read from."""

    markup: str
    stylesheets: tuple[str, ...]
    faces: tuple[Face, ...]
    folders: Folders

    @cached_property
    def key(self) -> str:
        """A digest of all but the files that the document shows."""
        digest = hashlib.sha256(own_code().encode())
        faces = [face.path.name for face in self.faces]
        digest.update(ascii((self.markup, self.stylesheets, faces, _versions())).encode())
        return digest.hexdigest()


def design_of(book: Book, layouts: Layouts, faces: tuple[Face, ...]) -> Design:
    """Return the design of a book's front cover, in the shape every store takes."""
    styles = layouts.stylesheet("cover.css"), picture_rule()
    folders = folders_of(book, layouts, faces)
    return Design(cover_document(book, layouts), styles, faces, folders)


@dataclass(frozen=True, slots=True)
class Picture:
    """A cover that has been drawn, as a JPEG, and what was found in it.

    ``shown`` has the digest of each file it was drawn from, by name; empty where none was found.
    """

    jpeg: bytes
    findings: tuple[Finding, ...]
    shown: Mapping[str, str]

    def dump(self) -> bytes:
        """Write the picture as one block of bytes."""
        findings = [asdict(finding) for finding in self.findings]
        sidecar = json.dumps({"findings": findings, "shown": dict(self.shown)}).encode()
        return sidecar + b"\n" + self.jpeg


def _load(block: bytes) -> Picture:
    """Read what `Picture.dump` wrote; ValueError, KeyError or TypeError when it is no such."""
    sidecar, _, jpeg = block.partition(b"\n")
    data = json.loads(sidecar)
    return Picture(jpeg, tuple(map(finding_of, data["findings"])), dict(data["shown"]))


class CoverPicture:
    """The picture of one design: the kept one, or one that is drawn now."""

    def __init__(self, design: Design, store: Store) -> None:
        self.design = design
        self._store = store
        self._beside: tuple[ForkProcess, Connection] | None = None

    def begin(self) -> None:
        """Begin to draw in a process of its own, where one is needed and can be had.

        A fork of a process that has the engine may hang on a lock that a thread of it held; the
        frameworks of macOS do not survive one at all.
        """
        if sys.platform != "linux" or "weasyprint" in sys.modules or self._kept() is not None:
            return
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_draw_beside, args=(self.design, theirs), daemon=True)
        child.start()
        theirs.close()
        self._beside = child, ours

    def finish(self) -> Picture:
        """Return the picture, drawn by now."""
        picture = self._kept()
        if picture is None:
            picture = self._drawn_beside() or _draw(self.design)
            # What cannot be kept is drawn again the next time.
            with suppress(OSError):
                self._store.put(self.design.key, picture.dump())
                self._store.trim()
        return picture

    def dismiss(self) -> None:
        """End what was begun, needed or not."""
        if self._beside is not None:
            child, pipe = self._beside
            pipe.close()
            child.kill()
            child.join()
            self._beside = None

    def _kept(self) -> Picture | None:
        block = self._store.get(self.design.key)
        try:
            picture = None if block is None else _load(block)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        if picture is None or picture.shown != digests(self.design.folders, picture.shown):
            return None
        return picture

    def _drawn_beside(self) -> Picture | None:
        """Return what the other process drew; None when it met a fault, to be met here too."""
        if self._beside is None:
            return None
        try:
            picture: Picture | None = self._beside[1].recv()
        except (EOFError, OSError):
            picture = None
        self.dismiss()
        return picture


def digests(folders: Iterable[tuple[str, Path]], names: Iterable[str]) -> dict[str, str]:
    """Digest files by their names in ``folders``; empty where there is no such file."""
    places = dict(folders)
    found = {name: find(places, name) for name in names}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
        for name, path in found.items()
    }


def _draw(design: Design) -> Picture:
    with libraries_by_name():
        from makeready.pdf.cover import draw_picture  # noqa: PLC0415

    return draw_picture(design)


def _draw_beside(design: Design, pipe: Connection) -> None:
    # Whoever waits meets the same fault when drawing for himself, and tells of it.
    with suppress(BaseException):
        pipe.send(_draw(design))
    pipe.close()


@cache
def _versions() -> tuple[str, ...]:
    return (*map(version, _LIBRARIES), *(_system_version(*library) for library in _SYSTEM))


def _system_version(function: str, names: tuple[str, ...]) -> str:
    """Return the version of a shared library of the system; empty where there is none."""
    for name in names:
        with suppress(OSError, AttributeError):
            tell = getattr(ctypes.CDLL(name), function)
            tell.restype = ctypes.c_char_p
            return str(tell().decode())
    return ""
