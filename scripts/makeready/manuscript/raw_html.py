"""Raw HTML in Markdown: parsed strictly, with its tags paired and their lines known."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from lxml import etree

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import HTML_VOID
from makeready.manuscript.implied_tags import OPTIONAL, implied_ends
from makeready.manuscript.line_numbers import LINE, MARKER

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
        element.set(key, xml_text(MARKER.sub("", value)))
    else:
        findings.add("MAN-016", location, attribute=key, element=element.tag)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: ``closing`` for an end tag, ``empty`` for ``<x/>``."""

    name: str
    closing: bool = False
    empty: bool = False
    attributes: list[tuple[str, str]] = field(default_factory=list)


class _TagParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tag: Tag | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = Tag(tag, attributes=[(k, v or "") for k, v in attrs])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = Tag(tag, empty=True, attributes=[(k, v or "") for k, v in attrs])

    def handle_endtag(self, tag: str) -> None:
        self.tag = Tag(tag, closing=True)


def read_tag(raw: str) -> Tag | None:
    """Return one tag of HTML; None if it is not a valid one."""
    parser = _TagParser()
    parser.feed(MARKER.sub("", raw))
    parser.close()
    return parser.tag if parser.tag and _NAME.fullmatch(parser.tag.name) else None


class _BlockParser(HTMLParser):
    """Builds the tree of a block of HTML, and reports tags without a partner."""

    def __init__(self, line: int, name: str, findings: Findings) -> None:
        super().__init__()
        self.root = etree.Element("div")
        self._stack: list[Element] = [self.root]
        self._first_line = line
        self._name = name
        self._findings = findings
        self._implied_ends: Counter[str] = Counter()

    def _line(self) -> int:
        return self._first_line + self.getpos()[0] - 1

    def _report(self, tag: str, problem: str, line: int) -> None:
        self._findings.add("MAN-018", SourceLocation(self._name, line), tag=tag, problem=problem)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open(tag, attrs) and tag not in HTML_VOID:
            self._stack.pop()

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        if not _NAME.fullmatch(tag):
            self._report(tag, "is not an HTML tag", self._line())
            return False
        for _ in range(implied_ends([str(e.tag) for e in self._stack[1:]], tag)):
            self._implied_ends[str(self._stack.pop().tag)] += 1
        element = etree.SubElement(self._stack[-1], tag)
        location = SourceLocation(self._name, self._line())
        for key, value in attrs:
            set_attribute(element, key, value or "", location, self._findings)
        element.set(LINE, str(self._line()))
        if tag not in HTML_VOID:
            self._stack.append(element)
        return True

    def handle_endtag(self, tag: str) -> None:
        if tag in HTML_VOID:
            return
        if not any(element.tag == tag for element in self._stack[1:]):
            if self._implied_ends[tag]:
                self._implied_ends[tag] -= 1
            else:
                self._report(f"/{tag}", "closes no open tag", self._line())
            return
        while (element := self._stack.pop()).tag != tag:
            if element.tag not in OPTIONAL:
                self._unclosed(element)

    def handle_data(self, data: str) -> None:
        append_text(self._stack[-1], xml_text(data))

    def handle_decl(self, decl: str) -> None:
        self._report(f"!{decl[:20]}", "is not allowed in a section", self._line())

    def handle_pi(self, data: str) -> None:
        self._report(f"?{data[:20]}", "is not allowed in a section", self._line())

    def unknown_decl(self, data: str) -> None:
        self._report(f"![{data[:20]}", "is not allowed in a section", self._line())

    def _unclosed(self, element: Element) -> None:
        self._report(str(element.tag), "is never closed", int(element.get(LINE, "1")))

    def finish(self) -> Element:
        self.close()
        unclosed = (element for element in self._stack[1:] if element.tag not in OPTIONAL)
        # Only the outermost is reported: those inside are unclosed because of it.
        if (element := next(unclosed, None)) is not None:
            line = int(element.get(LINE, "1"))
            location = SourceLocation(self._name, line)
            self._findings.add("MAN-035", location, tag=element.tag)
        return self.root


def read_block(raw: str, line: int, name: str, findings: Findings) -> list[Element]:
    """Return the elements of a block of HTML; text outside any tag becomes a paragraph."""
    parser = _BlockParser(line, name, findings)
    parser.feed(raw)
    root = parser.finish()
    elements: list[Element] = []

    def add_paragraph(text: str | None) -> None:
        if text and text.strip():
            paragraph = etree.Element("p", {LINE: str(line)})
            paragraph.text = text.strip()
            elements.append(paragraph)

    add_paragraph(root.text)
    for child in list(root):
        tail, child.tail = child.tail, None
        elements.append(child)
        add_paragraph(tail)
    return elements
