"""A proof as an e-book: the head of each document, numbered paragraphs, the list of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ebooklib import epub
from lxml import etree

from makeready.book.model import Element
from makeready.epub.archive import Item
from makeready.epub.navigation import file_name
from makeready.proofs.ebook_book import EbookQuery, query_words
from makeready.proofs.tree_marks import new_element

_XHTML = "http://www.w3.org/1999/xhtml"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XHTML_TYPE = "application/xhtml+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_TEXT = "text"
_LIST = "proof-queries"
_TITLE = "List of queries"
_NOT_NUMBERED = ("aside", "nav", "figure", "figcaption", "table", "header")


@dataclass(frozen=True, slots=True)
class EbookHead:
    """What a proof says at the head of each document, and in its list."""

    title: str
    language: str
    words: str
    facts: Sequence[str]


def finish_proof(
    publication: epub.EpubBook, queries: Sequence[EbookQuery], head: EbookHead
) -> None:
    """Mark a publication as a proof, its paragraphs numbered, and add the list of queries."""
    numbers: dict[str, int] = {}
    for item in publication.items:
        if item.media_type != _XHTML_TYPE:
            continue
        root = etree.fromstring(item.content, _PARSER)
        body = root.find(f"{{{_XHTML}}}body")
        if body is None:
            continue
        numbers |= _number_paragraphs(body)
        if head.words:
            _add_head(body, head.words)
        if "nav" in item.properties:
            _add_to_navigation(body)
        item.content = etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)
    document = _list_document(queries, numbers, head)
    publication.add_item(Item(_LIST, f"{_TEXT}/{_LIST}.xhtml", _XHTML_TYPE, document))
    publication.spine.append(_LIST)
    publication.toc.append(epub.Link(f"{_TEXT}/{_LIST}.xhtml", _TITLE, _LIST))


def _number_paragraphs(body: Element) -> dict[str, int]:
    """Put numbers before paragraphs; return the paragraph of each query's note by its id."""
    numbers: dict[str, int] = {}
    number = 0
    for element in list(body.iter(f"{{{_XHTML}}}p", f"{{{_XHTML}}}div")):
        names = (element.get("class") or "").split()
        if "proof-note" in names and element.get("id"):
            numbers[str(element.get("id"))] = number
        elif etree.QName(element).localname == "p" and _is_numbered(element):
            number += 1
            _insert_first(element, _in_xhtml(new_element("span", "proof-paragraph", str(number))))
    return numbers


def _is_numbered(paragraph: Element) -> bool:
    """Return whether a paragraph is running text: of the section, not of its title or a figure."""
    around = list(paragraph.iterancestors())
    if any("proof-note" in (one.get("class") or "").split() for one in around):
        return False
    if any(etree.QName(one).localname in _NOT_NUMBERED for one in around):
        return False
    if not any(etree.QName(one).localname == "section" for one in around):
        return False
    is_call = "proof-title-call" in (paragraph.get("class") or "")
    return bool("".join(map(str, paragraph.itertext())).strip()) and not is_call


def _insert_first(element: Element, new: Element) -> None:
    new.tail, element.text = f" {element.text or ''}", None
    element.insert(0, new)


def _add_head(body: Element, words: str) -> None:
    head = _in_xhtml(new_element("p", "proof-head", words))
    head.set("lang", "en")
    head.set(_XML_LANG, "en")
    head.tail, body.text = body.text, None
    body.insert(0, head)


def _add_to_navigation(body: Element) -> None:
    contents = next(
        (nav for nav in body.iter(f"{{{_XHTML}}}nav") if nav.get(_EPUB_TYPE) == "toc"), None
    )
    entries = contents.find(f"{{{_XHTML}}}ol") if contents is not None else None
    if entries is not None:
        entry = etree.SubElement(entries, f"{{{_XHTML}}}li")
        etree.SubElement(entry, f"{{{_XHTML}}}a", href=f"{_LIST}.xhtml").text = _TITLE


def _in_xhtml(element: Element) -> Element:
    """Return an element and those inside it in the namespace of XHTML."""
    for one in element.iter("*"):
        one.tag = f"{{{_XHTML}}}{etree.QName(one).localname}"
    return element


def _list_document(
    queries: Sequence[EbookQuery], numbers: dict[str, int], head: EbookHead
) -> bytes:
    root = etree.Element("html", {"lang": "en", _XML_LANG: "en"})
    top = etree.SubElement(root, "head")
    etree.SubElement(top, "title").text = f"{_TITLE}: {head.title}"
    etree.SubElement(top, "link", rel="stylesheet", type="text/css", href="../style/book.css")
    section = etree.SubElement(etree.SubElement(root, "body"), "section", id=_LIST)
    section.set("class", "proof-list")
    etree.SubElement(section, "h1").text = _TITLE
    section.extend(_facts(head.facts))
    if queries:
        entries = etree.SubElement(section, "ol")
        for one in queries:
            entries.append(_entry(one, numbers.get(one.note_id, 0), head.language))
    _in_xhtml(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, doctype="<!DOCTYPE html>")


def _facts(facts: Iterable[str]) -> Iterator[Element]:
    for fact in facts:
        yield new_element("p", "proof-fact", fact)


def _entry(one: EbookQuery, paragraph: int, language: str) -> Element:
    entry = etree.Element("li", id=f"listed-{one.number}", value=str(one.number))
    line = etree.SubElement(entry, "p")
    link = etree.SubElement(line, "a", href=f"{file_name(one.section)}#{one.call_id}")
    place = f", paragraph {paragraph}" if paragraph else ""
    link.text = f"{one.title}{place}"
    link.tail = ": "
    words = etree.SubElement(line, "span", {"lang": language, _XML_LANG: language})
    words.extend(query_words(one.query))
    etree.SubElement(entry, "p", {"class": "proof-file"}).text = str(one.location)
    return entry
