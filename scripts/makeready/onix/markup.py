"""The elements of a message, written in the order they are asked for."""

from __future__ import annotations

from lxml import etree


class OnixBlock:
    """An element that holds others."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._namespace = etree.QName(element).namespace

    def block(self, name: str) -> OnixBlock:
        """Add an element that holds others."""
        return OnixBlock(etree.SubElement(self._element, self._whole(name)))

    def flag(self, name: str) -> None:
        """Add an element whose presence says everything."""
        etree.SubElement(self._element, self._whole(name))

    def text(self, name: str, text: str, **attributes: str) -> None:
        """Add an element that holds a text; nothing for an empty one."""
        if text:
            etree.SubElement(self._element, self._whole(name), attributes).text = text

    def _whole(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"
