"""The mark of a draft in an e-book: a word in plain type at the head of each document."""

from __future__ import annotations

from ebooklib import epub
from lxml import etree

_XHTML = "http://www.w3.org/1999/xhtml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STYLE = "margin: 0; text-indent: 0; text-align: center; font: 0.75em sans-serif"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
MARK = "Draft"


def mark_as_draft(publication: epub.EpubBook) -> None:
    """Add the mark of a draft to all XHTML documents of a publication."""
    for item in publication.items:
        if item.media_type == "application/xhtml+xml":
            item.content = _with_mark(item.content)


def _with_mark(content: bytes) -> bytes:
    root = etree.fromstring(content, _PARSER)
    body = root.find(f"{{{_XHTML}}}body")
    if body is None:
        return content
    mark = etree.Element(f"{{{_XHTML}}}p", {_XML_LANG: "en", "lang": "en", "style": _STYLE})
    mark.text, mark.tail, body.text = MARK, body.text, None
    body.insert(0, mark)
    return etree.tostring(root.getroottree(), encoding="utf-8", xml_declaration=True)
