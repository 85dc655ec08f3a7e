"""The pages of an interior as they are viewed, and where on each of them the trim lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pikepdf

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import box_size_pt, is_same_size, user_unit
from makeready.pdf_content.boxes import Box, read_box

_HALF_TURN = 180
_FAR_LARGER = 2
_QUARTER, _THREE_QUARTERS = 90, 270

EDGES = ("spine", "fore-edge", "head", "foot")
"""The edges of a page, in the order in which they are reported."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The media box and the trim of a page as viewed, in points from the lower left corner.

    ``shown`` is the part that viewers show: the crop box within the media box. ``number`` is from
    1; ``rotation`` is in degrees, clockwise; ``origin`` is the lower left corner of the media box
    in the page's own coordinates. The spine is at the left of a recto, at the right of a verso,
    and the other way round in a file that is read from right to left.
    """

    number: int
    media: Box
    trim: Box
    shown: Box
    rotation: int
    user_unit: float
    origin: tuple[float, float]
    right_to_left: bool = False

    @property
    def is_right_of_spine(self) -> bool:
        """Whether the page is to the right of the spine."""
        return (self.number % 2 == 1) is not self.right_to_left

    def as_viewed(self, box: Box) -> Box:
        """Return a box of the page's own coordinates as viewed: rotated and scaled."""
        x, y = self.origin
        one = Box(box.left - x, box.bottom - y, box.right - x, box.top - y)
        wide, high = self.media.width / self.user_unit, self.media.height / self.user_unit
        if self.rotation == _QUARTER:
            one = Box(one.bottom, high - one.right, one.top, high - one.left)
        elif self.rotation == _HALF_TURN:
            one = Box(wide - one.right, high - one.top, wide - one.left, high - one.bottom)
        elif self.rotation == _THREE_QUARTERS:
            one = Box(wide - one.top, one.left, wide - one.bottom, one.right)
        return Box(
            *(value * self.user_unit for value in (one.left, one.bottom, one.right, one.top))
        )

    def distances_pt(self, box: Box) -> dict[str, float]:
        """Return the distance of a box to each edge of the trim, negative beyond the edge."""
        left, right = box.left - self.trim.left, self.trim.right - box.right
        return {
            "spine": left if self.is_right_of_spine else right,
            "fore-edge": right if self.is_right_of_spine else left,
            "head": self.trim.top - box.top,
            "foot": box.bottom - self.trim.bottom,
        }

    def bleeds_pt(self) -> dict[str, float]:
        """Return the bleed at each edge: how far the media box extends beyond the trim."""
        return {edge: -inside for edge, inside in self.distances_pt(self.media).items()}

    def edge_strip(self, edge: str, depth_pt: float) -> Box:
        """Return the part of the page that is nearer than ``depth_pt`` to an edge of the trim."""
        media, trim = self.media, self.trim
        if edge == "head":
            return Box(media.left, trim.top - depth_pt, media.right, media.top)
        if edge == "foot":
            return Box(media.left, media.bottom, media.right, trim.bottom + depth_pt)
        if (edge == "spine") is self.is_right_of_spine:
            return Box(media.left, media.bottom, trim.left + depth_pt, media.top)
        return Box(trim.right - depth_pt, media.bottom, media.right, media.top)


def has_bleed(pdf: pikepdf.Pdf, requirements: PrintRequirements) -> bool:
    """Return whether an interior has bleed: any page has the printer's size with bleed."""
    size = requirements.profile.page_size_pt(requirements.trim, bleed=True)
    if is_same_size(size, requirements.trim):
        return False
    return any(is_same_size(box_size_pt(page, "media"), size) for page in pdf.pages)


def is_far_larger(page: pikepdf.Page, requirements: PrintRequirements) -> bool:
    """Return whether a page is more than twice as wide or high as its trim.

    The trim counts as no larger than the largest that the printer offers. The size of such a
    page is reported; measuring its contents would take long and add nothing.
    """
    trim, largest = requirements.trim, requirements.profile.largest_trim()
    if largest is not None:
        trim = (min(trim[0], largest[0]), min(trim[1], largest[1]))
    size = box_size_pt(page, "media")
    return any(side > _FAR_LARGER * most for side, most in zip(size, trim, strict=True))


def page_frames(
    pdf: pikepdf.Pdf, requirements: PrintRequirements, *, bleeds: bool
) -> Iterator[PageFrame]:
    """Yield every page with its trim, from its trim box or by the printer's rule.

    Far larger pages are left out.
    """
    right_to_left = is_right_to_left(pdf)
    for number, page in enumerate(pdf.pages, start=1):
        if not is_far_larger(page, requirements):
            yield _frame(page, number, requirements, bleeds, right_to_left)


def is_right_to_left(pdf: pikepdf.Pdf) -> bool:
    """Return whether the pages of a file follow each other from right to left."""
    preferences = pdf.Root.get("/ViewerPreferences")
    if not isinstance(preferences, pikepdf.Dictionary):
        return False
    return preferences.get("/Direction") == "/R2L"


def _frame(
    page: pikepdf.Page,
    number: int,
    requirements: PrintRequirements,
    bleeds: bool,
    right_to_left: bool,
) -> PageFrame:
    media = read_box(page.mediabox)
    size = box_size_pt(page, "media")
    viewed = Box(0, 0, *size)
    turn, origin = page.rotation % 360, (media.left, media.bottom)
    frame = PageFrame(number, viewed, viewed, viewed, turn, user_unit(page), origin, right_to_left)
    crop = read_box(page.cropbox).intersection(media)
    if not crop.is_empty:
        frame = replace(frame, shown=frame.as_viewed(crop))
    if box_size_pt(page, "trim") != size:
        return replace(frame, trim=frame.as_viewed(read_box(page.trimbox)))
    if bleeds and not is_same_size(size, requirements.trim):
        return replace(
            frame, trim=_placed_trim(viewed, requirements, is_right=frame.is_right_of_spine)
        )
    return frame


def _placed_trim(page: Box, requirements: PrintRequirements, *, is_right: bool) -> Box:
    width_pt, height_pt = requirements.trim
    bottom = (page.height - height_pt) / 2
    if requirements.profile.bleeds_at_spine:
        left = (page.width - width_pt) / 2
    else:
        left = 0.0 if is_right else page.width - width_pt
    return Box(left, bottom, left + width_pt, bottom + height_pt)
