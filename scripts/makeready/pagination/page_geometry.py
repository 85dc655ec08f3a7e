"""The geometry of a page: text width, margins and lines, for a trim size and a printer."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Annotated

from pydantic import Field

from makeready.book.style_files import StyleFile, StyleTable
from makeready.book.writing import script_of
from makeready.printers.tables import PT_PER_INCH
from makeready.templates.table_columns import ON_WIDE_PAGES, WHOLE_IF_WIDE

_SAFETY_PT = 1.0
"""Printers report what is exactly at their limit (specifications section 1.2)."""

_OVERHANG_EM = 0.22
"""How far a quotation mark at the edge of a line hangs beyond it, farther than any f or j does."""

_WIDE_EM = 31
_WIDE_LINE_EM = 30
"""Lines of so many em hold tables that are turned onto their side on other pages."""

_COLUMNS_ON_WIDE_PAGES = (
    f"[style*='{ON_WIDE_PAGES}']{{width:var({ON_WIDE_PAGES})!important}}"
    f"table[class].{WHOLE_IF_WIDE} th,table[class].{WHOLE_IF_WIDE} td"
    "{font-size:1em;padding:0 0.8em}"
)

_WIDE_MEASURE_PT = 370.0
_ON_WIDE_PAGES = (
    "body[data-long-book]{string-set:book attr(data-long-book)}"
    "section[data-long-head]{string-set:section attr(data-long-head)}"
    ".line.one-if-wide{display:inline}"
)
"""The layouts give running heads in two lengths, and titles in lines for narrow pages."""

_Length = Annotated[float, Field(gt=0)]
_TypeSize = Annotated[float, Field(ge=4, le=72)]
_Share = Annotated[float, Field(ge=0, le=1)]


class _Measure(StyleTable):
    up_to_width_in: _Length
    size_pt: _TypeSize
    leading_pt: _TypeSize
    line_em: _Length
    code_em: Annotated[float, Field(gt=0, le=2)] = 0.78


class _Page(StyleTable):
    text_height: Annotated[float, Field(gt=0, le=1)]
    above: _Share
    inner: _Share
    head_pt: Annotated[float, Field(ge=0, le=72)] = 10.5
    head_from_edge_in: Annotated[float, Field(ge=0, le=2)] = 0.5

    def head_height_pt(self, leading_pt: float) -> float:
        """Return how far running heads extend above the text."""
        return leading_pt + self.head_pt


class _ScriptMeasure(StyleTable):
    """What the measures of other books are multiplied by for a script.

    With ``whole_em`` a line is as wide as a whole number of letters.
    """

    size: Annotated[float, Field(gt=0, le=4)] = 1.0
    leading: Annotated[float, Field(gt=0, le=4)] = 1.0
    whole_em: bool = False

    def of(self, measure: _Measure) -> _Measure:
        """Return the measure of a page with this script."""
        line_pt = measure.size_pt * measure.line_em
        size_pt = _in_quarters(measure.size_pt * self.size)
        line_em = line_pt / size_pt
        return measure.model_copy(
            update={
                "size_pt": size_pt,
                "leading_pt": _in_quarters(measure.leading_pt * self.leading),
                "line_em": float(floor(line_em)) if self.whole_em else line_em,
            }
        )


def _in_quarters(length_pt: float) -> float:
    return round(length_pt * 4) / 4


class _Measures(StyleTable):
    measure: Annotated[list[_Measure], Field(min_length=1)]
    page: _Page
    script: dict[str, _ScriptMeasure] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """The text area of a page, with ``line_count`` lines, and its bleed; lengths in points.

    ``code_pt`` is the type size of listings, ``spine_bleed_pt`` the bleed at the spine,
    ``bleed_pt`` that at the other edges.
    """

    width_pt: float
    height_pt: float
    size_pt: float
    leading_pt: float
    inner_pt: float
    outer_pt: float
    top_pt: float
    bottom_pt: float
    line_count: int
    code_pt: float
    bleed_pt: float = 0.0
    spine_bleed_pt: float = 0.0

    @property
    def measure_pt(self) -> float:
        """The width of the text area."""
        return self.width_pt - self.inner_pt - self.outer_pt

    @property
    def is_wide(self) -> bool:
        """Whether the text is as wide as that of a textbook."""
        return self.measure_pt / self.size_pt >= _WIDE_EM

    def rule(self, *, mirrored: bool) -> str:
        """Return the ``@page`` rules and the custom properties of the geometry, as CSS.

        Pages that are not mirrored are for screens: their text is centred, and without bleed.
        """
        side = (self.inner_pt + self.outer_pt) / 2
        inner, outer = (self.inner_pt, self.outer_pt) if mirrored else (side, side)
        head, foot = f"{self.top_pt:g}pt", f"{self.bottom_pt:g}pt"
        return (
            f":root{{--size:{self.size_pt:g}pt;--leading:{self.leading_pt:g}pt;"
            f"--code-size:{self.code_pt:g}pt;"
            f"--text-height:{self.line_count * self.leading_pt:g}pt;"
            f"--page-width:{self.width_pt:g}pt;--page-height:{self.height_pt:g}pt;"
            f"--side:{max(inner, outer):g}pt;--foot:{foot};--measure:{self.measure_pt:g}pt;"
            f"--bleed:{self.bleed_pt if mirrored else 0:g}pt;"
            f"--on-narrow:{'none' if self.is_wide else 'inline'};"
            f"--on-wide:{'inline' if self.is_wide else 'none'};"
            f"--is-wide:{int(self.is_wide)}}}"
            f"@page{{size:{self.width_pt:g}pt {self.height_pt:g}pt}}"
            f"@page:left{{margin:{head} {inner:g}pt {foot} {outer:g}pt}}"
            f"@page:right{{margin:{head} {outer:g}pt {foot} {inner:g}pt}}"
            + self._turned_rules(inner, outer, mirrored=mirrored)
            + (_ON_WIDE_PAGES if self.measure_pt >= _WIDE_MEASURE_PT else "")
            + (self._bleed_rule() if mirrored and self.bleed_pt else "")
        )

    def _turned_rules(self, inner: float, outer: float, *, mirrored: bool) -> str:
        """Return the rules of pages whose content is turned, and of wide pages for screens.

        A page is turned after it is laid out: its top becomes the left edge. Its text area is that
        of the other pages.
        """
        size = f"size:{self.height_pt:g}pt {self.width_pt:g}pt"
        name = "turned" if mirrored else "wide"
        is_narrow = self.measure_pt < _WIDE_LINE_EM * self.size_pt
        tables = f".over-wide{{page:{name}}}" if is_narrow else _COLUMNS_ON_WIDE_PAGES
        if not mirrored:
            end = (self.top_pt + self.bottom_pt) / 2
            return f"@page wide{{{size};margin:{inner:g}pt {end:g}pt}}{tables}"
        head, foot = f"{self.top_pt:g}pt", f"{self.bottom_pt:g}pt"
        return (
            f"@page turned{{{size}}}"
            f"@page turned:left{{margin:{outer:g}pt {head} {inner:g}pt {foot}}}"
            f"@page turned:right{{margin:{inner:g}pt {head} {outer:g}pt {foot}}}{tables}"
        )

    def _bleed_rule(self) -> str:
        every, spine = f"{self.bleed_pt:g}pt", f"{self.spine_bleed_pt:g}pt"
        return (
            f"@page{{bleed:{every}}}"
            f"@page:left{{bleed-right:{spine}}}@page:right{{bleed-left:{spine}}}"
        )


def page_geometry(
    width_pt: float,
    height_pt: float,
    gutter_pt: float,
    outside_pt: float,
    measures: Path,
    language: str = "",
) -> PageGeometry:
    """Return the geometry of a page of a trim size, within the printer's margins.

    Text and running heads keep at least ``gutter_pt`` and ``outside_pt``, the least margins the
    printer accepts, from the edges. Running heads also keep the distance set in ``measures``, the
    styles' ``measures.toml``, where the page has room for it. Type size and leading are those of
    the script of ``language``. Raises FindingsError if that file has an error, or no measure for
    the page.
    """
    declaration = StyleFile(measures)
    declared = declaration.read(_Measures)
    page = declared.page
    measure = next(
        (m for m in declared.measure if width_pt <= m.up_to_width_in * PT_PER_INCH), None
    )
    if measure is None:
        raise declaration.error_at(
            ("measure", len(declared.measure) - 1, "up_to_width_in"),
            f"no [[measure]] covers a page width of {width_pt / PT_PER_INCH:g} in",
            "Add a [[measure]] with a larger up_to_width_in at the end.",
        )
    number = declared.measure.index(measure)
    own = declared.script.get(script_of(language)) if language else None
    if own is not None:
        measure = own.of(measure)
    size_pt, leading_pt = measure.size_pt, measure.leading_pt
    minimum_outer = outside_pt + _SAFETY_PT
    overhang_pt = _OVERHANG_EM * size_pt
    minimum_inner, minimum_side = gutter_pt + _SAFETY_PT + overhang_pt, minimum_outer + overhang_pt

    text_pt = min(measure.line_em * size_pt, width_pt - minimum_inner - minimum_side)
    if own is not None and own.whole_em:
        text_pt = floor(text_pt / size_pt) * size_pt
    free_pt = width_pt - text_pt
    inner_pt = min(max(free_pt * page.inner, minimum_inner), free_pt - minimum_side)

    head_pt = page.head_height_pt(leading_pt)
    minimum_bottom = max(minimum_outer, leading_pt * 3)
    most_text_pt = height_pt - max(minimum_outer + head_pt, minimum_bottom) - minimum_bottom
    line_count = floor(min(height_pt * page.text_height, most_text_pt) / leading_pt)
    if line_count < 1:
        raise declaration.error_at(
            ("measure", number, "leading_pt"),
            f"a page height of {height_pt / PT_PER_INCH:g} in leaves no room for a line",
            "Set a smaller leading_pt, or a larger text_height.",
        )
    free_height_pt = height_pt - line_count * leading_pt
    # Running heads move down for the preferred distance only until the text area is centred.
    preferred_top_pt = page.head_from_edge_in * PT_PER_INCH + _SAFETY_PT + head_pt
    top_pt = round(
        max(
            free_height_pt * page.above,
            minimum_outer + head_pt,
            min(preferred_top_pt, free_height_pt / 2),
        ),
        2,
    )
    return PageGeometry(
        width_pt=width_pt,
        height_pt=height_pt,
        size_pt=size_pt,
        leading_pt=leading_pt,
        inner_pt=round(inner_pt, 2),
        outer_pt=round(width_pt - text_pt - round(inner_pt, 2), 2),
        top_pt=top_pt,
        bottom_pt=round(free_height_pt - top_pt, 2),
        line_count=line_count,
        code_pt=round(measure.code_em * size_pt, 2),
    )
