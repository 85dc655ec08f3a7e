"""The objects of a PDF that belong to no section: catalog, page tree, structure, fonts, outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from makeready.fonts import Font
from makeready.pdf.fonts import write_fonts
from makeready.pdf.fragment import Destination, FontUse, Fragment
from makeready.pdf.objects import Objects, parse_objects, placeholder
from makeready.pdf.outline import (
    PlacedBookmark,
    nested_bookmarks,
    place_bookmarks,
    write_destinations,
    write_outline,
)
from makeready.pdf.page_labels import page_labels
from makeready.pdf.parts import PartTree
from makeready.pdf.pdfx import write_pdfx
from makeready.pdf.ua_claim import with_place_for_claim

CATALOG, INFO, _PAGES, _DOCUMENT = 1, 2, 3, 4
"""The numbers of the first objects of every file; the parts of a book follow, and the fonts."""

ROLE_MAP = {"Aside": "Div", "Em": "Span", "Strong": "Span"}
"""The structure types that PDF 1.7 does not have, and the nearest one that it has."""

_INFO = "/Info"
_SCREEN_KEYS = frozenset({"/MarkInfo", "/ViewerPreferences"})


@dataclass(frozen=True, slots=True)
class NumberedFragment:
    """A fragment with the number of its first object, and the blank pages before it.

    ``depth`` is the number of the parts and books that it is in.
    """

    fragment: Fragment
    first_number: int
    blanks_before: int
    depth: int

    def reference(self, index: int) -> pikepdf.Object:
        """Return a placeholder for a reference to one of the fragment's objects."""
        return placeholder(f"object.{self.first_number + index}")


@dataclass
class DocumentObjects:
    """The objects of one file that belong to no section.

    The first ones, numbered from 1, are those that sections refer to; their numbers are fixed
    before the sections are known. ``fonts`` are the names of the fonts, and ``parts`` the parts of
    a tagged document. ``right_to_left`` is the direction in which pages follow each other.
    """

    tagged: bool
    fonts: Sequence[str]
    pdf_x: str = "none"
    right_to_left: bool = False
    parts: PartTree = field(default_factory=PartTree)
    _pdf: pikepdf.Pdf = field(default_factory=pikepdf.Pdf.new)

    @property
    def reserved(self) -> int:
        """How many numbers are taken by the objects that sections refer to."""
        own = _DOCUMENT + len(self.parts.parents) if self.tagged else _PAGES
        return own + len(self.fonts)

    def references(self, section: int) -> tuple[tuple[str, int], ...]:
        """Return the numbers of what a section refers to, by the names of their placeholders.

        What is around its structure elements is the document, or the part that it is in.
        """
        if not self.tagged:
            return (("pages", _PAGES),)
        part = self.parts.part_of[section]
        return (("pages", _PAGES), ("document", _DOCUMENT if part is None else _part_number(part)))

    def font_number(self, name: str) -> int:
        """Return the number of a font's object."""
        return self.reserved - len(self.fonts) + 1 + self.fonts.index(name)

    def objects(
        self,
        sections: Sequence[NumberedFragment],
        labels: Sequence[str],
        uses: Mapping[str, FontUse],
        fonts: Sequence[Font],
        blanks_after: int,
    ) -> Objects:
        """Return the objects, the reserved ones first and in their order.

        ``labels`` has a label for each page, blank pages included.
        """
        catalog = self._new(Type=Name.Catalog)
        first = sections[0].fragment.extracted
        info = self._new()
        for key, text in first.catalog_entries.items():
            holder = info if key.startswith(_INFO) else catalog
            holder[key.removeprefix(_INFO)] = pikepdf.Object.parse(text.encode("latin-1"))
        catalog.PageLabels = page_labels(labels)
        catalog.Pages = pages = self._page_tree(sections, blanks_after)
        roots = [catalog, info, pages]
        if self.tagged:
            roots += self._structure(catalog, sections)
            if first.metadata:
                metadata = self._pdf.make_stream(with_place_for_claim(first.metadata))
                metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
                catalog.Metadata = metadata
            self._write_navigation(catalog, sections)
        else:
            for key in _SCREEN_KEYS & set(catalog.keys()):
                del catalog[key]
            write_pdfx(self._pdf, catalog, info, self.pdf_x)
        if self.right_to_left:
            preferences = catalog.get("/ViewerPreferences", Dictionary())
            preferences.Direction = Name.R2L
            catalog.ViewerPreferences = preferences
        font_objects = write_fonts(self._pdf, uses, fonts)
        roots += [font_objects[name] for name in self.fonts]
        return parse_objects(roots, {}, self._pdf)[0]

    def _new(self, **entries: Any) -> pikepdf.Object:
        return self._pdf.make_indirect(Dictionary(**entries))

    def _page_tree(self, sections: Sequence[NumberedFragment], blanks_after: int) -> pikepdf.Object:
        """Return the page tree; blank pages continue the mirroring of the page beside them."""
        pages = self._new(Type=Name.Pages)
        kids: list[pikepdf.Object] = []
        first = 0
        for section in sections:
            first = len(kids) + section.blanks_before
            kids += [
                self._blank_page(section.fragment, pages, is_opposite=distance % 2 == 1)
                for distance in range(section.blanks_before, 0, -1)
            ]
            kids += [section.reference(page) for page in section.fragment.extracted.pages]
        last = len(kids) - first
        kids += [
            self._blank_page(sections[-1].fragment, pages, is_opposite=distance % 2 == 1)
            for distance in range(last, last + blanks_after)
        ]
        pages.Kids, pages.Count = Array(kids), len(kids)
        return pages

    def _blank_page(
        self, fragment: Fragment, parent: pikepdf.Object, *, is_opposite: bool
    ) -> pikepdf.Object:
        """Return a blank page with the boxes of a fragment's first page.

        With ``is_opposite`` it is on the other side of the leaf, and the boxes are mirrored.
        """
        width = sum(fragment.extracted.boxes["/MediaBox"][::2])
        page = self._new(Type=Name.Page, Parent=parent, Resources=Dictionary())
        page.Contents = self._pdf.make_stream(b"")
        for key, box in fragment.extracted.boxes.items():
            left, bottom, right, top = box
            sides = (width - right, width - left) if is_opposite else (left, right)
            page[key] = Array([sides[0], bottom, sides[1], top])
        return page

    def _structure(
        self, catalog: pikepdf.Object, sections: Sequence[NumberedFragment]
    ) -> list[pikepdf.Object]:
        """Write the structure tree; return its document, and the parts in it."""
        root = self._new(Type=Name.StructTreeRoot)
        document = self._new(Type=Name.StructElem, S=Name.Document, P=root)
        parts: list[pikepdf.Object] = []
        for parent in self.parts.parents:
            around = document if parent is None else parts[parent]
            parts.append(self._new(Type=Name.StructElem, S=Name.Part, P=around))
        groups = (document, *parts)
        kids: list[list[pikepdf.Object]] = [[] for _ in groups]
        begun = 0
        for section, part in zip(sections, self.parts.part_of, strict=True):
            group = 0 if part is None else part + 1
            for number in range(begun, group):
                parent = self.parts.parents[number]
                kids[0 if parent is None else parent + 1].append(parts[number])
            begun = max(begun, group)
            kids[group] += [section.reference(e) for e in section.fragment.extracted.elements]
        for element, own in zip(groups, kids, strict=True):
            element.K = Array(own)
        parent_trees = [
            s.reference(s.fragment.extracted.parent_tree)
            for s in sections
            if s.fragment.extracted.parent_tree
        ]
        root.K = Array([document])
        root.ParentTree = self._new(Kids=Array(parent_trees))
        root.RoleMap = Dictionary({f"/{own}": Name(f"/{like}") for own, like in ROLE_MAP.items()})
        self._write_ids(root, sections)
        catalog.StructTreeRoot = root
        return [document, *parts]

    def _write_ids(self, root: pikepdf.Object, sections: Sequence[NumberedFragment]) -> None:
        """Write the tree of the structure elements that have ids (ISO 32000-1, 14.7.2)."""
        elements = {
            name.encode(): section.reference(number)
            for section in sections
            for name, number in section.fragment.extracted.element_ids.items()
        }
        if elements:
            names = Array()
            for name, element in sorted(elements.items()):
                names.append(String(name))
                names.append(element)
            root.IDTree = self._new(Names=names)

    def _write_navigation(
        self, catalog: pikepdf.Object, sections: Sequence[NumberedFragment]
    ) -> None:
        """Write the named destinations and the outline."""
        destinations: list[tuple[Destination, pikepdf.Object]] = []
        bookmarks: list[tuple[int, list[PlacedBookmark]]] = []
        for section in sections:
            pages = [section.reference(page) for page in section.fragment.extracted.pages]
            destinations += [(d, pages[d.page]) for d in section.fragment.destinations]
            bookmarks.append((section.depth, place_bookmarks(section.fragment.bookmarks, pages)))
        write_destinations(self._pdf, catalog, destinations)
        write_outline(self._pdf, catalog, nested_bookmarks(bookmarks))


def _part_number(part: int) -> int:
    """Return the number of a part's object."""
    return _DOCUMENT + 1 + part
