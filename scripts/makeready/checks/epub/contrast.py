"""Whether text stands out from what is behind it: worked out from the finished stylesheet.

Source: WCAG 2.2, 1.4.3 and the definitions of contrast ratio and of large text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tinycss2
import tinycss2.color3

from makeready.checks.epub.stylesheets import declarations_of

# sRGB as WCAG 2.2 has it.
_LINEAR_TO, _LINEAR_DIVISOR, _OFFSET, _SCALE, _POWER = 0.04045, 12.92, 0.055, 1.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_LEAST, _LEAST_LARGE = 4.5, 3.0
# 18 points where the text is of 12.
_LARGE_EM = 1.5
_PAPER, _INK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Faint:
    """A rule whose text stands out too little: its line, what it selects, ratio and least ratio."""

    line: int
    selector: str
    ratio: float
    least: float


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def faint_rules(content: bytes) -> Iterator[Faint]:
    """Yield each rule that sets text too near in colour to its ground.

    Where a rule gives only one of the two, the other is that of a page that a reading system
    shows in the light: black on white.
    """
    rules, _ = tinycss2.parse_stylesheet_bytes(content, skip_comments=True, skip_whitespace=True)
    in_the_light = [rule for rule in rules if not _is_for_the_dark(rule)]
    for selector, declared in declarations_of(in_the_light):
        values = {one.lower_name: one for one in declared}
        text = values.get("color")
        ground = values.get("background-color") or values.get("background")
        colours = _colour(text, _PAPER), _colour(ground, _PAPER)
        if colours == (None, None):
            continue
        ratio = contrast(colours[0] or _INK, colours[1] or _PAPER)
        least = _LEAST_LARGE if _is_large(values.get("font-size")) else _LEAST
        if ratio < least:
            given = text if colours[0] else ground
            line = given.source_line if given is not None else 1
            yield Faint(line, selector, ratio, least)


def _is_for_the_dark(rule: Any) -> bool:
    return rule.type == "at-rule" and "dark" in tinycss2.serialize(rule.prelude)


def _colour(declaration: Any, behind: Rgb) -> Rgb | None:
    """Return the colour that a declaration gives, laid over what is behind; None for no colour."""
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
