"""Conversion of the parser's tree to lxml."""

from __future__ import annotations

from xml.etree import ElementTree

from lxml import etree

from makeready.book.model import Element
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.line_numbers import COLUMN, LINE
from makeready.manuscript.raw_html import set_attribute, xml_text

NO_BREAK_SPACE = "\u00a0"


def to_lxml(root: ElementTree.Element, path: str, findings: Findings) -> Element:
    """Return the tree of the parser as a ``div`` of blocks, each element with its line."""
    target = etree.Element("div")
    stack = [(root, target)]
    while stack:
        node, element = stack.pop()
        element.text = xml_text(node.text) if node.text else None
        for child in node:
            copy = etree.SubElement(element, str(child.tag))
            _copy_attributes(child, copy, path, findings)
            copy.tail = xml_text(child.tail) if child.tail else None
            stack.append((child, copy))
    return target


def _copy_attributes(
    node: ElementTree.Element, element: Element, path: str, findings: Findings
) -> None:
    line = node.get(LINE)
    location = SourceLocation(path, int(line) if line else 1)
    for key, value in node.attrib.items():
        if key not in {LINE, COLUMN}:
            set_attribute(element, key, " ".join(value.split()), location, findings)
    if line:
        element.set(LINE, line)
