"""Cross-references put into words: "Chapter 3", "page 41", a title."""

from __future__ import annotations

from collections.abc import Callable

from makeready.book.model import Anchor, Book, Element, PageMap
from makeready.layout.trees import remove

_NO_BREAK_SPACE = "\u00a0"
_UNKNOWN_PAGE = "000"


def label(book: Book, anchor: Anchor) -> str:
    """Name a place by its kind and number, or by its title where it has no number."""
    if anchor.number and anchor.kind in book.words:
        return f"{book.words[anchor.kind]}{_NO_BREAK_SPACE}{anchor.number}"
    return anchor.title or anchor.number or anchor.id


def page_words(book: Book, page_label: str) -> str:
    """Name a page; while its label is unknown, by digits of a usual length."""
    return f"{book.words['page']}{_NO_BREAK_SPACE}{page_label or _UNKNOWN_PAGE}"


def paged_resolver(book: Book, page_map: PageMap) -> Callable[[Element], None]:
    """Return what fills in a reference in a paged medium, page numbers as literal text."""

    def resolve(reference: Element) -> None:
        anchor = _anchor(book, reference)
        if anchor is None:
            return
        form = reference.get("data-form")
        if form == "page":
            before = f"{reference.text} " if reference.text else ""
            reference.text = before + page_words(book, page_map.label(anchor.id))
        else:
            _set_words(book, reference, anchor, form)

    return resolve


def epub_resolver(book: Book, section: str) -> Callable[[Element], None]:
    """Return what fills in a reference in a reflowable file, where pages have no numbers.

    A page that is only mentioned beside a reference, ``[on](#id){.page}``, goes without trace.
    """

    def resolve(reference: Element) -> None:
        anchor = _anchor(book, reference)
        if anchor is None:
            return
        if reference.get("data-form") == "page" and reference.text:
            remove(reference, with_space=True)
            return
        _set_words(book, reference, anchor, reference.get("data-form"))
        file = "" if anchor.section == section else f"{anchor.section}.xhtml"
        reference.set("href", f"{file}#{anchor.id}")

    return resolve


def _anchor(book: Book, reference: Element) -> Anchor | None:
    if "xref" not in (reference.get("class") or "").split():
        return None
    return book.anchors.get((reference.get("href") or "").removeprefix("#"))


def _set_words(book: Book, reference: Element, anchor: Anchor, form: str | None) -> None:
    if form == "title":
        reference.text = anchor.title or label(book, anchor)
    elif form != "text":
        reference.text = label(book, anchor)
