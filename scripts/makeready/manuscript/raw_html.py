"""The tags of raw HTML in Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import GLOBAL_ATTRIBUTES, OBSOLETE

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARK = re.compile(r"<!--|<!\[CDATA\[|<\?|<![A-Za-z]|</?[A-Za-z]")
_TAG_NAME = r"[A-Za-z][\w:.-]*+"
_VALUE = r""""[^"]*+"|'[^']*+'|[^\s"'=<>`]++"""
_ATTRIBUTE = re.compile(rf"""([^\s"'<>/=]++)(?:\s*+=\s*+({_VALUE}))?+""")
_TAG = re.compile(
    rf"""<(/?)({_TAG_NAME})((?:[\s/]++(?:[^\s"'<>/=]++(?:\s*+=\s*+(?:{_VALUE}))?+)?+)*+)>"""
)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_RAW_TEXT = frozenset({"script", "style", "textarea", "title"})
"""Elements whose content has no tags."""


def xml_text(text: str) -> str:
    """Return ``text`` without the characters that XML does not allow."""
    return text if text.isprintable() else _NOT_XML.sub("", text)


def append_text(element: Element, text: str) -> None:
    """Append text to the content of an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def set_attribute(
    element: Element, key: str, value: str, location: SourceLocation, findings: Findings
) -> None:
    """Set an attribute; report one whose name is not valid in XML."""
    if _NAME.fullmatch(key):
        element.set(key, xml_text(value))
    else:
        findings.add("MAN-016", location, attribute=key.strip(), element=element.tag)


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags, with its character references decoded."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: ``is_end`` for an end tag, ``is_empty`` for ``<x/>``.

    An obsolete element has the name of the one that stands for it, and ``was`` its own.
    """

    name: str
    offset: int
    is_end: bool = False
    is_empty: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    was: str = ""


@dataclass(frozen=True, slots=True)
class OtherMarkup:
    """A comment, a declaration or the like, or what looks like a tag and is none.

    ``kind`` is its first characters.
    """

    kind: str
    text: str
    offset: int
    is_closed: bool = True


def html_parts(raw: str) -> Iterator[Text | Tag | OtherMarkup]:
    """Yield the parts of raw HTML, each with its offset."""
    position = 0
    while found := _MARK.search(raw, position):
        start = found.start()
        if start > position:
            yield Text(html.unescape(raw[position:start]), position)
        if found[0][1] in "!?":
            end = _ENDS.get(found[0], ">")
            stop = raw.find(end, found.end())
            position = len(raw) if stop < 0 else stop + len(end)
            yield OtherMarkup(found[0], raw[start:position], start, is_closed=stop >= 0)
            continue
        tag = _TAG.match(raw, start)
        if tag is None or not _NAME.fullmatch(tag[2]):
            position = found.end() if tag is None else tag.end()
            yield OtherMarkup("<", raw[start : position if tag else start + 30], start)
            if tag is None:
                yield Text(found[0], start)
            continue
        position = tag.end()
        read = _tag(tag)
        yield read
        if read.name in _RAW_TEXT and not read.is_end and not read.is_empty:
            end_tag = re.compile(rf"</{read.name}(?=[\s/>])", re.IGNORECASE).search(raw, position)
            stop = end_tag.start() if end_tag else len(raw)
            if stop > position:
                yield Text(raw[position:stop], position)
            position = stop
    if position < len(raw):
        yield Text(html.unescape(raw[position:]), position)


def _tag(match: re.Match[str]) -> Tag:
    attributes: dict[str, str] = {}
    end = 0
    for attribute in _ATTRIBUTE.finditer(match[3]):
        value = attribute[2] or ""
        if value[:1] in {'"', "'"}:
            value = value[1:-1]
        attributes.setdefault(attribute[1].lower(), html.unescape(value))
        end = attribute.end()
    is_empty = "/" in match[3][end:]
    was = match[2].lower()
    if was == "center":
        attributes["align"] = "center"
    elif was == "font":
        attributes = {key: text for key, text in attributes.items() if key in GLOBAL_ATTRIBUTES}
    name = OBSOLETE.get(was, was)
    return Tag(name, match.start(), bool(match[1]), is_empty, attributes, was)
