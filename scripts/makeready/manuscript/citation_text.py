"""The markup of a citation style put into the text of a book."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.citation_markup import (
    CITE_LINK,
)
from makeready.manuscript.sanitise import remove_element
from makeready.manuscript.styled_citations import CitationMark
from makeready.manuscript.typography import apply_typography

_ADDRESS = re.compile(
    r"(?P<url>https?://[^\s<>“”]+)|(?<=doi:)(?P<space>\s*)(?P<doi>10\.\d{4,9}/\S+)"
)
_LAST_STOP = re.compile(r"\.((?:[”’]|</[a-z]+>)*)$")
_END_OF_ADDRESS = re.compile(r"[.,;:!?)\]’”]+$")


def write_citation(
    mark: CitationMark,
    markup: str,
    ids: Mapping[tuple[int, str], str],
    language: str,
    *,
    begins_note: bool,
) -> None:
    """Put the words of a style in the place of a citation.

    ``ids`` are those of the entries that works have in the lists, by section and key.
    ``begins_note``: the citation is the first text of a note.
    """
    affixes = {
        f"{span.get('data-place')}-{number}": span
        for number, cite in enumerate(mark.cites)
        for span in cite
    }
    if begins_note and (mark.element.tail or "").strip():
        # The end of the note is not here.
        markup = _LAST_STOP.sub(r"\1", markup)
    tree = markup_tree(markup, mark.location, language)
    for place in list(tree.iter("s")):
        span = affixes[str(place.get("id"))]
        if place.get("id", "").startswith("before"):
            _strip(span)
            if begins_note and place is tree[0] and not tree.text:
                span.text = f"{(span.text or '')[:1].upper()}{(span.text or '')[1:]}"
        replace_element(place, list(span), span.text or "")
    for link in list(tree.iter("a")):
        entry = ids.get((id(mark.draft), str(link.attrib.pop("data-work", ""))))
        if entry is None and link.get("href") is None:
            remove_element(link, keep_content=True)
        elif entry is not None:
            link.attrib.update(
                {"class": f"xref {CITE_LINK}", "href": f"#{entry}", "data-form": "text"}
            )
    replace_element(mark.element, list(tree), tree.text or "")


def _strip(span: Element) -> None:
    span.text = (span.text or "").lstrip()
    if len(span):
        span[-1].tail = (span[-1].tail or "").rstrip() or None
    else:
        span.text = (span.text or "").rstrip()


def replace_element(element: Element, children: Sequence[Element], text: str) -> None:
    """Put text and elements in the place of an element."""
    element.text = text
    for child in list(element):
        element.remove(child)
    element.extend(children)
    remove_element(element, keep_content=True)


def markup_tree(markup: str, location: SourceLocation, language: str) -> Element:
    """Return markup of a style as a ``span``, with the typography of the book."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(f"<span>{markup}</span>", parser)
    except etree.XMLSyntaxError:
        tree = etree.Element("span")
        tree.text = re.sub(r"<[^<>]*>", "", markup)
    _link_addresses(tree)
    block = etree.Element("div")
    block.append(tree)
    apply_typography(block, language, location.path, Findings(), acronyms=False)
    return tree


def _link_addresses(tree: Element) -> None:
    """Make links of the addresses in a tree that are in no link yet."""
    for element in list(tree.iter()):
        if element.tag != "a" and element.text and _ADDRESS.search(element.text):
            text, links = _linked(element.text)
            element.text = text
            element[:0] = links
        if element is not tree and element.tail and _ADDRESS.search(element.tail):
            parent = element.getparent()
            if parent is not None and parent.tag != "a":
                text, links = _linked(element.tail)
                element.tail = text
                at = parent.index(element) + 1
                parent[at:at] = links


def _linked(text: str) -> tuple[str, list[Element]]:
    links: list[Element] = []
    first, end = "", 0
    for found in _ADDRESS.finditer(text):
        shown = found["url"] or found["doi"]
        shown = _END_OF_ADDRESS.sub("", shown)
        start = found.start() if found["url"] else found.start("doi")
        if links:
            links[-1].tail = text[end:start]
        else:
            first = text[:start]
        link = etree.Element("a", {"href": shown if found["url"] else f"https://doi.org/{shown}"})
        link.text = shown
        end = start + len(shown)
        links.append(link)
    links[-1].tail = text[end:]
    return first, links
