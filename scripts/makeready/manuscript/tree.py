"""Conversion of the parser's tree to lxml: text decoded, raw HTML parsed, lines kept."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from xml.etree import ElementTree

from lxml import etree
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import BLOCK, BLOCKS, HTML_VOID, NOTE_CALL
from makeready.manuscript.blocks import VERSE_INDENT, VERSE_LINE
from makeready.manuscript.fences import PLACEHOLDER, CodeBlock
from makeready.manuscript.implied_tags import OPTIONAL, implied_ends
from makeready.manuscript.line_numbers import LINE, MARKER, decode_line
from makeready.manuscript.raw_html import (
    Tag,
    append_text,
    read_block,
    read_tag,
    set_attribute,
    xml_text,
)
from makeready.manuscript.source import MAX_DEPTH

NO_BREAK_SPACE = "\u00a0"
_REFERENCE = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPECIAL = re.compile(f"{HTML_PLACEHOLDER_RE.pattern}|{PLACEHOLDER.pattern}|{MARKER.pattern}")
_INTERNAL = frozenset({LINE, BLOCK})


def decode_text(text: str) -> str:
    """Return text with its character references decoded, without the parser's own marks."""
    text = (
        text.replace(AMP_SUBSTITUTE, "&")
        .replace(VERSE_LINE, "")
        .replace(VERSE_INDENT, NO_BREAK_SPACE)
    )
    if "&" in text:
        text = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
    return xml_text(text)


class TreeConverter:
    """Converts the trees of one section to lxml."""

    def __init__(
        self, stash: Sequence[object], code: list[CodeBlock], name: str, findings: Findings
    ) -> None:
        self._stash = stash
        self._code = code
        self._name = name
        self._findings = findings
        self._line = 1
        self._too_deep = False

    def convert(self, root: ElementTree.Element) -> Element:
        """Return ``root`` as a ``div`` of blocks."""
        target = etree.Element("div")
        for child in root:
            target.extend(self._convert_element(child, 1))
        return target

    def _convert_element(self, node: ElementTree.Element, depth: int) -> list[Element]:
        """Convert an element; a paragraph with only a placeholder becomes the blocks for it."""
        line = node.get(LINE, "")
        if line.isdigit() and node.tag in BLOCKS:
            self._line = int(line)
        if depth > MAX_DEPTH:
            if not self._too_deep:
                self._findings.add("MAN-013", self._location(), limit=MAX_DEPTH)
            self._too_deep = True
            return []
        if node.tag == "p" and len(node) == 0:
            block = self._block_at_placeholder((node.text or "").strip())
            if block is not None:
                return block
        element = etree.Element(NOTE_CALL if node.tag == NOTE_CALL else str(node.tag).lower())
        self._set_attributes(element, node)
        element.set(LINE, str(self._line))
        if node.tag in {"code", "pre"} and len(node) == 0:
            element.text = decode_text(MARKER.sub("", node.text or ""))
            if node.tag == "code":
                element.text = element.text.rstrip("\n")
            self._track_line(node.text or "")
        else:
            self._add_content(element, node, depth)
        return [element]

    def _block_at_placeholder(self, text: str) -> list[Element] | None:
        if placeholder := HTML_PLACEHOLDER_RE.fullmatch(text):
            raw = str(self._stash[int(placeholder[1])])
            # A single inline tag or character reference is part of a paragraph.
            if raw.startswith("<") and (tag := read_tag(raw.split(">", 1)[0] + ">")):
                if tag.closing or (tag.name not in BLOCKS and self._is_one_tag(raw)):
                    return None
                return read_block(raw.strip("\n"), self._line, self._name, self._findings)
            return None
        if placeholder := PLACEHOLDER.fullmatch(text):
            return [self._code_block(int(placeholder[1]))]
        return None

    @staticmethod
    def _is_one_tag(raw: str) -> bool:
        return raw.count("<") == 1

    def _code_block(self, index: int) -> Element:
        code_block = self._code[index]
        block = etree.Element("pre", {LINE: str(code_block.line)})
        code = etree.SubElement(block, "code", {LINE: str(code_block.line)})
        if code_block.language:
            code.set("class", f"language-{code_block.language}")
        code.text = xml_text(code_block.code)
        return block

    def _set_attributes(self, element: Element, node: ElementTree.Element) -> None:
        for key, value in node.attrib.items():
            if key in _INTERNAL:
                if node.tag not in BLOCKS:
                    self._findings.add("MAN-016", self._location(), attribute=key, element=node.tag)
                continue
            text = HTML_PLACEHOLDER_RE.sub(self._stashed_text, str(value))
            if key == "align" and node.tag in {"td", "th"}:
                key, text = "class", f"align-{text}"  # noqa: PLW2901 - an attribute of the parser
            text = " ".join(decode_text(MARKER.sub("", text)).split())
            set_attribute(element, key, text, self._location(), self._findings)

    def _stashed_text(self, placeholder: re.Match[str]) -> str:
        raw = str(self._stash[int(placeholder[1])])
        return raw if raw.startswith("&") else ""

    def _location(self) -> SourceLocation:
        return SourceLocation(self._name, self._line)

    def _track_line(self, text: str) -> None:
        for mark in MARKER.findall(text):
            self._line = decode_line(mark)

    def _add_content(self, element: Element, node: ElementTree.Element, depth: int) -> None:
        """Convert the content of an element, with the tags of raw HTML in it."""
        open_elements = [element]
        ignored: list[str] = []
        self._add_text(open_elements, ignored, node.text)
        for child in node:
            open_elements[-1].extend(self._convert_element(child, depth + len(open_elements)))
            self._add_text(open_elements, ignored, child.tail)
        for unclosed in open_elements[1:]:
            self._report_unclosed(unclosed)

    def _add_text(self, open_elements: list[Element], ignored: list[str], text: str | None) -> None:
        if not text:
            return
        position = 0
        for match in _SPECIAL.finditer(text):
            append_text(open_elements[-1], decode_text(text[position : match.start()]))
            position = match.end()
            if match[3]:
                self._line = decode_line(match[3])
            elif match[2]:
                open_elements[-1].append(self._code_block(int(match[2])))
            else:
                self._add_raw_html(open_elements, ignored, str(self._stash[int(match[1])]))
        append_text(open_elements[-1], decode_text(text[position:]))

    def _add_raw_html(self, open_elements: list[Element], ignored: list[str], raw: str) -> None:
        if raw.startswith("&"):
            append_text(open_elements[-1], decode_text(raw))
            return
        if raw.startswith("<!--"):
            return
        tag = read_tag(raw)
        if tag is None:
            self._report_tag(raw[1:30].rstrip(">"), "is not an HTML tag", self._line)
        elif tag.closing:
            self._close(open_elements, ignored, tag)
        elif tag.name in BLOCKS:
            if not ignored:
                self._report_tag(tag.name, "is not allowed inside a paragraph", self._line)
            ignored.append(tag.name)
        else:
            for _ in range(implied_ends([str(e.tag) for e in open_elements[1:]], tag.name)):
                open_elements.pop()
            child = etree.SubElement(open_elements[-1], tag.name)
            for key, value in tag.attributes:
                set_attribute(child, key, value, self._location(), self._findings)
            child.set(LINE, str(self._line))
            if tag.name not in HTML_VOID and not tag.empty:
                open_elements.append(child)

    def _close(self, open_elements: list[Element], ignored: list[str], tag: Tag) -> None:
        if tag.name in ignored:
            ignored.remove(tag.name)
        elif not any(unclosed.tag == tag.name for unclosed in open_elements[1:]):
            self._report_tag(f"/{tag.name}", "closes no open tag", self._line)
        else:
            while (unclosed := open_elements.pop()).tag != tag.name:
                self._report_unclosed(unclosed)

    def _report_unclosed(self, element: Element) -> None:
        if element.tag not in OPTIONAL:
            line = int(element.get(LINE, "1"))
            self._report_tag(str(element.tag), "is never closed", line)

    def _report_tag(self, tag: str, problem: str, line: int) -> None:
        self._findings.add("MAN-018", SourceLocation(self._name, line), tag=tag, problem=problem)
