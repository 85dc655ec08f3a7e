"""The pages of an interior as they are viewed, and where on each of them the trim lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pikepdf

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import box_size_pt, is_near
from makeready.pdf_content.boxes import Box, read_box

_HALF_TURN = 180
_FAR = 2
_QUARTER, _THREE_QUARTERS = 90, 270

EDGES = ("spine", "fore-edge", "head", "foot")
"""The edges of a page, in the order in which they are told of."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """One page as it is seen: its sheet and, in it, its trim; ``number`` is from 1.

    The spine is at the left of a recto, at the right of a verso.
    """

    number: int
    sheet: Box
    trim: Box
    turned: int
    unit: float
    origin: tuple[float, float]

    @property
    def is_recto(self) -> bool:
        """Whether the page lies to the right of the spine."""
        return self.number % 2 == 1

    def seen(self, box: Box) -> Box:
        """Return a box of the page's own coordinates as it is seen, turned and scaled."""
        x, y = self.origin
        one = Box(box.left - x, box.bottom - y, box.right - x, box.top - y)
        wide, high = self.sheet.width / self.unit, self.sheet.height / self.unit
        if self.turned == _QUARTER:
            one = Box(one.bottom, high - one.right, one.top, high - one.left)
        elif self.turned == _HALF_TURN:
            one = Box(wide - one.right, high - one.top, wide - one.left, high - one.bottom)
        elif self.turned == _THREE_QUARTERS:
            one = Box(wide - one.top, one.left, wide - one.bottom, one.right)
        return Box(*(v * self.unit for v in (one.left, one.bottom, one.right, one.top)))

    def distances(self, box: Box) -> dict[str, float]:
        """Return how far inside the trim's edges a box lies; what is beyond one is negative."""
        left, right = box.left - self.trim.left, self.trim.right - box.right
        return {
            "spine": left if self.is_recto else right,
            "fore-edge": right if self.is_recto else left,
            "head": self.trim.top - box.top,
            "foot": box.bottom - self.trim.bottom,
        }

    def bleed(self) -> dict[str, float]:
        """Return how far the sheet reaches over the trim at each edge."""
        return {edge: -inside for edge, inside in self.distances(self.sheet).items()}

    def strip(self, edge: str, depth_pt: float) -> Box:
        """Return the part of the sheet that is nearer than ``depth_pt`` to an edge of the trim."""
        sheet, trim = self.sheet, self.trim
        if edge == "head":
            return Box(sheet.left, trim.top - depth_pt, sheet.right, sheet.top)
        if edge == "foot":
            return Box(sheet.left, sheet.bottom, sheet.right, trim.bottom + depth_pt)
        if (edge == "spine") is self.is_recto:
            return Box(sheet.left, sheet.bottom, trim.left + depth_pt, sheet.top)
        return Box(trim.right - depth_pt, sheet.bottom, sheet.right, sheet.top)


def has_bleed(pdf: pikepdf.Pdf, requirements: PrintRequirements) -> bool:
    """Tell whether an interior is made with bleed: any page has the printer's size with it."""
    size = requirements.profile.page_size_pt(requirements.trim, bleed=True)
    if is_near(size, requirements.trim):
        return False
    return any(is_near(box_size_pt(page, "media"), size) for page in pdf.pages)


def is_far_larger(page: pikepdf.Page, requirements: PrintRequirements) -> bool:
    """Tell whether a page is no page of the book: more than twice its trim, either way.

    Of a trim that is not made at all, than twice the largest that is. Such a page is told of by
    its size, and there is no sense in measuring, at length, where its ink lies.
    """
    trim, largest = requirements.trim, requirements.profile.largest_trim()
    if largest is not None:
        trim = (min(trim[0], largest[0]), min(trim[1], largest[1]))
    size = box_size_pt(page, "media")
    return any(side > _FAR * most for side, most in zip(size, trim, strict=True))


def frames(
    pdf: pikepdf.Pdf, requirements: PrintRequirements, *, bleeds: bool
) -> Iterator[PageFrame]:
    """Yield every page with its trim, read off its box or placed by the printer's rule.

    Pages that are far larger are left out.
    """
    for number, page in enumerate(pdf.pages, start=1):
        if not is_far_larger(page, requirements):
            yield _frame(page, number, requirements, bleeds)


def _frame(
    page: pikepdf.Page, number: int, requirements: PrintRequirements, bleeds: bool
) -> PageFrame:
    unit = float(page.obj.get("/UserUnit", 1))
    media = read_box(page.mediabox)
    size = box_size_pt(page, "media")
    sheet = Box(0, 0, *size)
    frame = PageFrame(number, sheet, sheet, page.rotation % 360, unit, (media.left, media.bottom))
    if box_size_pt(page, "trim") != size:
        return replace(frame, trim=frame.seen(read_box(page.trimbox)))
    if bleeds and not is_near(size, requirements.trim):
        return replace(frame, trim=_placed_trim(sheet, requirements, is_recto=frame.is_recto))
    return frame


def _placed_trim(sheet: Box, requirements: PrintRequirements, *, is_recto: bool) -> Box:
    width_pt, height_pt = requirements.trim
    bottom = (sheet.height - height_pt) / 2
    if requirements.profile.bleeds_at_spine:
        left = (sheet.width - width_pt) / 2
    else:
        left = 0.0 if is_recto else sheet.width - width_pt
    return Box(left, bottom, left + width_pt, bottom + height_pt)
