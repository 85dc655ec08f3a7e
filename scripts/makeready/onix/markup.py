"""The elements of an ONIX message, written in the order of the calls."""

from __future__ import annotations

from lxml import etree


class OnixBlock:
    """An element with child elements."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._namespace = etree.QName(element).namespace

    def block(self, name: str) -> OnixBlock:
        """Add an element for child elements."""
        return OnixBlock(etree.SubElement(self._element, self._qualified(name)))

    def flag(self, name: str) -> None:
        """Add an empty element, whose presence is its meaning."""
        etree.SubElement(self._element, self._qualified(name))

    def text(self, name: str, text: str, **attributes: str) -> None:
        """Add an element with a text, unless the text is empty."""
        if text:
            etree.SubElement(self._element, self._qualified(name), attributes).text = text

    def _qualified(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"
