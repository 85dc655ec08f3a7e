"""The geometry of a cover: where back, spine and front stand on the printer's sheet.

All places are measured on the whole file from its upper left corner, as CSS does;
``CoverBox.pdf_rect_pt`` turns one into a PDF's rectangle.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from makeready.book.model import Edition
from makeready.printers.figures import MM_PER_INCH, PT_PER_INCH, Barcode, Cover
from makeready.printers.profile import Profile, profile_of
from makeready.printers.sizes import Trim
from makeready.printers.spine import Spine, edition_spine
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
        """Its right edge."""
        return self.left_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """Its lower edge."""
        return self.top_mm + self.height_mm

    def inset(self, across_mm: float, down_mm: float | None = None) -> CoverBox:
        """Return the box within it, so far from its sides and from its head and foot."""
        down_mm = across_mm if down_mm is None else down_mm
        return CoverBox(
            self.left_mm + across_mm,
            self.top_mm + down_mm,
            self.width_mm - 2 * across_mm,
            self.height_mm - 2 * down_mm,
        )

    def holds(self, other: CoverBox, *, within_mm: float = 0.01) -> bool:
        """Tell whether another box lies inside this one."""
        return (
            other.left_mm >= self.left_mm - within_mm
            and other.top_mm >= self.top_mm - within_mm
            and other.right_mm <= self.right_mm + within_mm
            and other.bottom_mm <= self.bottom_mm + within_mm
        )

    def pdf_rect_pt(self, sheet_height_mm: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top in points from the sheet's lower left corner."""
        return (
            mm_to_pt(self.left_mm),
            mm_to_pt(sheet_height_mm - self.bottom_mm),
            mm_to_pt(self.right_mm),
            mm_to_pt(sheet_height_mm - self.top_mm),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverGeometry:
    """One cover's sheet and everything on it, in millimetres.

    ``edge_mm`` is the bleed of a paperback and the turn-in of a case; ``trim`` is the finished
    cover, a case's with its boards. ``back``, ``spine`` and ``front`` are the finished panels,
    a case's without the hinges beside its boards; ``folds_mm`` are the places across where it
    folds. What is to be read keeps to ``back_safe``, ``front_safe`` and ``spine_text``, which
    is None where the printer takes no text; ``advised_safety_mm`` is the wider distance that
    the printer advises. ``barcode`` is the place kept for it, None where none is prescribed.
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
        """The width of the sheet."""
        return mm_to_pt(self.width_mm)

    @property
    def height_pt(self) -> float:
        """The height of the sheet."""
        return mm_to_pt(self.height_mm)

    def mirrored(self) -> CoverGeometry:
        """Return the cover of a book that is read from right to left: its front on the left."""
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


def cover_geometry(edition: Edition, pages: int, *, right_to_left: bool = False) -> CoverGeometry:
    """Work out the cover of an edition of so many pages.

    A binding the printer has no formula for, and a spine it publishes none for, are refusals.
    """
    trim_pt = (edition.trim_width_pt, edition.trim_height_pt)
    profile = profile_of(edition)
    # Told first: a printer without measures has no use for the width of a spine.
    _measures(profile)
    geometry = bound_geometry(profile, trim_pt, edition_spine(edition, pages), pages)
    return geometry.mirrored() if right_to_left else geometry


def bound_geometry(profile: Profile, trim_pt: Trim, spine: Spine, pages: int) -> CoverGeometry:
    """Work out the cover of a book of so many pages, as thick as ``spine`` says.

    A binding the printer has no formula for is a refusal.
    """
    trim_mm = pt_to_mm(trim_pt[0]), pt_to_mm(trim_pt[1])
    return _geometry(profile, _measures(profile), trim_mm, spine, pages)


def _measures(profile: Profile) -> Cover:
    cover = cover_rules(profile)
    if cover is None:
        raise UnsupportedError(
            "binding",
            f"{profile.title} publishes no measures for the cover of a {profile.binding}.",
            "Place the cover on the printer's own template.",
        )
    return cover


def cover_rules(profile: Profile) -> Cover | None:
    """Return a printer's measures for the cover of its binding; None where it publishes none."""
    return next((row for row in profile.rules.covers if row.binding == profile.binding), None)


def mm_to_pt(length_mm: float) -> float:
    """Turn millimetres into points."""
    return length_mm / MM_PER_INCH * PT_PER_INCH


def pt_to_mm(length_pt: float) -> float:
    """Turn points into millimetres."""
    return length_pt / PT_PER_INCH * MM_PER_INCH


def _geometry(
    profile: Profile, cover: Cover, trim_mm: tuple[float, float], spine: Spine, pages: int
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
    # Text keeps out of a hinge, even where that is wider than the safety.
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
    """Return the place for text on the spine, None where the printer takes none."""
    rule = profile.rules.spine_text
    if rule is None or pages + pages % 2 < rule.from_pages:
        return None
    narrow = spine.width_mm < rule.narrow_under_in * MM_PER_INCH
    clearance_in = rule.narrow_clearance_in if narrow else rule.clearance_in
    box = spine.inset(clearance_in * MM_PER_INCH, safety_mm)
    return box if box.width_mm > 0 else None


def _barcode(profile: Profile, back: CoverBox, hinge_mm: float) -> CoverBox | None:
    """Return the place for the barcode: at the foot of the back, beside the spine."""
    rule: Barcode | None = next(
        (b for b in profile.rules.barcodes if profile.binding in b.bindings), None
    )
    if rule is None:
        return None
    width_mm, height_mm = rule.width_in * MM_PER_INCH, rule.height_in * MM_PER_INCH
    right_mm = back.right_mm - hinge_mm - rule.from_spine_in * MM_PER_INCH
    bottom_mm = back.bottom_mm - rule.from_foot_in * MM_PER_INCH
    return CoverBox(right_mm - width_mm, bottom_mm - height_mm, width_mm, height_mm)
