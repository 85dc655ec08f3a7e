"""From the parser's tree to lxml: text decoded, raw HTML paired, every element with its line."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from xml.etree import ElementTree

from lxml import etree
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.allowed_html import BLOCKS, CALL, NEVER_CLOSED
from makeready.manuscript.blocks import BLOCK, GUARD, INDENT
from makeready.manuscript.fences import PLACE, CodeBlock
from makeready.manuscript.line_numbers import LINE, MARKER, number_of
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
_SPECIAL = re.compile(f"{HTML_PLACEHOLDER_RE.pattern}|{PLACE.pattern}|{MARKER.pattern}")
_INTERNAL = frozenset({LINE, BLOCK})


def decode(text: str) -> str:
    """Return text as a reader sees it: references to characters put as the characters."""
    text = text.replace(AMP_SUBSTITUTE, "&").replace(GUARD, "").replace(INDENT, NO_BREAK_SPACE)
    if "&" in text:
        text = _REFERENCE.sub(lambda match: html.unescape(match[0]), text)
    return xml_text(text)


class Conversion:
    """Converts the trees of one section."""

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
            target.extend(self._element(child, 1))
        return target

    def _element(self, node: ElementTree.Element, depth: int) -> list[Element]:
        """Convert one element; a place-holder in a paragraph of its own becomes its blocks."""
        line = node.get(LINE, "")
        if line.isdigit() and node.tag in BLOCKS:
            self._line = int(line)
        if depth > MAX_DEPTH:
            if not self._too_deep:
                self._findings.add("MAN-013", self._location(), limit=MAX_DEPTH)
            self._too_deep = True
            return []
        if node.tag == "p" and len(node) == 0:
            block = self._held_block((node.text or "").strip())
            if block is not None:
                return block
        element = etree.Element(CALL if node.tag == CALL else str(node.tag).lower())
        self._set_attributes(element, node)
        element.set(LINE, str(self._line))
        if node.tag in {"code", "pre"} and len(node) == 0:
            element.text = decode(MARKER.sub("", node.text or ""))
            if node.tag == "code":
                element.text = element.text.rstrip("\n")
            self._follow(node.text or "")
        else:
            self._fill(element, node, depth)
        return [element]

    def _held_block(self, text: str) -> list[Element] | None:
        if place := HTML_PLACEHOLDER_RE.fullmatch(text):
            raw = str(self._stash[int(place[1])])
            # A block of one inline tag or reference is a paragraph after all.
            if raw.startswith("<") and (tag := read_tag(raw.split(">", 1)[0] + ">")):
                if tag.closing or (tag.name not in BLOCKS and self._is_one_tag(raw)):
                    return None
                return read_block(raw.strip("\n"), self._line, self._name, self._findings)
            return None
        if place := PLACE.fullmatch(text):
            return [self._code_block(int(place[1]))]
        return None

    @staticmethod
    def _is_one_tag(raw: str) -> bool:
        return raw.count("<") == 1

    def _code_block(self, index: int) -> Element:
        held = self._code[index]
        block = etree.Element("pre", {LINE: str(held.line)})
        code = etree.SubElement(block, "code", {LINE: str(held.line)})
        if held.language:
            code.set("class", f"language-{held.language}")
        code.text = xml_text(held.code)
        return block

    def _set_attributes(self, element: Element, node: ElementTree.Element) -> None:
        for key, value in node.attrib.items():
            if key in _INTERNAL:
                if node.tag not in BLOCKS:
                    self._findings.add("MAN-016", self._location(), attribute=key, element=node.tag)
                continue
            text = HTML_PLACEHOLDER_RE.sub(self._stashed_text, str(value))
            if key == "align" and node.tag in {"td", "th"}:
                key, text = "class", f"align-{text}"  # noqa: PLW2901 - the parser's own attribute
            text = " ".join(decode(MARKER.sub("", text)).split())
            set_attribute(element, key, text, self._location(), self._findings)

    def _stashed_text(self, place: re.Match[str]) -> str:
        raw = str(self._stash[int(place[1])])
        return raw if raw.startswith("&") else ""

    def _location(self) -> SourceLocation:
        return SourceLocation(self._name, self._line)

    def _follow(self, text: str) -> None:
        for mark in MARKER.findall(text):
            self._line = number_of(mark)

    def _fill(self, element: Element, node: ElementTree.Element, depth: int) -> None:
        """Convert what an element holds; tags of raw HTML open and close inside it."""
        frames = [element]
        ignored: list[str] = []
        self._text(frames, ignored, node.text)
        for child in node:
            frames[-1].extend(self._element(child, depth + len(frames)))
            self._text(frames, ignored, child.tail)
        for frame in frames[1:]:
            self._unpaired(str(frame.tag), "is never closed", int(frame.get(LINE, "1")))

    def _text(self, frames: list[Element], ignored: list[str], text: str | None) -> None:
        if not text:
            return
        position = 0
        for match in _SPECIAL.finditer(text):
            append_text(frames[-1], decode(text[position : match.start()]))
            position = match.end()
            if match[3]:
                self._line = number_of(match[3])
            elif match[2]:
                frames[-1].append(self._code_block(int(match[2])))
            else:
                self._raw(frames, ignored, str(self._stash[int(match[1])]))
        append_text(frames[-1], decode(text[position:]))

    def _raw(self, frames: list[Element], ignored: list[str], raw: str) -> None:
        if raw.startswith("&"):
            append_text(frames[-1], decode(raw))
            return
        if raw.startswith("<!--"):
            return
        tag = read_tag(raw)
        if tag is None:
            self._unpaired(raw[1:30].rstrip(">"), "is no tag of HTML", self._line)
        elif tag.closing:
            self._close(frames, ignored, tag)
        elif tag.name in BLOCKS:
            if not ignored:
                self._unpaired(tag.name, "cannot stand inside a paragraph", self._line)
            ignored.append(tag.name)
        else:
            child = etree.SubElement(frames[-1], tag.name)
            for key, value in tag.attributes:
                set_attribute(child, key, value, self._location(), self._findings)
            child.set(LINE, str(self._line))
            if tag.name not in NEVER_CLOSED and not tag.empty:
                frames.append(child)

    def _close(self, frames: list[Element], ignored: list[str], tag: Tag) -> None:
        if tag.name in ignored:
            ignored.remove(tag.name)
        elif not any(frame.tag == tag.name for frame in frames[1:]):
            self._unpaired(f"/{tag.name}", "closes nothing", self._line)
        else:
            while (frame := frames.pop()).tag != tag.name:
                self._unpaired(str(frame.tag), "is never closed", int(frame.get(LINE, "1")))

    def _unpaired(self, tag: str, problem: str, line: int) -> None:
        self._findings.add("MAN-018", SourceLocation(self._name, line), tag=tag, problem=problem)
