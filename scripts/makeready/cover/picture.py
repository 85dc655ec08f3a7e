"""The e-book's cover picture: drawn beside other work, and kept until what it shows changes.

The engine is not imported here, for a kept picture needs none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from makeready.book.model import Book
from makeready.cache import Store, code_version
from makeready.engine.resources import ResourceFolders, find, resource_folders
from makeready.engine.versions import engine_versions
from makeready.findings import Finding, finding_of
from makeready.fonts import Face, libraries_by_name, seal_fontconfig
from makeready.templates.cover import cover_document, picture_rule
from makeready.templates.environment import Layouts

LARGEST_BYTES = 50_000_000
"""How large the store of pictures may grow before the one used longest ago is dropped."""


@dataclass(frozen=True)
class Design:
    """What a cover is drawn from: its document, its styles, and the folders it may read from."""

    markup: str
    stylesheets: tuple[str, ...]
    faces: tuple[Face, ...]
    folders: ResourceFolders

    @cached_property
    def key(self) -> str:
        """A digest of all but the files that the document shows."""
        digest = hashlib.sha256(code_version("makeready.cover.draw").encode())
        faces = [face.path.name for face in self.faces]
        digest.update(ascii((self.markup, self.stylesheets, faces, engine_versions())).encode())
        return digest.hexdigest()


def design_of(book: Book, layouts: Layouts, faces: tuple[Face, ...]) -> Design:
    """Return the design of a book's front cover, in the shape every store takes."""
    styles = layouts.stylesheet("cover.css"), picture_rule()
    folders = resource_folders(book, layouts, faces)
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


Begin = Callable[["Callable[[Design], Picture]", Design], "Future[Picture] | None"]
"""Has work begun by a worker; None where there is none to do it."""


class CoverPicture:
    """The picture of one design: the kept one, or one that is drawn now."""

    def __init__(self, design: Design, store: Store) -> None:
        self.design = design
        self._store = store
        self._beside: Future[Picture] | None = None

    def begin(self, begin: Begin) -> None:
        """Have it drawn beside, where it is not kept."""
        if self._kept() is None:
            self._beside = begin(_draw, self.design)

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
        """Return what a worker drew; None when it met a fault, to be met here too."""
        picture = None
        if self._beside is not None:
            with suppress(Exception):
                picture = self._beside.result()
            self._beside = None
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
    seal_fontconfig(design.faces)
    with libraries_by_name():
        from makeready.cover.draw import draw_picture  # noqa: PLC0415

    return draw_picture(design)
