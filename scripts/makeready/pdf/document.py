"""The frame of a whole file: catalogue, page tree, structure, fonts, outline, names, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from makeready.fonts import Font
from makeready.pdf.fonts import write_fonts
from makeready.pdf.fragment import Destination, FontUse, Fragment
from makeready.pdf.objects import Objects, blank, parse_objects
from makeready.pdf.outline import (
    PlacedBookmark,
    place_bookmarks,
    write_destinations,
    write_outline,
)
from makeready.pdf.page_labels import page_labels
from makeready.pdf.pdfx import write_pdfx

CATALOGUE, INFO, _PAGES, _DOCUMENT = 1, 2, 3, 4
"""The numbers of the first objects of every file; fonts follow."""

_INFO = "/Info"
_FOR_SCREENS = frozenset({"/MarkInfo", "/ViewerPreferences"})


@dataclass(frozen=True, slots=True)
class PlacedFragment:
    """A fragment whose objects are numbered from ``first_number``, after some blank pages."""

    fragment: Fragment
    first_number: int
    blanks_before: int

    def reference(self, local: int) -> pikepdf.Object:
        """Return what refers to one of the fragment's objects."""
        return blank(f"object.{self.first_number + local}")


@dataclass
class DocumentObjects:
    """A frame in the making; its first objects, numbered from 1, are what sections refer to."""

    tagged: bool
    fonts: Sequence[str]
    pdf_x: str = "none"
    _pdf: pikepdf.Pdf = field(default_factory=pikepdf.Pdf.new)

    @property
    def reserved(self) -> int:
        """How many numbers are given out before the sections' own."""
        return (_DOCUMENT if self.tagged else _PAGES) + len(self.fonts)

    @property
    def known(self) -> tuple[tuple[str, int], ...]:
        """The numbers of what every section refers to, by their blanks."""
        document = (("document", _DOCUMENT),) if self.tagged else ()
        return (("pages", _PAGES), *document)

    def font_number(self, name: str) -> int:
        """Return the number of a font."""
        return self.reserved - len(self.fonts) + 1 + self.fonts.index(name)

    def objects(
        self,
        parts: Sequence[PlacedFragment],
        labels: Sequence[str],
        uses: Mapping[str, FontUse],
        fonts: Sequence[Font],
        blanks_after: int,
    ) -> Objects:
        """Return the frame's objects, the reserved ones first and in their order."""
        catalog = self._new(Type=Name.Catalog)
        first = parts[0].fragment.extracted
        info = self._new()
        for key, text in first.catalog_entries.items():
            holder = info if key.startswith(_INFO) else catalog
            holder[key.removeprefix(_INFO)] = pikepdf.Object.parse(text.encode("latin-1"))
        catalog.PageLabels = page_labels(labels)
        catalog.Pages = pages = self._page_tree(parts, blanks_after)
        roots = [catalog, info, pages]
        if self.tagged:
            roots.append(self._structure(catalog, parts))
            if first.metadata:
                metadata = self._pdf.make_stream(first.metadata)
                metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
                catalog.Metadata = metadata
            self._write_places(catalog, parts)
        else:
            for key in _FOR_SCREENS & set(catalog.keys()):
                del catalog[key]
            write_pdfx(self._pdf, catalog, info, self.pdf_x)
        written = write_fonts(self._pdf, uses, fonts)
        roots += [written[name] for name in self.fonts]
        return parse_objects(roots, {}, self._pdf)[0]

    def _new(self, **entries: Any) -> pikepdf.Object:
        return self._pdf.make_indirect(Dictionary(**entries))

    def _page_tree(self, parts: Sequence[PlacedFragment], blanks_after: int) -> pikepdf.Object:
        pages = self._new(Type=Name.Pages)
        kids: list[pikepdf.Object] = []
        first = 0
        for part in parts:
            first = len(kids) + part.blanks_before
            kids += [
                self._blank_page(part.fragment, pages, is_opposite=distance % 2 == 1)
                for distance in range(part.blanks_before, 0, -1)
            ]
            kids += [part.reference(page) for page in part.fragment.extracted.pages]
        last = len(kids) - first
        kids += [
            self._blank_page(parts[-1].fragment, pages, is_opposite=distance % 2 == 1)
            for distance in range(last, last + blanks_after)
        ]
        pages.Kids, pages.Count = Array(kids), len(kids)
        return pages

    def _blank_page(
        self, like: Fragment, parent: pikepdf.Object, *, is_opposite: bool
    ) -> pikepdf.Object:
        """Make a blank page with the boxes of a first page, mirrored on the side opposite it."""
        width = sum(like.extracted.boxes["/MediaBox"][::2])
        page = self._new(Type=Name.Page, Parent=parent, Resources=Dictionary())
        page.Contents = self._pdf.make_stream(b"")
        for key, box in like.extracted.boxes.items():
            left, bottom, right, top = box
            sides = (width - right, width - left) if is_opposite else (left, right)
            page[key] = Array([sides[0], bottom, sides[1], top])
        return page

    def _structure(
        self, catalog: pikepdf.Object, parts: Sequence[PlacedFragment]
    ) -> pikepdf.Object:
        """Put one document over the sections' own structure trees."""
        root = self._new(Type=Name.StructTreeRoot)
        document = self._new(Type=Name.StructElem, S=Name.Document, P=root)
        document.K = Array([p.reference(e) for p in parts for e in p.fragment.extracted.elements])
        parents = [
            p.reference(p.fragment.extracted.parents) for p in parts if p.fragment.extracted.parents
        ]
        root.K = Array([document])
        root.ParentTree = self._new(Kids=Array(parents))
        catalog.StructTreeRoot = root
        return document

    def _write_places(self, catalog: pikepdf.Object, parts: Sequence[PlacedFragment]) -> None:
        destinations: list[tuple[Destination, pikepdf.Object]] = []
        bookmarks: list[PlacedBookmark] = []
        for part in parts:
            pages = [part.reference(page) for page in part.fragment.extracted.pages]
            destinations += [(d, pages[d.page]) for d in part.fragment.destinations]
            bookmarks += place_bookmarks(part.fragment.bookmarks, pages)
        write_destinations(self._pdf, catalog, destinations)
        write_outline(self._pdf, catalog, bookmarks)
