"""Formulas in documents: MathML in the EPUB, drawings on pages."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.diagrams import drawing_url
from makeready.manuscript.formulas import DRAWING, EQUATION, MATHML, SIZE, expand_mathml

_SCALE = 0.92
"""The size of STIX Two Math beside EB Garamond, whose small letters are lower."""

_SMALLEST = 0.7
"""A displayed formula wider than the text is made smaller, down to this part of its size."""

_BEFORE = re.compile(r"[^\s\u2013\u2014-]*$")
_AFTER = re.compile(r"[^\s\u2013\u2014-]*[\u2013\u2014-]?")


def set_formulas(tree: Element, *, paged: bool) -> None:
    """Adapt the formulas of a normalised tree to a PDF or, unless ``paged``, to the EPUB."""
    if not paged:
        expand_mathml(tree)
        return
    for element in list(tree.iter("math")):
        if element.get(MATHML):
            _make_image(element)


def _make_image(element: Element) -> None:
    drawing = str(element.get(DRAWING))
    width, _, depth = (float(number) * _SCALE for number in str(element.get(SIZE)).split())
    alternative = element.get("alttext", "")
    element.attrib.clear()
    element.tag = "img"
    element.set("class", "formula")
    element.set("src", drawing_url(drawing))
    element.set("alt", alternative)
    style = f"width:{width:.4g}em"
    parent = element.getparent()
    if parent is not None and EQUATION in (parent.get("class") or "").split():
        element.set("style", f"{style};min-width:{width * _SMALLEST:.4g}em")
        return
    element.set("style", f"{style};vertical-align:{-depth:.4g}em")
    if parent is not None:
        _keep_with_signs(element, parent)


def _keep_with_signs(image: Element, parent: Element) -> None:
    """Put an image and what is around it without a space into an element that does not break.

    Between an image and a comma a line could end.
    """
    previous = image.getprevious()
    text = (parent.text if previous is None else previous.tail) or ""
    before, after = _BEFORE.search(text), _AFTER.match(image.tail or "")
    assert before is not None
    assert after is not None
    if not before[0] and not after[0]:
        return
    group = etree.Element("span", {"class": "formula-group"})
    rest = (image.tail or "")[after.end() :]
    if previous is None:
        parent.text = text[: before.start()]
    else:
        previous.tail = text[: before.start()]
    image.addprevious(group)
    group.text = before[0]
    group.append(image)
    image.tail, group.tail = after[0], rest
