"""The design of a front cover, and the picture that is drawn from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from makeready.book.model import Book
from makeready.cache import code_version
from makeready.engine.resources import ResourceFolders, find_resource, resource_folders
from makeready.engine.versions import engine_versions
from makeready.findings import Finding, finding_from_dict
from makeready.fonts import Font
from makeready.templates.cover import cover_document, image_page_rule
from makeready.templates.environment import Layouts


@dataclass(frozen=True)
class Design:
    """What a cover is drawn from: its document, its styles, and the folders it may read from."""

    markup: str
    stylesheets: tuple[str, ...]
    fonts: tuple[Font, ...]
    folders: ResourceFolders

    @cached_property
    def key(self) -> str:
        """A digest of all but the files that the document shows."""
        digest = hashlib.sha256(code_version("makeready.cover.draw").encode())
        fonts = [font.path.name for font in self.fonts]
        digest.update(ascii((self.markup, self.stylesheets, fonts, engine_versions())).encode())
        return digest.hexdigest()


def design_of(book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> Design:
    """Return the design of a book's front cover, in the shape every store takes."""
    styles = layouts.stylesheet("cover.css"), image_page_rule()
    folders = resource_folders(book, layouts, fonts)
    return Design(cover_document(book, layouts), styles, fonts, folders)


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


def load_picture(block: bytes) -> Picture:
    """Read what `Picture.dump` wrote; ValueError, KeyError or TypeError when it is no such."""
    sidecar, _, jpeg = block.partition(b"\n")
    data = json.loads(sidecar)
    return Picture(jpeg, tuple(map(finding_from_dict, data["findings"])), dict(data["shown"]))


def digests(folders: Iterable[tuple[str, Path]], names: Iterable[str]) -> dict[str, str]:
    """Digest files by their names in ``folders``; empty where there is no such file."""
    places = dict(folders)
    found = {name: find_resource(places, name) for name in names}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
        for name, path in found.items()
    }
