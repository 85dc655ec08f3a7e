"""The geometry of a cover: back, spine and front on the printer's sheet.

Positions are measured on the whole file from its upper left corner, as in CSS;
``CoverBox.pdf_rect_pt`` converts them to PDF coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from makeready.printers.print_job import PrintJob
from makeready.printers.profile import Profile
from makeready.printers.sizes import TrimSize
from makeready.printers.spine import Spine, job_spine
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH, BarcodeArea, CoverMeasures
from makeready.printers.unsupported import UnsupportedError


@dataclass(frozen=True, slots=True)
class CoverBox:
    """A rectangle on the sheet, in millimetres from the upper left corner."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """The right edge, from the left edge of the sheet."""
        return self.left_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """The lower edge, from the upper edge of the sheet."""
        return self.top_mm + self.height_mm

    def inset(self, across_mm: float, down_mm: float | None = None) -> CoverBox:
        """Return the rectangle inside it, at these distances from its edges."""
        down_mm = across_mm if down_mm is None else down_mm
        return CoverBox(
            self.left_mm + across_mm,
            self.top_mm + down_mm,
            self.width_mm - 2 * across_mm,
            self.height_mm - 2 * down_mm,
        )

    def contains(self, other: CoverBox, *, within_mm: float = 0.01) -> bool:
        """Return whether another rectangle lies inside this one, within a tolerance."""
        return (
            other.left_mm >= self.left_mm - within_mm
            and other.top_mm >= self.top_mm - within_mm
            and other.right_mm <= self.right_mm + within_mm
            and other.bottom_mm <= self.bottom_mm + within_mm
        )

    def pdf_rect_pt(self, sheet_height_mm: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top in points, from the sheet's lower left corner."""
        return (
            mm_to_pt(self.left_mm),
            mm_to_pt(sheet_height_mm - self.bottom_mm),
            mm_to_pt(self.right_mm),
            mm_to_pt(sheet_height_mm - self.top_mm),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGeometry:
    """The sheet of a cover and the areas on it, in millimetres.

    ``edge_mm`` is the bleed of a paperback and the turn-in of a case; ``trim`` is the finished
    cover, a case's with its boards. ``back``, ``spine`` and ``front`` are the finished panels,
    a case's without the hinges beside its boards; ``folds_mm`` are the folds, from the left
    edge. Text has to stay within ``back_safe``, ``front_safe`` and ``spine_text``, which is None
    when the printer allows no spine text; ``advised_safety_mm`` is the wider distance that the
    printer advises. ``barcode`` is the area reserved for it, None when none is prescribed.
    """

    binding: str
    pages: int
    width_mm: float
    height_mm: float
    edge_mm: float
    safety_mm: float
    advised_safety_mm: float
    spine_width: Spine
    trim: CoverBox
    back: CoverBox
    spine: CoverBox
    front: CoverBox
    hinges: tuple[CoverBox, ...]
    folds_mm: tuple[float, ...]
    back_safe: CoverBox
    front_safe: CoverBox
    spine_text: CoverBox | None
    barcode: CoverBox | None

    @property
    def width_pt(self) -> float:
        """The width of the sheet in points."""
        return mm_to_pt(self.width_mm)

    @property
    def height_pt(self) -> float:
        """The height of the sheet in points."""
        return mm_to_pt(self.height_mm)

    def mirrored(self) -> CoverGeometry:
        """Return the cover with its front on the left, for a book read from right to left."""
        return replace(
            self,
            back=self._mirror(self.back),
            front=self._mirror(self.front),
            back_safe=self._mirror(self.back_safe),
            front_safe=self._mirror(self.front_safe),
            hinges=tuple(self._mirror(hinge) for hinge in reversed(self.hinges)),
            folds_mm=tuple(self.width_mm - fold for fold in reversed(self.folds_mm)),
            barcode=self._mirror(self.barcode) if self.barcode else None,
        )

    def _mirror(self, box: CoverBox) -> CoverBox:
        return replace(box, left_mm=self.width_mm - box.right_mm)


def cover_geometry(job: PrintJob, pages: int, *, right_to_left: bool = False) -> CoverGeometry:
    """Return the geometry of the cover of a print job with this many pages.

    Raises UnsupportedError when the printer publishes no measures for the binding, or no spine
    width.
    """
    # Checked first: without measures for the cover, a spine width would be of no use.
    _required_measures(job.profile)
    geometry = geometry_with_spine(job.profile, job.trim, job_spine(job, pages), pages)
    return geometry.mirrored() if right_to_left else geometry


def geometry_with_spine(
    profile: Profile, trim_pt: TrimSize, spine: Spine, pages: int
) -> CoverGeometry:
    """Return the geometry of a cover for this many pages, with the given spine.

    Raises UnsupportedError when the printer publishes no measures for the binding.
    """
    trim_mm = pt_to_mm(trim_pt[0]), pt_to_mm(trim_pt[1])
    return _sheet_geometry(profile, _required_measures(profile), trim_mm, spine, pages)


def _required_measures(profile: Profile) -> CoverMeasures:
    cover = cover_measures(profile)
    if cover is None:
        raise UnsupportedError(
            "binding",
            f"{profile.title} publishes no cover size for the binding “{profile.binding}”.",
            "Make the cover on the printer's own template.",
        )
    return cover


def cover_measures(profile: Profile) -> CoverMeasures | None:
    """Return the printer's measures for covers of its binding; None if it publishes none."""
    return next((row for row in profile.rules.covers if row.binding == profile.binding), None)


def mm_to_pt(length_mm: float) -> float:
    """Convert millimetres to points."""
    return length_mm / MM_PER_INCH * PT_PER_INCH


def pt_to_mm(length_pt: float) -> float:
    """Convert points to millimetres."""
    return length_pt / PT_PER_INCH * MM_PER_INCH


def _sheet_geometry(
    profile: Profile, cover: CoverMeasures, trim_mm: tuple[float, float], spine: Spine, pages: int
) -> CoverGeometry:
    edge_mm, hinge_mm = cover.edge_in * MM_PER_INCH, cover.hinge_in * MM_PER_INCH
    panel_mm = trim_mm[0] + cover.board_width_in * MM_PER_INCH
    panel_height_mm = trim_mm[1] + cover.board_height_in * MM_PER_INCH
    beside_mm = hinge_mm if cover.hinge_place == "beside" else 0.0
    inside_mm = hinge_mm if cover.hinge_place == "inside" else 0.0

    back = CoverBox(edge_mm, edge_mm, panel_mm, panel_height_mm)
    middle = CoverBox(back.right_mm + beside_mm, edge_mm, spine.width_mm, panel_height_mm)
    front = CoverBox(middle.right_mm + beside_mm, edge_mm, panel_mm, panel_height_mm)
    hinges = (
        CoverBox(middle.left_mm - hinge_mm, edge_mm, hinge_mm, panel_height_mm),
        CoverBox(middle.right_mm, edge_mm, hinge_mm, panel_height_mm),
    )
    folds_mm = {middle.left_mm, middle.right_mm}
    if hinge_mm:
        folds_mm |= {hinges[0].left_mm, hinges[1].right_mm}
    safety_mm = cover.safety_in * MM_PER_INCH
    advised_mm = (cover.advised_safety_in or cover.safety_in) * MM_PER_INCH
    # Text stays out of the hinge, even if that is wider than the safety margin.
    inner_mm = max(safety_mm, inside_mm)
    safe_width_mm = panel_mm - safety_mm - inner_mm
    safe_top_mm, safe_height_mm = edge_mm + safety_mm, panel_height_mm - 2 * safety_mm
    return CoverGeometry(
        binding=profile.binding,
        pages=pages,
        width_mm=front.right_mm + edge_mm,
        height_mm=panel_height_mm + 2 * edge_mm,
        edge_mm=edge_mm,
        safety_mm=safety_mm,
        advised_safety_mm=advised_mm,
        spine_width=spine,
        trim=CoverBox(edge_mm, edge_mm, front.right_mm - edge_mm, panel_height_mm),
        back=back,
        spine=middle,
        front=front,
        hinges=hinges if hinge_mm else (),
        folds_mm=tuple(sorted(folds_mm)),
        back_safe=CoverBox(back.left_mm + safety_mm, safe_top_mm, safe_width_mm, safe_height_mm),
        front_safe=CoverBox(front.left_mm + inner_mm, safe_top_mm, safe_width_mm, safe_height_mm),
        spine_text=_spine_text(profile, middle, pages, safety_mm),
        barcode=_barcode(profile, back, inside_mm),
    )


def _spine_text(profile: Profile, spine: CoverBox, pages: int, safety_mm: float) -> CoverBox | None:
    """Return the area for text on the spine; None if the printer allows none."""
    rule = profile.rules.spine_text
    if rule is None or pages + pages % 2 < rule.from_pages:
        return None
    is_narrow = spine.width_mm < rule.narrow_under_in * MM_PER_INCH
    clearance_in = rule.narrow_clearance_in if is_narrow else rule.clearance_in
    box = spine.inset(clearance_in * MM_PER_INCH, safety_mm)
    return box if box.width_mm > 0 else None


def _barcode(profile: Profile, back: CoverBox, hinge_mm: float) -> CoverBox | None:
    """Return the area for the barcode, at the foot of the back beside the spine."""
    rule: BarcodeArea | None = next(
        (b for b in profile.rules.barcodes if profile.binding in b.bindings), None
    )
    if rule is None:
        return None
    width_mm, height_mm = rule.width_in * MM_PER_INCH, rule.height_in * MM_PER_INCH
    right_mm = back.right_mm - hinge_mm - rule.from_spine_in * MM_PER_INCH
    bottom_mm = back.bottom_mm - rule.from_foot_in * MM_PER_INCH
    return CoverBox(right_mm - width_mm, bottom_mm - height_mm, width_mm, height_mm)
