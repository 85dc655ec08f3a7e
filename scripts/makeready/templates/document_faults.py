"""What is wrong with a document that the layout of a book made, and where in it.

A document for an edition is well-formed XML. None has content that runs or is fetched when it is
opened: an e-book's reader and the browser that shows an upload form may be anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import lxml.html
from lxml import etree

from makeready.book.model import Element
from makeready.templates.active_content import active_problem, local_name

_MISMATCH = re.compile(r"Opening and ending tag mismatch: (?P<tag>\S+) line (?P<line>\d+) and \S+")
_PLACE = re.compile(r", line \d+, column \d+.*")
_WELL_FORMED = "Close every element, quote every attribute, and write characters for entities."
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_TOO_DEEP = re.compile(r"Excessive depth in document: (\d+)")


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """What is wrong with a document, and the letter of it, from 0, where it is noticed."""

    problem: str
    position: int
    hint: str = _WELL_FORMED


def document_fault(text: str) -> DocumentFault | None:
    """Return what is wrong with the document of an edition; None if nothing is."""
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        return DocumentFault(
            "the layout makes a character that is none (a surrogate).", error.start
        )
    try:
        tree = etree.fromstring(content, _PARSER).getroottree()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        mismatch = _MISMATCH.match(error.msg)
        if mismatch:
            start = _position(text, int(mismatch["line"]), 1)
            position = max(text.find(f"<{mismatch['tag']}", start), start)
            return DocumentFault(f"the layout does not close <{mismatch['tag']}>.", position)
        too_deep = _TOO_DEEP.match(error.msg)
        if too_deep:
            problem = f"the layout makes elements nested more than {too_deep[1]} deep."
            return DocumentFault(problem, _position(text, line, column), "Nest fewer elements.")
        message = _PLACE.sub("", error.msg)
        problem = f"the layout does not make well-formed XML: {message}."
        return DocumentFault(problem, _position(text, line, column))
    document_type: Any = tree.docinfo
    declared = document_type.internalDTD
    if document_type.system_url or (declared is not None and any(declared.iterentities())):
        problem = "the layout makes a document type with an address or with entities."
        return DocumentFault(problem, max(text.find("<!DOCTYPE"), 0), "Write <!DOCTYPE html>.")
    return _active_content(tree.getroot(), text)


def page_fault(text: str) -> DocumentFault | None:
    """Return what is wrong with a page for a browser, in HTML; None if nothing is."""
    return _active_content(lxml.html.document_fromstring(text or "<p></p>"), text)


def _active_content(root: Element, text: str) -> DocumentFault | None:
    """Return the first content that runs or is fetched; None if there is none."""
    for element in (*root.itersiblings(preceding=True), *root.iter()):
        problem = active_problem(element)
        if problem:
            start = _position(text, int(str(element.sourceline or 1)), 1)
            # The line of an element is that of the end of its tag.
            tag = f"<{local_name(element)}" if isinstance(element.tag, str) else "<?"
            position = max(text.find(tag, start), start)
            return DocumentFault(problem, position, "Delete it from the layout.")
    return None


def _position(text: str, line: int, column: int) -> int:
    """Return the position of a line and column, both from 1; the last one past the end."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return max(len(text) - 1, 0)
    return min(start + max(column - 1, 0), max(len(text) - 1, 0))
