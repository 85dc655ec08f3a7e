"""A glossary that leads back: from each term to where the text refers to it, in the e-book."""

from __future__ import annotations

import copy
from dataclasses import replace

from lxml import etree

from makeready.book.model import Book, Element, Section
from makeready.templates.references import label
from makeready.templates.trees import EPUB_TYPE


def with_ways_back(book: Book, section: Section) -> Section:
    """Return a glossary for the e-book, its terms and definitions named as such."""
    tree = copy.deepcopy(section.tree)
    for term in tree.iter("dt"):
        term.set(EPUB_TYPE, "glossterm")
        definition = _definition(term)
        if definition is not None:
            _add_uses(book, str(term.get("id")), definition)
    for definition in tree.iter("dd"):
        definition.set(EPUB_TYPE, "glossdef")
    return replace(section, tree=tree)


def _definition(term: Element) -> Element | None:
    """Return the last element that defines a term; None where terms share a definition."""
    last = None
    for sibling in term.itersiblings():
        if sibling.tag != "dd":
            break
        last = sibling
    return last


def _add_uses(book: Book, term: str, definition: Element) -> None:
    places = book.term_references.get(term, ())
    if not places:
        return
    last = definition[-1] if len(definition) else None
    holder = last if last is not None and last.tag == "p" else definition
    uses = etree.SubElement(holder, "span", {"class": "term-uses"})
    uses.text = " "
    for number, place in enumerate(places, start=1):
        link = etree.SubElement(uses, "a", {"href": f"{place.section}.xhtml#{place.anchor}"})
        link.set("role", "doc-backlink")
        link.text = label(book, book.anchors[place.section])
        link.tail = ", " if number < len(places) else None
