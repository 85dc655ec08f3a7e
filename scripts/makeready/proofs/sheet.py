"""The sheet of a proof: a page of the book on larger paper, with room for notes beside it."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.pagination.page_geometry import PageGeometry

A4_PT = (595.28, 841.89)
_INNER_PT, _GAP_PT, _OUTER_PT = 26.0, 20.0, 22.0
_HEAD_PT, _FOOT_PT = 44.0, 32.0
_NOTES_PT, _LEAST_NOTES_PT, _MOST_NOTES_PT = 170.0, 126.0, 210.0
_NUMBERS_FROM_TEXT_PT, _BARS_FROM_TEXT_PT = 9.0, 7.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with a page of the book; lengths in points, from the lower left corner.

    Pages that are ``mirrored`` have their notes at the outer side, others at the right.
    """

    width: float
    height: float
    page_width: float
    page_height: float
    page_bottom: float
    inner: float
    note_width: float
    text_inner: float
    text_outer: float
    mirrored: bool

    def is_verso(self, page: int) -> bool:
        """Return whether a page of the file, from 0, has its notes at the left."""
        return self.mirrored and page % 2 == 1

    def page_left(self, page: int) -> float:
        """Return the left edge of the book's page on its sheet."""
        verso = self.is_verso(page)
        return self.width - self.inner - self.page_width if verso else self.inner

    def note_left(self, page: int) -> float:
        """Return the left edge of the notes beside a page."""
        if self.is_verso(page):
            return self.page_left(page) - _GAP_PT - self.note_width
        return self.page_left(page) + self.page_width + _GAP_PT

    def text_edges(self, page: int) -> tuple[float, float]:
        """Return the left and right edge of the text of a page, on its sheet."""
        left, right = self.text_inner, self.text_outer
        if self.is_verso(page):
            left, right = right, left
        start = self.page_left(page)
        return start + left, start + self.page_width - right

    def number_edge(self, page: int) -> float:
        """Return where line numbers end before the text; on a verso, where they begin after it."""
        left, right = self.text_edges(page)
        if self.is_verso(page):
            return right + _NUMBERS_FROM_TEXT_PT
        return left - _NUMBERS_FROM_TEXT_PT

    def bar_middle(self, page: int) -> float:
        """Return the middle of the bars beside changed lines."""
        left, right = self.text_edges(page)
        return left - _BARS_FROM_TEXT_PT if self.is_verso(page) else right + _BARS_FROM_TEXT_PT

    @property
    def page_top_from_top(self) -> float:
        """How far the upper edge of the book's page is below that of the sheet."""
        return self.height - self.page_bottom - self.page_height


def sheet_for(geometry: PageGeometry, *, mirrored: bool) -> Sheet:
    """Return the sheet of an edition: A4 if its pages and their notes have room on it."""
    width, height = geometry.width_pt, geometry.height_pt
    beside = _INNER_PT + _GAP_PT + _OUTER_PT
    sheet_width, sheet_height = A4_PT
    room = sheet_width - width - beside
    if room < _LEAST_NOTES_PT or height + _HEAD_PT + _FOOT_PT > sheet_height:
        sheet_width, sheet_height = width + beside + _NOTES_PT, height + _HEAD_PT + _FOOT_PT
        room = _NOTES_PT
    notes = min(room, _MOST_NOTES_PT)
    above = _HEAD_PT + (sheet_height - height - _HEAD_PT - _FOOT_PT) / 2
    side = (geometry.inner_pt + geometry.outer_pt) / 2
    return Sheet(
        width=round(sheet_width, 2),
        height=round(sheet_height, 2),
        page_width=width,
        page_height=height,
        page_bottom=round(sheet_height - above - height, 2),
        inner=round(_INNER_PT + room - notes, 2),
        note_width=round(notes, 2),
        text_inner=geometry.inner_pt if mirrored else side,
        text_outer=geometry.outer_pt if mirrored else side,
        mirrored=mirrored,
    )
