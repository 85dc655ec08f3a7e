"""Content of a document that runs or is fetched when the document is opened.

A book shows text and images. The sanitiser sees to that for the manuscript; this is for what a
book's own layouts add.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.svg import DrawingError, cleaned, decode_data_url

_ACTIVE = frozenset(
    {"applet", "base", "form", "frame", "frameset", "iframe", "object", "portal", "script"}
)
"""Elements that run, fetch or send something. ``embed`` shows a decorative image in print."""

_ADDRESSES = frozenset(
    {"action", "background", "data", "formaction", "href", "poster", "src", "srcset"}
)
_LINKS = frozenset({"a", "area"})
_NOT_FETCHED = frozenset({"author", "canonical", "license"})
"""Values of ``rel``; the address of any other ``link`` is fetched when the document is opened."""

_HARMLESS_HEADERS = frozenset({"content-language", "content-security-policy", "content-type"})
"""Values of ``http-equiv`` that lead nowhere."""

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20]")
_SCHEMES_OF_LINKS = frozenset({"http", "https", "mailto", "tel", "doi", "urn", "geo", "sms"})
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
_DRAWING = re.compile(r"data:image/svg\+xml[;,]", re.IGNORECASE)
_STYLE_ADDRESS = re.compile(
    r"@import|url\(\s*[\"']?\s*(?:(?!data:)[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE
)


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def active_problem(element: Element) -> str:
    """Return what is wrong with an element that runs or fetches something; else nothing."""
    if not isinstance(element.tag, str):
        is_instruction = isinstance(element, etree._ProcessingInstruction)
        return "the layout makes a processing instruction." if is_instruction else ""
    tag = local_name(element).lower()
    named = {str(name).rpartition("}")[2].lower(): str(value) for name, value in element.items()}
    header = named.get("http-equiv", "").strip().lower()
    if tag in _ACTIVE or (header and header not in _HARMLESS_HEADERS):
        return f"the layout makes <{tag}>; a book shows only text and images."
    styles = [named.get("style", "")]
    if tag == "style":
        styles += map(str, element.itertext())
    if any(map(_STYLE_ADDRESS.search, styles)):
        return "the layout makes a style with an address outside the book."
    return _attribute_problem(tag, named)


def _attribute_problem(tag: str, named: Mapping[str, str]) -> str:
    is_link = tag in _LINKS or (tag == "link" and named.get("rel") in _NOT_FETCHED)
    for name, value in named.items():
        # An animation can set an address of another element.
        if name.startswith("on") or (name == "attributename" and "href" in value):
            return f"the layout makes an attribute that runs code, {name}."
        if name in _ADDRESSES and not _is_allowed_address(value, is_link=is_link):
            return f"the layout makes a {name} that leads outside the book: {value}."
    return ""


def _is_allowed_address(value: str, *, is_link: bool) -> bool:
    address = _IGNORED_IN_ADDRESSES.sub("", value)
    scheme = _SCHEME.match(address)
    if is_link:
        return scheme is None or scheme["scheme"].lower() in _SCHEMES_OF_LINKS
    is_local = scheme is None and not address.startswith("//")
    return is_local or _EMBEDDED.match(address) is not None or _is_clean_drawing(address)


def _is_clean_drawing(address: str) -> bool:
    """Return whether an address is a drawing, as formulas are, with nothing that runs in it."""
    if not _DRAWING.match(address):
        return False
    content = decode_data_url(address)
    try:
        return content is not None and cleaned(content) == content
    except DrawingError:
        return False
