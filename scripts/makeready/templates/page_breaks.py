"""Page break markers: where the pages of the print edition begin in the text of an e-book.

Positions are counted in letters of the printed text. A reference may be printed differently than
in the e-book ("page 41"), so the printed text is compared piece by piece.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from lxml import etree
from markupsafe import Markup

from makeready.book.model import Book, Element, PageBreak, PageMap, Section
from makeready.book.text_position import BlockCounter, BlockPosition, is_counted
from makeready.templates.references import paged_resolver
from makeready.templates.trees import EPUB_NAMESPACE, EPUB_TYPE, VOID, inner_markup

PAGE_BREAK_ROLE = "doc-pagebreak"
_TEXT_ELEMENTS = ("p", "td", "th", "dt", "dd", "figcaption", "caption", "img", "pre", "li")


class _Piece(NamedTuple):
    """A piece of printed text: of an element, after it, or of a reference."""

    text: str
    element: Element
    part: Literal["text", "tail", "reference"]


class PageBreakMarks:
    """The page break markers of one section of an e-book."""

    def __init__(self, book: Book, section: Section, page_map: PageMap) -> None:
        self._book, self._page_map = book, page_map
        self._prefix = _prefix(book)
        self._breaks = page_map.breaks.get(section.name, ())
        self._in_references: list[tuple[Element, int, Element]] = []

    def start_markup(self) -> Markup:
        """Return the marker of the page that the section begins on, as markup."""
        if not self._breaks:
            return Markup("")
        container = etree.Element("div")
        container.append(self._mark(self._breaks[0]))
        return inner_markup(container)

    def insert(self, tree: Element) -> None:
        """Insert the markers of the pages after the first into a copy of the section's tree.

        Call this before references are resolved, and `finish` afterwards. A page that does not
        begin with text of the section has no marker.
        """
        later_breaks = self._breaks[1:]
        if not later_breaks:
            return
        printed = copy.deepcopy(tree)
        resolve = paged_resolver(self._book, self._page_map)
        for reference in list(printed.iter("a")):
            resolve(reference)
        blocks, shown = _blocks(tree), _blocks(printed)
        # From the last to the first, so that positions before a marker stay valid.
        for page in reversed(later_breaks):
            position = BlockPosition(page.line, page.occurrence)
            if position in blocks:
                self._insert(
                    page, blocks[position], list(_pieces(blocks[position], shown[position]))
                )

    def finish(self) -> None:
        """Insert the markers inside the text of references."""
        for reference, letters, mark in self._in_references:
            _insert_in_text(reference, mark, _index_of_letter(reference.text or "", letters))

    def _insert(self, page: PageBreak, block: Element, pieces: Sequence[_Piece]) -> None:
        remaining = page.letters
        for piece in pieces:
            count = sum(map(is_counted, piece.text))
            if remaining < count:
                self._insert_in_piece(piece, remaining, self._mark(page))
                return
            remaining -= count
        container = next(block.iter(*_TEXT_ELEMENTS), block)
        if container.tag in VOID:
            container.addprevious(self._mark(page))
        else:
            _insert_in_text(container, self._mark(page), 0)

    def _insert_in_piece(self, piece: _Piece, letters: int, mark: Element) -> None:
        element = piece.element
        index = _index_of_letter(piece.text, letters)
        if piece.part == "text":
            _insert_in_text(element, mark, index)
        elif piece.part == "tail":
            _insert_in_tail(element, mark, index)
        elif element.get("data-form") == "page" and element.text:
            # The e-book omits references by page.
            _insert_in_tail(element, mark, 0)
        elif letters and element.get("data-form") != "page":
            self._in_references.append((element, letters, mark))
        else:
            element.addprevious(mark)

    def _mark(self, page: PageBreak) -> Element:
        name = f"{self._book.labels['page']} {page.label}"
        return etree.Element(
            "span",
            {
                EPUB_TYPE: "pagebreak",
                "role": PAGE_BREAK_ROLE,
                "id": f"{self._prefix}-{page.label}",
                "aria-label": name,
            },
            nsmap={"epub": EPUB_NAMESPACE},
        )


def page_id(book: Book, label: str) -> str:
    """Return the id of a page's marker, which is different from all anchors of the book."""
    return f"{_prefix(book)}-{label}"


def page_links(
    book: Book, breaks: Sequence[PageBreak], file: str, document: Element
) -> list[tuple[str, str]]:
    """Return the href and label of each page of a section that has a marker in its document."""
    marked = document.iterfind(f".//*[@role='{PAGE_BREAK_ROLE}']")
    ids = {mark.get("id") for mark in marked}
    prefix = _prefix(book)
    pages = ((f"{prefix}-{page.label}", page.label) for page in breaks)
    return [(f"{file}#{name}", label) for name, label in pages if name in ids]


def _prefix(book: Book) -> str:
    prefix = "page"
    while any(anchor.startswith(f"{prefix}-") for anchor in book.anchors):
        prefix = f"printed-{prefix}"
    return prefix


def _blocks(tree: Element) -> dict[BlockPosition, Element]:
    """Return the blocks of a tree by their positions."""
    counter = BlockCounter()
    counted = ((counter.count(e.get("data-line")), e) for e in tree.iter(etree.Element))
    return {block: element for block, element in counted if block is not None}


def _pieces(element: Element, printed: Element) -> Iterator[_Piece]:
    """Yield the text of a block, without that of blocks inside it, with its printed form."""
    yield _Piece(element.text or "", element, "text")
    for child, shown in zip(element, printed, strict=True):
        if child.get("data-line") is None:
            if "xref" in (child.get("class") or "").split() and child.get("data-form") != "text":
                yield _Piece("".join(map(str, shown.itertext())), child, "reference")
            else:
                yield from _pieces(child, shown)
        yield _Piece(child.tail or "", child, "tail")


def _index_of_letter(text: str, letters: int) -> int:
    """Return the index of the letter that comes after ``letters`` letters."""
    indices = (n for n, character in enumerate(text) if is_counted(character))
    return next(islice(indices, letters, None), len(text))


def _insert_in_text(element: Element, mark: Element, index: int) -> None:
    text = element.text or ""
    element.text, mark.tail = text[:index], text[index:]
    element.insert(0, mark)


def _insert_in_tail(element: Element, mark: Element, index: int) -> None:
    parent = element.getparent()
    assert parent is not None
    text = element.tail or ""
    element.tail, mark.tail = text[:index], text[index:]
    parent.insert(parent.index(element) + 1, mark)
