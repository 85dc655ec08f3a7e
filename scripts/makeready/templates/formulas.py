"""Formulas in documents: MathML in the EPUB, drawings on pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.diagrams import drawing_url
from makeready.manuscript.formula_drawing import SIGN_AFTER, Drawing
from makeready.manuscript.formula_lines import in_lines
from makeready.manuscript.formulas import BASELINE, EQUATION, MATHML, drawings_of, expand_mathml

_SCALE = 0.92
"""The size of STIX Two Math beside EB Garamond, whose small letters are lower."""

_SMALLEST = 0.7
"""A displayed formula wider than the text is made smaller, down to this part of its size."""

_LARGEST_SHARE = 0.92
"""One that is wider than the text by less than this is made smaller; others are divided."""

_MEASURES = (("on-narrow", 23.0), ("on-wide", 31.0))
"""The measures of the book's pages, and of wide pages, in em."""

_STRUT_EM = 1.05
"""The least height of a displayed formula above its bottom, as `print.css` has it."""

_NUMBER_EM = 5.0
_MARGIN_EM = 2.0
_WITH_MARGINS = frozenset({"li", "dd", "blockquote"})

_BEFORE = re.compile(r"[^\s\u2013\u2014-]*$")
_AFTER = re.compile(r"[^\s\u2013\u2014-]*[\u2013\u2014-]?")


def set_formulas(tree: Element, *, paged: bool) -> None:
    """Adapt the formulas of a normalised tree to a PDF or, unless ``paged``, to the EPUB."""
    if not paged:
        expand_mathml(tree)
        for number in tree.iter("span"):
            number.attrib.pop(BASELINE, "")
        return
    for element in list(tree.iter("math")):
        if element.get(MATHML):
            _set_drawing(element)


def _set_drawing(element: Element) -> None:
    whole, pieces = drawings_of(element)
    parent = element.getparent()
    if parent is not None and EQUATION in (parent.get("class") or "").split():
        _set_displayed(element, whole, pieces)
    elif pieces:
        _set_pieces(element, pieces)
    else:
        _make_image(element, whole, element.get("alttext", ""))
        if parent is not None:
            _keep_with_signs(element, parent)


def _make_image(element: Element, drawing: Drawing, alternative: str) -> None:
    """Make an element the image of a drawing, on the baseline."""
    element.attrib.clear()
    element.tag = "img"
    element.set("class", "formula")
    element.set("src", drawing_url(drawing.svg))
    element.set("alt", alternative)
    width, depth = drawing.width * _SCALE, drawing.depth * _SCALE
    element.set("style", f"width:{width:.4g}em;vertical-align:{-depth:.4g}em")


def _set_pieces(element: Element, pieces: Sequence[Drawing]) -> None:
    """Put the pieces of a formula in its place, with spaces between them, at which a line can end.

    The first one has the text of them all.
    """
    parent, alternative = element.getparent(), element.get("alttext", "")
    assert parent is not None
    groups: list[Element] = []
    for piece in pieces:
        if not groups or piece.level != SIGN_AFTER:
            group = etree.Element("span", {"class": "formula-group"})
            group.tail = " "
            element.addprevious(group)
            groups.append(group)
        for before in groups[-1]:
            before.tail = " "
        image = etree.SubElement(groups[-1], "img")
        _make_image(image, piece, alternative)
        image.set("class", "formula piece")
        if not alternative:
            # An image without a text is an embed on paged media, as others are.
            image.tag = "embed"
            del image.attrib["alt"]
        alternative = ""
    groups[-1].tail = element.tail
    element.tail = None
    parent.remove(element)
    _keep_with_signs(groups[0], parent)
    _keep_with_signs(groups[-1], parent)


def _set_displayed(element: Element, whole: Drawing, pieces: Sequence[Drawing]) -> None:
    """Set a displayed formula in one image, or also in one of several lines.

    Which is shown depends on the width of the page.
    """
    alternative = element.get("alttext", "")
    shown = [whole, whole]
    _make_displayed(element, whole, alternative)
    for index, (class_name, measure) in enumerate(_MEASURES):
        room = measure - _room_taken(element)
        if not pieces or whole.width * _SCALE <= room / _LARGEST_SHARE:
            continue
        lines = in_lines(pieces, room / _SCALE)
        if lines is None:
            continue
        shown[index] = lines
        image = etree.Element("img")
        _make_displayed(image, lines, alternative)
        image.set("class", f"formula {class_name}")
        element.addnext(image)
        element.set("class", f"{element.get('class')} not-{class_name}")
    parent = element.getparent()
    assert parent is not None
    _place_numbers(parent, *shown)


def _place_numbers(equation: Element, on_narrow: Drawing, on_wide: Drawing) -> None:
    """Put the number of a displayed formula on its baseline, those of rows on that of each row.

    The drawings are those that are shown on narrow and on wide pages.
    """
    for number in equation.iterchildren("span"):
        row = number.attrib.pop(BASELINE, "")
        places = [f"{float(row):.2%}"] if row else [_depth(on_narrow), _depth(on_wide)]
        number.set("style", f"--depth-on-narrow:{places[0]};--depth-on-wide:{places[-1]}")


def _depth(drawing: Drawing) -> str:
    """Return how deep a displayed formula is below its baseline, that of its last line."""
    if drawing.height * _SCALE < _STRUT_EM:
        return f"{drawing.depth * _SCALE:.4g}em"
    return f"{drawing.depth / drawing.height:.2%}"


def _make_displayed(element: Element, drawing: Drawing, alternative: str) -> None:
    _make_image(element, drawing, alternative)
    width = drawing.width * _SCALE
    element.set("style", f"width:{width:.4g}em;min-width:{width * _SMALLEST:.4g}em")


def _room_taken(element: Element) -> float:
    """Return how much of the line is not for a formula: its number, and margins around it."""
    taken = 0.0
    for ancestor in element.iterancestors():
        names = (ancestor.get("class") or "").split()
        if "numbered" in names:
            taken += _NUMBER_EM
        if ancestor.tag in _WITH_MARGINS or "callout" in names:
            taken += _MARGIN_EM
    return taken


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
