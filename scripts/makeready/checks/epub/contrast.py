"""The contrast of text and background, calculated from a stylesheet.

Source: WCAG 2.2, 1.4.3 and the definitions of contrast ratio and of large text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2
import tinycss2.color3

from makeready.checks.epub.stylesheets import declarations_of

# The transfer function of sRGB, as in WCAG 2.2.
_LINEAR_TO, _LINEAR_DIVISOR, _OFFSET, _SCALE, _POWER = 0.04045, 12.92, 0.055, 1.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_LEAST, _LEAST_LARGE = 4.5, 3.0
# 18 points, if normal text has 12.
_LARGE_EM = 1.5
_PAPER, _INK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class LowContrastRule:
    """A CSS rule with too little contrast: line, selector, contrast ratio and least ratio."""

    line: int
    selector: str
    ratio: float
    least: float


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def low_contrast_rules(content: bytes) -> Iterator[LowContrastRule]:
    """Yield each rule whose text colour has too little contrast to its background.

    If a rule sets only one of the two, the other is black text or a white background, as in the
    light mode of a reading system.
    """
    rules, _ = tinycss2.parse_stylesheet_bytes(content, skip_comments=True, skip_whitespace=True)
    light_rules = [rule for rule in rules if not _is_for_dark_mode(rule)]
    for selector, declarations in declarations_of(light_rules):
        values = {one.lower_name: one for one in declarations}
        text = values.get("color")
        background = values.get("background-color") or values.get("background")
        colours = _colour(text, _PAPER), _colour(background, _PAPER)
        if colours == (None, None):
            continue
        ratio = contrast(colours[0] or _INK, colours[1] or _PAPER)
        least = _LEAST_LARGE if _is_large(values.get("font-size")) else _LEAST
        if ratio < least:
            declaration = text if colours[0] else background
            line = declaration.source_line if declaration is not None else 1
            yield LowContrastRule(line, selector, ratio, least)


def _is_for_dark_mode(rule: Any) -> bool:
    return rule.type == "at-rule" and "dark" in tinycss2.serialize(rule.prelude)


def _colour(declaration: Any, behind: Rgb) -> Rgb | None:
    """Return the colour of a declaration, blended with the one behind it; None if it has none."""
    for token in declaration.value if declaration is not None else ():
        colour = tinycss2.color3.parse_color(token)
        if isinstance(colour, tinycss2.color3.RGBA) and colour.alpha > 0:
            red, green, blue = (
                part * colour.alpha + under * (1 - colour.alpha)
                for part, under in zip(colour[:3], behind, strict=True)
            )
            return red, green, blue
    return None


def _luminance(colour: Rgb) -> float:
    return sum(weight * _linear(part) for weight, part in zip(_WEIGHTS, colour, strict=True))


def _linear(part: float) -> float:
    if part <= _LINEAR_TO:
        return part / _LINEAR_DIVISOR
    return float(((part + _OFFSET) / _SCALE) ** _POWER)


def _is_large(declaration: Any) -> bool:
    return declaration is not None and any(
        token.type == "dimension" and token.lower_unit in {"em", "rem"} and token.value >= _LARGE_EM
        for token in declaration.value
    )
