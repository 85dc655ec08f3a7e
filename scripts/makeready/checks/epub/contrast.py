"""The contrast of the text in a document with its background.

Source: WCAG 2.2, 1.4.3 and the definitions of contrast ratio and of large text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import tinycss2.color3
from lxml import etree

from makeready.checks.epub.cascade import (
    BLACK,
    WHITE,
    Declaration,
    Rgb,
    Rule,
    Style,
    styled_elements,
)

# The transfer function of sRGB, as in WCAG 2.2.
_LINEAR_TO, _LINEAR_DIVISOR, _OFFSET, _SCALE, _POWER = 0.04045, 12.92, 0.055, 1.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_LEAST, _LEAST_LARGE = 4.5, 3.0
_LARGE_PX, _LARGE_BOLD_PX = 24.0, 18.66
"""18 and, in bold, 14 points."""


@dataclass(frozen=True, slots=True)
class LowContrast:
    """A rule that gives text too little contrast, with the lowest ratio and the least it needs."""

    path: str
    line: int
    selector: str
    ratio: float
    least: float


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def low_contrasts(path: str, tree: etree._Element, rules: Sequence[Rule]) -> list[LowContrast]:
    """Return the rules that give text of a document too little contrast.

    Text is black and backgrounds are white where no rule says otherwise, as in the light mode of a
    reading system.
    """
    if not _may_be_low(tree, rules):
        return []
    worst: dict[tuple[str, int], LowContrast] = {}
    for element, style in styled_elements(path, tree, rules):
        declaration = style.colour_set or style.background_set
        if declaration is None or not style.is_shown or not _has_text(element):
            continue
        if style.colour is None or style.background is None:
            continue
        ratio, least = contrast(style.colour, style.background), _least(style)
        place = (declaration.path, declaration.line)
        if ratio < least and (place not in worst or ratio < worst[place].ratio):
            worst[place] = LowContrast(*place, declaration.selector, ratio, least)
    return list(worst.values())


def _may_be_low(tree: etree._Element, rules: Sequence[Rule]) -> bool:
    """Return whether any two colours that the document names have too little contrast.

    Most books have none: then no element needs to be looked at.
    """
    own = (element.get("style") for element in tree.iter(etree.Element))
    if any("color" in style or "background" in style for style in filter(None, own)):
        return True
    texts, backgrounds = {BLACK}, {WHITE}
    for declaration in (one for _, declared in rules for one in declared):
        known = texts if declaration.name == "color" else backgrounds
        if declaration.name == "color" or declaration.name.startswith("background"):
            for colour in _colours(declaration):
                if colour.alpha < 1:
                    return True
                known.add((colour.red, colour.green, colour.blue))
    return any(contrast(*pair) < _LEAST for pair in product(texts, backgrounds))


def _colours(declaration: Declaration) -> Iterator[tinycss2.color3.RGBA]:
    for token in declaration.value:
        colour = tinycss2.color3.parse_color(token)
        if isinstance(colour, tinycss2.color3.RGBA) and colour.alpha > 0:
            yield colour


def _has_text(element: etree._Element) -> bool:
    """Return whether an element has letters or digits of its own."""
    texts = (element.text, *(child.tail for child in element))
    return any(character.isalnum() for text in texts for character in text or "")


def _least(style: Style) -> float:
    is_large = style.size_px >= (_LARGE_BOLD_PX if style.is_bold else _LARGE_PX)
    return _LEAST_LARGE if is_large else _LEAST


def _luminance(colour: Rgb) -> float:
    return sum(weight * _linear(part) for weight, part in zip(_WEIGHTS, colour, strict=True))


def _linear(part: float) -> float:
    if part <= _LINEAR_TO:
        return part / _LINEAR_DIVISOR
    return float(((part + _OFFSET) / _SCALE) ** _POWER)
