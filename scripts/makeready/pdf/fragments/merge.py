"""Fragments put together into one file."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.faces import Face
from makeready.pdf.fragments.fonts import union, write_fonts
from makeready.pdf.fragments.fragment import Destination, Fragment
from makeready.pdf.fragments.numbers import PageNumber, set_numbers
from makeready.pdf.fragments.outline import (
    PlacedBookmark,
    placed,
    write_destinations,
    write_outline,
)
from makeready.pdf.fragments.setting import ELSEWHERE
from makeready.pdf.fragments.structure import StructureTree

_DOCUMENT_KEYS = ("/Lang", "/ViewerPreferences", "/MarkInfo", "/Metadata")


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment in its place: ``labels`` is one a page, ``blanks_before`` are blank pages."""

    name: str
    fragment: Fragment
    labels: Sequence[str]
    blanks_before: int = 0


@dataclass
class Merge:
    """One merged file in the making; ``pages_of`` gives the label of the page of an anchor."""

    faces: Sequence[Face]
    pages_of: dict[str, str]
    tagged: bool
    _pdf: pikepdf.Pdf = field(default_factory=pikepdf.Pdf.new)
    _sources: list[pikepdf.Pdf] = field(default_factory=list)
    _images: dict[bytes, pikepdf.Object] = field(default_factory=dict)
    _font_dictionaries: list[pikepdf.Object] = field(default_factory=list)
    _destinations: list[tuple[Destination, pikepdf.Object]] = field(default_factory=list)
    _bookmarks: list[PlacedBookmark] = field(default_factory=list)

    def write(
        self, parts: Sequence[Part], labels: Dictionary, blanks_after: int = 0
    ) -> pikepdf.Pdf:
        """Merge the parts in their order; the file is open, and not yet saved."""
        structure = StructureTree(self._pdf)
        for part in parts:
            pages = self._add_pages(part)
            if self.tagged:
                structure.take(self._sources[-1], pages, part.name)
            self._place_links(pages)
            self._destinations += [(d, pages[d.page]) for d in part.fragment.destinations]
            self._bookmarks += placed(part.fragment.bookmarks, pages)
        for _ in range(blanks_after):
            self._add_blank(self._pdf.pages[-1].obj)
        self._write_fonts(parts)
        if self.tagged:
            structure.write()
        write_destinations(self._pdf, self._destinations)
        write_outline(self._pdf, self._bookmarks)
        self._pdf.Root.PageLabels = labels
        return self._pdf

    def _add_pages(self, part: Part) -> list[pikepdf.Object]:
        """Append a part's pages, its page numbers set; return them as objects of the file."""
        source = pikepdf.open(io.BytesIO(part.fragment.content))
        self._sources.append(source)
        if len(self._sources) == 1:
            self._take_document(source)
        for _ in range(part.blanks_before):
            self._add_blank(source.pages[0].obj)
        first = len(self._pdf.pages)
        with warnings.catch_warnings():
            # Destinations and links are written anew for the whole, from the sidecars.
            warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
            self._pdf.pages.extend(source.pages)
        pages: list[pikepdf.Object] = [
            self._pdf.pages[n].obj for n in range(first, len(self._pdf.pages))
        ]
        resources = pages[0].Resources
        self._font_dictionaries.append(resources.get("/Font", Dictionary()))
        self._share_images(resources)
        self._set_numbers(part, pages)
        return pages

    def _take_document(self, source: pikepdf.Pdf) -> None:
        """Take what is said once of the whole document from the first fragment."""
        for key in _DOCUMENT_KEYS:
            if key in source.Root:
                value = source.Root[key]
                if isinstance(value, pikepdf.Stream):
                    self._pdf.Root[key] = self._pdf.copy_foreign(value)
                elif isinstance(value, pikepdf.Dictionary):
                    self._pdf.Root[key] = Dictionary(dict(value.items()))
                else:
                    self._pdf.Root[key] = value
        for key, value in source.docinfo.items():
            self._pdf.docinfo[key] = String(str(value))

    def _add_blank(self, like: pikepdf.Object) -> None:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([float(v) for v in like.MediaBox]),
            Resources=Dictionary(),
            Contents=self._pdf.make_stream(b""),
        )
        for key in ("/TrimBox", "/BleedBox"):
            if key in like:
                page[key] = Array([float(v) for v in like[key]])
        self._pdf.pages.append(pikepdf.Page(self._pdf.make_indirect(page)))

    def _share_images(self, resources: pikepdf.Object) -> None:
        """Keep one copy of an image that several sections show."""
        for name, image in dict(resources.get("/XObject", {}).items()).items():
            if image.get("/Subtype") != "/Image":
                continue
            mask = image.get("/SMask")
            content = image.read_raw_bytes() + (mask.read_raw_bytes() if mask is not None else b"")
            digest = hashlib.sha256(content).digest()
            resources.XObject[name] = self._images.setdefault(digest, image)

    def _set_numbers(self, part: Part, pages: Sequence[pikepdf.Object]) -> None:
        by_page: dict[int, dict[int, PageNumber]] = {}
        for key, number in enumerate(part.fragment.numbers):
            if number.glyphs:
                by_page.setdefault(number.page, {})[key] = number
        for page, numbers in by_page.items():
            wanted = {
                key: self.pages_of[number.target] if number.target else part.labels[page]
                for key, number in numbers.items()
            }
            stream = pages[page].Contents
            stream.write(set_numbers(stream.read_bytes(), numbers, wanted))

    def _place_links(self, pages: Sequence[pikepdf.Object]) -> None:
        """Turn the addresses of other sections into links to their places."""
        for page in pages:
            for annotation in page.get("/Annots", ()):
                action = annotation.get("/A")
                address = str(action.get("/URI", "")) if action is not None else ""
                if address.startswith(ELSEWHERE):
                    anchor = address.removeprefix(ELSEWHERE)
                    del annotation["/A"]
                    annotation.Dest = String(anchor)
                    annotation.Contents = String(anchor)

    def _write_fonts(self, parts: Sequence[Part]) -> None:
        uses = union(part.fragment.fonts for part in parts)
        fonts = write_fonts(self._pdf, uses, self.faces)
        for dictionary in self._font_dictionaries:
            for name in list(dictionary.keys()):
                dictionary[name] = fonts[name.removeprefix("/")]
