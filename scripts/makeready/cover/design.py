"""The design of a front cover, and the cover image drawn from it, as values."""

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
class CoverDesign:
    """The design of a cover image: document, stylesheets, fonts, and the folders it reads."""

    document: str
    stylesheets: tuple[str, ...]
    fonts: tuple[Font, ...]
    folders: ResourceFolders

    @cached_property
    def key(self) -> str:
        """A digest of the design, our code and the engine, without the files it shows."""
        digest = hashlib.sha256(code_version("makeready.cover.draw").encode())
        fonts = [(font.path.name, font.roles, font.scripts) for font in self.fonts]
        digest.update(ascii((self.document, self.stylesheets, fonts, engine_versions())).encode())
        return digest.hexdigest()


def cover_design(book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> CoverDesign:
    """Return the design of a book's cover image, of a size that every store accepts."""
    styles = layouts.stylesheet("cover.css", book.metadata.language), image_page_rule()
    folders = resource_folders(book, layouts, fonts)
    return CoverDesign(cover_document(book, layouts), styles, fonts, folders)


@dataclass(frozen=True, slots=True)
class CoverImage:
    """A cover image as a JPEG, and the findings about it.

    ``shown`` has the SHA-256 of each file it shows, by name, empty for a file that is missing.
    """

    jpeg: bytes
    findings: tuple[Finding, ...]
    shown: Mapping[str, str]

    def dump(self) -> bytes:
        """Return the image as bytes: a line of JSON, and the JPEG."""
        findings = [asdict(finding) for finding in self.findings]
        sidecar = json.dumps({"findings": findings, "shown": dict(self.shown)}).encode()
        return sidecar + b"\n" + self.jpeg


def load_cover_image(content: bytes) -> CoverImage:
    """Read what `CoverImage.dump` returned; ValueError, KeyError or TypeError if it is not that."""
    sidecar, _, jpeg = content.partition(b"\n")
    data = json.loads(sidecar)
    return CoverImage(jpeg, tuple(map(finding_from_dict, data["findings"])), dict(data["shown"]))


def file_digests(folders: Iterable[tuple[str, Path]], names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of files by their names in ``folders``, empty for a missing file."""
    by_name = dict(folders)
    paths = {name: find_resource(by_name, name) for name in names}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
        for name, path in paths.items()
    }
