"""The geometry of a page: text width, margins and lines, for a trim size and a printer."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor

from makeready.pagination.measures import (
    MOST_EM,
    OF_THE_MEASURE,
    MeasureFiles,
    TypeSize,
    TypeTable,
    read_measures,
)
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


@dataclass(frozen=True, slots=True)
class PageGeometry:
    """The text area of a page, with ``line_count`` lines, and its bleed; lengths in points.

    ``code_pt`` is the type size of listings, ``spine_bleed_pt`` the bleed at the spine,
    ``bleed_pt`` that at the other edges. ``type`` has the sizes of running heads and notes, which
    are ``scale`` times as large, as the text is.
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
    type: TypeTable = field(default_factory=TypeTable)
    scale: float = 1.0
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
            f"--code-size:{self.code_pt:g}pt;{self._type_rules()}"
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

    def _type_rules(self) -> str:
        """Return the custom properties of running heads, notes and rules."""
        lengths = {
            "head-size": self.type.head_size_pt * self.scale,
            "head-leading": self.type.head_leading_pt * self.scale,
            "note-size": self.type.note_em * self.size_pt,
            "note-leading": self.type.note_leading_pt * self.scale,
            "rule": self.type.rule_pt,
            "table-rule": self.type.table_rule_pt,
            "title-rule": self.type.title_rule_pt,
        }
        return "".join(f"--{name}:{round(pt, 2):g}pt;" for name, pt in lengths.items())

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
    measures: MeasureFiles,
    language: str = "",
    type_size: TypeSize = OF_THE_MEASURE,
) -> PageGeometry:
    """Return the geometry of a page of a trim size, within the printer's margins.

    Text and running heads keep at least ``gutter_pt`` and ``outside_pt``, the least margins the
    printer accepts, from the edges. Running heads also keep the distance set in ``measures``, the
    styles' ``measures.toml``, where the page has room for it. Type size and leading are those of
    the script of ``language``. With a ``type_size`` of the edition lines keep their length, unless
    they would be too long to read. Raises FindingsError if that file has an error, or no measure
    for the page.
    """
    declared = read_measures(measures)
    page, measure, whole_em = declared.page, *declared.measure_for(width_pt, language)
    size_pt, leading_pt = type_size.of(measure)
    minimum_outer = outside_pt + _SAFETY_PT
    overhang_pt = _OVERHANG_EM * size_pt
    minimum_inner, minimum_side = gutter_pt + _SAFETY_PT + overhang_pt, minimum_outer + overhang_pt

    line_pt = min(measure.line_em * measure.size_pt, max(measure.line_em, MOST_EM) * size_pt)
    text_pt = min(line_pt, width_pt - minimum_inner - minimum_side)
    if whole_em:
        text_pt = floor(text_pt / size_pt) * size_pt
    if text_pt < size_pt:
        raise declared.error_at(
            width_pt,
            "line_em",
            f"a page width of {width_pt / PT_PER_INCH:g} in leaves no room for a letter",
            "Set a smaller size, or a larger line_em.",
        )
    free_pt = width_pt - text_pt
    inner_pt = min(max(free_pt * page.inner, minimum_inner), free_pt - minimum_side)

    head_pt = page.head_height_pt(leading_pt)
    minimum_bottom = max(minimum_outer, leading_pt * 3)
    most_text_pt = height_pt - max(minimum_outer + head_pt, minimum_bottom) - minimum_bottom
    line_count = floor(min(height_pt * page.text_height, most_text_pt) / leading_pt)
    if line_count < 1:
        raise declared.error_at(
            width_pt,
            "leading_pt",
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
        type=declared.type,
        scale=round(size_pt / measure.size_pt, 4),
    )
