"""The geometry of a page: measure, margins and lines, from the trim and the printer's limits."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from math import floor
from pathlib import Path

_SAFETY_PT = 1.0
"""Printers flag what lies exactly on their limit; specifications section 1.2."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the text stands on a page; lengths in points, ``line_count`` lines to a page."""

    width_pt: float
    height_pt: float
    size_pt: float
    leading_pt: float
    inner_pt: float
    outer_pt: float
    top_pt: float
    bottom_pt: float
    line_count: int

    @property
    def measure_pt(self) -> float:
        """The width of the text."""
        return self.width_pt - self.inner_pt - self.outer_pt

    def rule(self, *, mirrored: bool) -> str:
        """Return the page rule; a page that is not mirrored has its text in the middle."""
        side = (self.inner_pt + self.outer_pt) / 2
        inner, outer = (self.inner_pt, self.outer_pt) if mirrored else (side, side)
        head, foot = f"{self.top_pt:g}pt", f"{self.bottom_pt:g}pt"
        return (
            f":root{{--size:{self.size_pt:g}pt;--leading:{self.leading_pt:g}pt;"
            f"--text-height:{self.line_count * self.leading_pt:g}pt}}"
            f"@page{{size:{self.width_pt:g}pt {self.height_pt:g}pt}}"
            f"@page:left{{margin:{head} {inner:g}pt {foot} {outer:g}pt}}"
            f"@page:right{{margin:{head} {outer:g}pt {foot} {inner:g}pt}}"
        )


def page_geometry(
    width_pt: float, height_pt: float, gutter_pt: float, outside_pt: float, measures: Path
) -> Geometry:
    """Lay out a page of a trim size so that it keeps at least the printer's margins.

    ``gutter_pt`` and ``outside_pt`` are the least the printer takes; ``measures`` is the
    styles' ``measures.toml``.
    """
    data = tomllib.loads(measures.read_text("utf-8"))
    measure = next(m for m in data["measure"] if width_pt <= m["up_to_width_in"] * 72)
    page = data["page"]
    size_pt, leading_pt = float(measure["size_pt"]), float(measure["leading_pt"])
    least_inner, least_outer = gutter_pt + _SAFETY_PT, outside_pt + _SAFETY_PT

    text_pt = min(measure["line_em"] * size_pt, width_pt - least_inner - least_outer)
    free_pt = width_pt - text_pt
    inner_pt = min(max(free_pt * page["inner"], least_inner), free_pt - least_outer)

    most_pt = height_pt - 2 * max(least_outer, leading_pt * 3)
    line_count = floor(min(height_pt * page["text_height"], most_pt) / leading_pt)
    free_height_pt = height_pt - line_count * leading_pt
    top_pt = round(free_height_pt * page["above"], 2)
    return Geometry(
        width_pt=width_pt,
        height_pt=height_pt,
        size_pt=size_pt,
        leading_pt=leading_pt,
        inner_pt=round(inner_pt, 2),
        outer_pt=round(width_pt - text_pt - round(inner_pt, 2), 2),
        top_pt=top_pt,
        bottom_pt=round(free_height_pt - top_pt, 2),
        line_count=line_count,
    )
