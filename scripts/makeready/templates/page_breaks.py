"""Page break markers: where the pages of the print edition begin in the text of an e-book.

Positions are counted in letters of the printed text. A reference may be printed differently than
in the e-book ("page 41"), so the printed text is compared piece by piece.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from lxml import etree
from markupsafe import Markup

from makeready.book.labels import numbered
from makeready.book.model import Book, Element, PageBreak, PageMap, Section
from makeready.book.text_position import (
    IMAGE,
    IMAGES,
    BlockCounter,
    BlockPosition,
    counted_letters,
    index_of_letter,
)
from makeready.templates.references import paged_resolver
from makeready.templates.trees import EPUB_NAMESPACE, EPUB_TYPE, VOID, inner_markup

PAGE_BREAK_ROLE = "doc-pagebreak"
_TEXT_ELEMENTS = ("p", "td", "th", "dt", "dd", "figcaption", "caption", "img", "pre", "li")


class _Piece(NamedTuple):
    """A piece of printed text: of an element, after it, or of a reference; or an image."""

    text: str
    element: Element
    part: Literal["text", "tail", "reference", "image"]


class _MarkPosition(NamedTuple):
    """The position of a page in a piece of the text, after so many of its letters."""

    page: PageBreak
    piece: _Piece
    letters: int


class PageBreakMarks:
    """The page break markers of one section of an e-book.

    ``notes`` are the trees of its notes, which take markers too: in print they may stand at its
    end.
    """

    def __init__(
        self, book: Book, section: Section, page_map: PageMap, notes: Sequence[Element] = ()
    ) -> None:
        self._book, self._page_map, self._notes = book, page_map, notes
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
        trees = [tree, *self._notes]
        printed = copy.deepcopy(trees)
        resolve = paged_resolver(self._book, self._page_map)
        for reference in [a for one in printed for a in one.iter("a")]:
            resolve(reference)
        # All positions are found before the first marker changes the tree, and the markers are
        # inserted from the last to the first, so that positions before a marker stay valid.
        positions = list(_mark_positions(later_breaks, _blocks(trees), _blocks(printed)))
        for position in reversed(positions):
            self._insert(position)

    def finish(self) -> None:
        """Insert the markers inside the text of references."""
        for reference, letters, mark in self._in_references:
            _insert_in_text(reference, mark, index_of_letter(reference.text or "", letters))

    def _insert(self, position: _MarkPosition) -> None:
        mark = self._mark(position.page)
        text, element, part = position.piece
        index = index_of_letter(text, position.letters)
        if part == "text":
            _insert_in_text(element, mark, index)
        elif part == "tail":
            _insert_in_tail(element, mark, index)
        elif part == "image":
            _insert_before(element, mark)
        elif element.get("data-form") == "page" and element.text:
            # The e-book omits references by page.
            _insert_in_tail(element, mark, 0)
        elif (
            position.letters
            and element.get("data-form") != "page"
            and not any(note in self._notes for note in element.iterancestors())
        ):
            self._in_references.append((element, position.letters, mark))
        else:
            _insert_before(element, mark)

    def _mark(self, page: PageBreak) -> Element:
        name = numbered(self._book.labels, "page", page.label, " ")
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


def _blocks(trees: Sequence[Element]) -> dict[BlockPosition, Element]:
    """Return the blocks of a section's trees by their positions."""
    counter = BlockCounter()
    elements = (element for tree in trees for element in tree.iter(etree.Element))
    counted = ((counter.count(e.get("data-line")), e) for e in elements)
    return {block: element for block, element in counted if block is not None}


def _mark_positions(
    pages: Sequence[PageBreak],
    blocks: Mapping[BlockPosition, Element],
    printed_blocks: Mapping[BlockPosition, Element],
) -> Iterator[_MarkPosition]:
    """Yield the position of each page that begins in one of the blocks."""
    pieces: dict[BlockPosition, list[_Piece]] = {}
    for page in pages:
        position = BlockPosition(page.line, page.occurrence)
        block = blocks.get(position)
        if block is None:
            continue
        if position not in pieces:
            pieces[position] = list(_pieces(block, printed_blocks[position]))
        yield _mark_position(page, block, pieces[position])


def _mark_position(page: PageBreak, block: Element, pieces: Sequence[_Piece]) -> _MarkPosition:
    """Return the position of a page in the pieces of its block.

    A page after the last letter, which only differing texts can have, is there; a page that
    begins with a block without letters, such as a row, is before the text inside it.
    """
    remaining = page.letters
    end: _MarkPosition | None = None
    for piece in pieces:
        count = len(counted_letters(piece.text))
        if remaining < count:
            return _MarkPosition(page, piece, remaining)
        if count:
            end = _MarkPosition(page, piece, count)
        remaining -= count
    if end is not None:
        return end
    container = next(block.iter(*_TEXT_ELEMENTS), block)
    part: Literal["image", "text"] = "image" if container.tag in VOID else "text"
    return _MarkPosition(page, _Piece("", container, part), 0)


def _pieces(element: Element, printed: Element) -> Iterator[_Piece]:
    """Yield the text of a block, without that of blocks inside it, with its printed form."""
    yield _Piece(element.text or "", element, "text")
    for child, shown in zip(element, printed, strict=True):
        if child.get("data-line") is None:
            if "xref" in (child.get("class") or "").split() and child.get("data-form") != "text":
                yield _Piece("".join(map(str, shown.itertext())), child, "reference")
            elif child.tag in IMAGES:
                yield _Piece(IMAGE, child, "image")
            else:
                yield from _pieces(child, shown)
        yield _Piece(child.tail or "", child, "tail")


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


def _insert_before(element: Element, mark: Element) -> None:
    """Insert a marker before an element, and before the markers of later pages there."""
    previous = element.getprevious()
    while previous is not None and previous.get("role") == PAGE_BREAK_ROLE and not previous.tail:
        element, previous = previous, previous.getprevious()
    element.addprevious(mark)
