"""The text of cross-references: "Chapter 3", "page 41", a title."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from makeready.book.labels import NO_BREAK_SPACE, around_number, numbered
from makeready.book.model import Anchor, Book, Element, PageMap
from makeready.manuscript.citation_markup import CITE_LINK
from makeready.manuscript.sanitise import remove_element

_STEM_LETTERS, _LONGEST_ABBREVIATION = 3, 5
_UNKNOWN_PAGE = "000"


def label_of(book: Book, anchor: Anchor) -> str:
    """Return the text for an anchor: its kind and number, or its title if it has no number.

    Where numbers begin again in each part, the part is named too: “Part Two, Chapter 3”.
    """
    if anchor.number and anchor.kind in book.labels:
        within = f"{anchor.within}, " if anchor.within else ""
        return f"{within}{_numbered(book, anchor)}"
    return anchor.title or anchor.number or anchor.id


def _numbered(book: Book, anchor: Anchor) -> str:
    return numbered(book.labels, anchor.kind, anchor.number)


def paged_resolver(book: Book, page_map: PageMap) -> Callable[[Element], None]:
    """Return a function that sets the text of a reference in a paged medium."""
    names = {section.name for section in book.sections}

    def resolve(reference: Element) -> None:
        anchor = _anchor_of(book, reference)
        if anchor is None:
            return
        if anchor.section not in names:
            _leave_as_words(book, reference, anchor)
            return
        form = reference.get("data-form")
        if form == "page":
            _set_page(book, reference, anchor, page_map)
        else:
            _set_text(book, reference, anchor, form)

    return resolve


def epub_resolver(book: Book, section: str) -> Callable[[Element], None]:
    """Return a function that sets the text and link of a reference in the EPUB.

    A reference by page with its own text, ``[on](#id){.page}``, is removed.
    """
    names = {section.name for section in book.sections}

    def resolve(reference: Element) -> None:
        anchor = _anchor_of(book, reference)
        if anchor is None:
            return
        if anchor.section not in names:
            _leave_as_words(book, reference, anchor)
            return
        if reference.get("data-form") == "page" and reference.text:
            _remove_space_before(reference)
            remove_element(reference)
            return
        _set_text(book, reference, anchor, reference.get("data-form"))
        file = "" if anchor.section == section else f"{anchor.section}.xhtml"
        reference.set("href", f"{file}#{anchor.id}")
        if CITE_LINK in (reference.get("class") or "").split():
            reference.set("role", "doc-biblioref")
        if anchor.id in book.term_references:
            reference.set("role", "doc-glossref")

    return resolve


def _leave_as_words(book: Book, reference: Element, anchor: Anchor) -> None:
    """Make words of a reference to a section that the edition is without, such as its endnotes."""
    form = reference.get("data-form")
    if form == "page" and reference.text:
        _remove_space_before(reference)
        remove_element(reference)
        return
    _set_text(book, reference, anchor, None if form == "page" else form)
    reference.tag = "span"
    for name in ("href", "class", "data-form"):
        if name in reference.attrib:
            del reference.attrib[name]


def _set_page(book: Book, reference: Element, anchor: Anchor, page_map: PageMap) -> None:
    """Set the text "page 41", its number in an element, to find it when pages are drawn."""
    own = reference.text or ""
    before, after = around_number(book.labels, "page", NO_BREAK_SPACE)
    if _ends_with_page(own, book.labels["page"]):
        # The author's own form of the word, or its abbreviation: на странице, see p.
        before = after = ""
        space = NO_BREAK_SPACE
    else:
        space = " " if own else ""
    reference.text = f"{own}{space}{before}"
    number = etree.SubElement(reference, "span", {"class": "page-number"})
    number.set("data-page-of", anchor.id)
    number.text = page_map.label(anchor.id) or _UNKNOWN_PAGE
    number.tail = after or None


def _ends_with_page(text: str, page: str) -> bool:
    """Return whether an author's words end with a form of the word “page”, or abbreviate it."""
    words = text.split()
    last = words[-1].casefold() if words else ""
    if last.endswith("."):
        return len(last) <= _LONGEST_ABBREVIATION
    return len(last) >= _STEM_LETTERS and last[:_STEM_LETTERS] == page.casefold()[:_STEM_LETTERS]


def _anchor_of(book: Book, reference: Element) -> Anchor | None:
    if "xref" not in (reference.get("class") or "").split():
        return None
    return book.anchors.get((reference.get("href") or "").removeprefix("#"))


def _remove_space_before(element: Element) -> None:
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        previous.tail = (previous.tail or "").rstrip()
    elif parent is not None:
        parent.text = (parent.text or "").rstrip()


def _set_text(book: Book, reference: Element, anchor: Anchor, form: str | None) -> None:
    if form == "title":
        reference.text = anchor.title or label_of(book, anchor)
    elif form == "numeral":
        reference.text = anchor.number or label_of(book, anchor)
    elif form == "eqref":
        reference.text = f"({anchor.number or label_of(book, anchor)})"
    elif form == "number" and anchor.number and anchor.kind in book.labels:
        reference.text = _numbered(book, anchor)
    elif form != "text":
        reference.text = label_of(book, anchor)
