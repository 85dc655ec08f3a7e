"""The glossary of an e-book, with links from each term back to the references to it."""

from __future__ import annotations

import copy
from dataclasses import replace

from lxml import etree

from makeready.book.model import Book, Element, Section
from makeready.templates.references import label_of
from makeready.templates.trees import EPUB_TYPE


def with_backlinks(book: Book, section: Section) -> Section:
    """Return a glossary section with semantics for the EPUB and links back to references."""
    tree = copy.deepcopy(section.tree)
    for term in tree.iter("dt"):
        term.set(EPUB_TYPE, "glossterm")
        definition = _definition(term)
        if definition is not None:
            _add_backlinks(book, str(term.get("id")), definition)
    for definition in tree.iter("dd"):
        definition.set(EPUB_TYPE, "glossdef")
    return replace(section, tree=tree)


def _definition(term: Element) -> Element | None:
    """Return the last definition of a term; None for a term followed by another one."""
    last = None
    for sibling in term.itersiblings():
        if sibling.tag != "dd":
            break
        last = sibling
    return last


def _add_backlinks(book: Book, term: str, definition: Element) -> None:
    locators = book.term_references.get(term, ())
    if not locators:
        return
    last = definition[-1] if len(definition) else None
    container = last if last is not None and last.tag == "p" else definition
    backlinks = etree.SubElement(container, "span", {"class": "term-uses"})
    backlinks.text = " "
    for number, locator in enumerate(locators, start=1):
        link = etree.SubElement(
            backlinks, "a", {"href": f"{locator.section}.xhtml#{locator.anchor}"}
        )
        link.set("role", "doc-backlink")
        link.text = label_of(book, book.anchors[locator.section])
        link.tail = ", " if number < len(locators) else None
