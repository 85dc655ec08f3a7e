"""Where the pages of the print edition begin, marked in the text of an e-book.

Places are counted in the letters of the text as it is printed. A reference may be printed in
other words than the e-book has ("page 41"), so that the printed text is walked beside it.
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
_HOLDERS = ("p", "td", "th", "dt", "dd", "figcaption", "caption", "img", "pre", "li")


class _Piece(NamedTuple):
    """A run of text as printed: of an element, after it, or in place of a reference."""

    text: str
    element: Element
    part: Literal["text", "tail", "reference"]


class PageMarks:
    """Marks for the print edition's pages in one section of an e-book."""

    def __init__(self, book: Book, section: Section, page_map: PageMap) -> None:
        self._book, self._page_map = book, page_map
        self._prefix = _prefix(book)
        self._breaks = page_map.breaks.get(section.name, ())
        self._within: list[tuple[Element, int, Element]] = []

    def at_start(self) -> Markup:
        """Return the mark of the page that the section begins on, as markup."""
        if not self._breaks:
            return Markup("")
        holder = etree.Element("div")
        holder.append(self._mark(self._breaks[0]))
        return inner_markup(holder)

    def set(self, tree: Element) -> None:
        """Mark the pages after the first in a copy of the section's tree.

        References are not resolved yet; `finish` is to be called when they are. A page that
        begins with what is not in the section's own text has no mark.
        """
        turned = self._breaks[1:]
        if not turned:
            return
        printed = copy.deepcopy(tree)
        resolve = paged_resolver(self._book, self._page_map)
        for reference in list(printed.iter("a")):
            resolve(reference)
        blocks, shown = _blocks(tree), _blocks(printed)
        # From the last on, so that places before a mark stay where they are.
        for page in reversed(turned):
            place = BlockPosition(page.line, page.occurrence)
            if place in blocks:
                self._insert(page, blocks[place], list(_pieces(blocks[place], shown[place])))

    def finish(self) -> None:
        """Set the marks that stand inside the words of a reference."""
        for reference, letters, mark in self._within:
            _put_first(reference, mark, _index(reference.text or "", letters))

    def _insert(self, page: PageBreak, block: Element, pieces: Sequence[_Piece]) -> None:
        left = page.letters
        for piece in pieces:
            count = sum(map(is_counted, piece.text))
            if left < count:
                self._mark_in(piece, left, self._mark(page))
                return
            left -= count
        holder = next(block.iter(*_HOLDERS), block)
        if holder.tag in VOID:
            holder.addprevious(self._mark(page))
        else:
            _put_first(holder, self._mark(page), 0)

    def _mark_in(self, piece: _Piece, letters: int, mark: Element) -> None:
        element = piece.element
        at = _index(piece.text, letters)
        if piece.part == "text":
            _put_first(element, mark, at)
        elif piece.part == "tail":
            _put_after(element, mark, at)
        elif element.get("data-form") == "page" and element.text:
            # The e-book leaves the mention of a page out.
            _put_after(element, mark, 0)
        elif letters and element.get("data-form") != "page":
            self._within.append((element, letters, mark))
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
    """Return the id of a page's mark, of a form that no place of the book's own has."""
    return f"{_prefix(book)}-{label}"


def page_links(
    book: Book, breaks: Sequence[PageBreak], file: str, document: Element
) -> list[tuple[str, str]]:
    """Return the href and the label of each of a section's pages that its document marks."""
    marked = document.iterfind(f".//*[@role='{PAGE_BREAK_ROLE}']")
    there = {mark.get("id") for mark in marked}
    prefix = _prefix(book)
    pages = ((f"{prefix}-{page.label}", page.label) for page in breaks)
    return [(f"{file}#{name}", label) for name, label in pages if name in there]


def _prefix(book: Book) -> str:
    prefix = "page"
    while any(anchor.startswith(f"{prefix}-") for anchor in book.anchors):
        prefix = f"printed-{prefix}"
    return prefix


def _blocks(tree: Element) -> dict[BlockPosition, Element]:
    """Return the blocks of a tree."""
    turns = BlockCounter()
    counted = ((turns.count(e.get("data-line")), e) for e in tree.iter(etree.Element))
    return {block: element for block, element in counted if block is not None}


def _pieces(element: Element, printed: Element) -> Iterator[_Piece]:
    """Yield the text of a block, without that of blocks inside it."""
    yield _Piece(element.text or "", element, "text")
    for child, shown in zip(element, printed, strict=True):
        if child.get("data-line") is None:
            if "xref" in (child.get("class") or "").split() and child.get("data-form") != "text":
                yield _Piece("".join(map(str, shown.itertext())), child, "reference")
            else:
                yield from _pieces(child, shown)
        yield _Piece(child.tail or "", child, "tail")


def _index(text: str, letters: int) -> int:
    """Return where the letter after so many letters of a text is."""
    places = (n for n, character in enumerate(text) if is_counted(character))
    return next(islice(places, letters, None), len(text))


def _put_first(element: Element, mark: Element, at: int) -> None:
    text = element.text or ""
    element.text, mark.tail = text[:at], text[at:]
    element.insert(0, mark)


def _put_after(element: Element, mark: Element, at: int) -> None:
    parent = element.getparent()
    assert parent is not None
    text = element.tail or ""
    element.tail, mark.tail = text[:at], text[at:]
    parent.insert(parent.index(element) + 1, mark)
