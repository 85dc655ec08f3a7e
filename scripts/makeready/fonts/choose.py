"""Which fonts of a family set a book: the regular and the bold weight, upright and italic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from makeready.fonts.font import CODE
from makeready.fonts.sfnt import Face
from makeready.fonts.sources import FontSource

NORMAL, ITALIC = "normal", "italic"
REGULAR, BOLD, LIGHT = 400, 600, 300
"""The weights that the stylesheets use."""

_LEAST_BOLD, _MOST_REGULAR = 550, 550
_OPTICAL_SIZE_PT = 11.0
_NORMAL_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class ChosenFace:
    """A font of a family for a style and weight of the stylesheets, and its place on its axes."""

    source: FontSource
    style: str
    weight: int
    axes: Mapping[str, float]


def choose_faces(fonts: Sequence[FontSource], roles: Sequence[str]) -> list[ChosenFace]:
    """Return the fonts for all styles and weights of the stylesheets that a family has.

    A family with a bold weight has it as that of 600, whatever its own number is.
    """
    weights = (LIGHT, REGULAR, BOLD) if CODE in roles else (REGULAR, BOLD)
    chosen: list[ChosenFace] = []
    for weight in weights:
        for style in (NORMAL, ITALIC):
            source = _nearest(fonts, style, weight)
            if source is not None:
                axes = axes_for(source.face, style, weight)
                chosen.append(ChosenFace(source, style, weight, axes))
    if not any(one.weight == REGULAR and one.style == NORMAL for one in chosen):
        # A family of one weight, or of italics only.
        source = min(fonts, key=lambda f: (f.face.is_italic, abs(f.face.weight - REGULAR)))
        axes = axes_for(source.face, NORMAL, REGULAR)
        chosen.append(ChosenFace(source, NORMAL, REGULAR, axes))
    return chosen


def axes_for(face: Face, style: str, weight: int) -> dict[str, float]:
    """Return the place of a style and weight on the axes of a variable font."""
    wanted = {
        "wght": float(weight),
        "opsz": _OPTICAL_SIZE_PT,
        "wdth": _NORMAL_WIDTH,
        "ital": float(style == ITALIC),
    }
    return {
        tag: min(max(wanted.get(tag, usual), least), most)
        for tag, (least, usual, most) in face.axes.items()
    }


def _nearest(fonts: Sequence[FontSource], style: str, weight: int) -> FontSource | None:
    """Return the font that is nearest to a weight; None if none has the style, or is bold."""
    suitable = [
        (abs(nearest - weight), font.face.weight, number, font)
        for number, font in enumerate(fonts)
        if font.face.is_normal_width
        and _has_style(font.face, style)
        and (nearest := _weight_near(font.face, weight)) is not None
    ]
    return min(suitable)[-1] if suitable else None


def _has_style(face: Face, style: str) -> bool:
    if "ital" in face.axes:
        least, _, most = face.axes["ital"]
        return least <= float(style == ITALIC) <= most
    return face.is_italic == (style == ITALIC)


def _weight_near(face: Face, weight: int) -> float | None:
    """Return the weight of a font that is nearest to one; None if that is not of its kind."""
    least = most = float(face.weight)
    if "wght" in face.axes:
        least, most = face.axes["wght"][0], face.axes["wght"][2]
    nearest = min(max(weight, least), most)
    fits = nearest >= _LEAST_BOLD if weight == BOLD else nearest <= _MOST_REGULAR
    return nearest if fits else None
