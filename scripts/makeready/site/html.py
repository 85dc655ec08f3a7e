"""XHTML documents as HTML: without namespaces, and what only an e-book has."""

from __future__ import annotations

import copy

from lxml import etree

from makeready.book.model import Element

_EPUB = "{http://www.idpf.org/2007/ops}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_PAGE_BREAK = "doc-pagebreak"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def parsed(content: bytes | str) -> Element:
    """Return the tree of an XHTML document, its elements without namespaces."""
    raw = content.encode() if isinstance(content, str) else content
    return without_namespaces(etree.fromstring(raw, _PARSER))


def without_namespaces(root: Element) -> Element:
    """Return a copy of a tree as HTML has it, in which SVG and MathML need no namespaces."""
    root = copy.deepcopy(root)
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
        for name in map(str, element.attrib):
            if name.startswith((_EPUB, _XML, _XLINK)):
                value = str(element.attrib.pop(name))
                if name == f"{_XLINK}href" and element.get("href") is None:
                    element.set("href", value)
        if element.tag == "img" and element.get("alt") == "" and "role" in element.attrib:
            # An empty text says already that the image is decorative.
            del element.attrib["role"]
    etree.cleanup_namespaces(root)
    return root


def html_of(root: Element) -> bytes:
    """Return a document as HTML, in UTF-8."""
    head = root.find("head")
    if head is not None and head.find("meta[@charset]") is None:
        head.insert(0, etree.Element("meta", charset="utf-8"))
    text = etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")
    # The serialiser does not know this void element.
    return text.replace("</wbr>", "").encode() + b"\n"


def text_of(element: Element) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join("".join(map(str, element.itertext())).split())
