"""Checks of an interior's margins and bleed, measured on what is painted on its pages."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import pages_text
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import EDGES, PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.checks.reading.rasteriser import PageRaster
from makeready.findings import Findings
from makeready.pdf_content.boxes import Box
from makeready.printers.cover import mm_to_pt

_SAFETY_PT = 1.0
"""Printers reject what lies exactly on their limit."""
_EXACT_PT = 0.05
_RASTER_PT = 0.5
_AT_EDGE_PT = 1.0
_LEAST_SIDE_PT = 9.0
"""Anything smaller, in both directions, is not meant to bleed."""
_EDGE_NAMES = {
    "spine": "the inner edge",
    "fore-edge": "the outer edge",
    "head": "the upper edge",
    "foot": "the lower edge",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The margins of a page by edge: those under which the printer refuses it, and the required."""

    refused_pt: dict[str, float]
    required_pt: dict[str, float]


def limits_of(requirements: PrintRequirements, pages: int, *, bleeds: bool) -> Limits:
    """Return the margins that a printer requires of a book of so many pages."""
    profile = requirements.profile
    refused_pt = profile.refused_margin_pt(bleed=bleeds)
    outside_pt = profile.outside_margin_pt(bleed=bleeds)
    refused = dict.fromkeys(EDGES, refused_pt) | {"spine": profile.refused_gutter_pt(pages)}
    required = dict.fromkeys(EDGES, outside_pt) | {"spine": profile.gutter_pt(pages)}
    return Limits(
        refused, {edge: max(required[edge], refused[edge] + _SAFETY_PT) for edge in EDGES}
    )


class MarginCheck:
    """Measures the margins and bleed of pages one by one, then reports the violations."""

    def __init__(self, requirements: PrintRequirements, pages: int, *, bleeds: bool) -> None:
        self._requirements = requirements
        self._limits = limits_of(requirements, pages, bleeds=bleeds)
        self._violations: dict[tuple[str, str], LimitViolation] = {}

    def measure(self, frame: PageFrame, page_objects: list[PageObject], raster: PageRaster) -> None:
        """Measure one page."""
        bleeds_pt = frame.bleeds_pt()
        for page_object in page_objects:
            whole = frame.as_viewed(page_object.box)
            box = whole.intersection(frame.media)
            if box.is_empty:
                continue
            for edge, distance_pt in frame.distances_pt(box).items():
                required_pt = self._limits.required_pt[edge]
                if distance_pt >= required_pt - _EXACT_PT:
                    continue
                if page_object.kind is not ObjectKind.TEXT and distance_pt <= _AT_EDGE_PT:
                    self._measure_bleed(frame, page_object, edge, bleeds_pt[edge], box, raster)
                    continue
                near = raster.ink_in(
                    box.intersection(frame.edge_strip(edge, required_pt - _EXACT_PT))
                )
                if near is not None:
                    painted_pt = max(frame.distances_pt(near)[edge], distance_pt)
                    whole_pt = frame.distances_pt(whole)[edge]
                    is_cut_off = whole_pt < distance_pt and painted_pt <= distance_pt + _RASTER_PT
                    value_pt = whole_pt if is_cut_off else painted_pt
                    self._add_margin(frame, edge, value_pt, page_object)

    def _add_margin(
        self, frame: PageFrame, edge: str, distance_pt: float, page_object: PageObject
    ) -> None:
        for rule, limits_pt in (
            ("PRN-040", self._limits.refused_pt),
            ("PRN-041", self._limits.required_pt),
        ):
            if distance_pt < limits_pt[edge] - _EXACT_PT:
                self._add(rule, edge, limits_pt[edge], frame, distance_pt, page_object)
                return

    def _measure_bleed(
        self,
        frame: PageFrame,
        page_object: PageObject,
        edge: str,
        bleed_pt: float,
        box: Box,
        raster: PageRaster,
    ) -> None:
        """Check that an object at an edge of the trim extends to the edge of the bleed."""
        if max(box.width, box.height) < _LEAST_SIDE_PT:
            return
        profile, over_pt = self._requirements.profile, -frame.distances_pt(box)[edge]
        if bleed_pt > _AT_EDGE_PT:
            rule, is_short = "PRN-043", over_pt < bleed_pt - _AT_EDGE_PT / 2
        else:
            # Many printers use no bleed at the spine, where the pages meet.
            rule, is_short = "PRN-042", edge != "spine" or profile.bleeds_at_spine
        if (
            is_short
            and raster.ink_in(box.intersection(frame.edge_strip(edge, _AT_EDGE_PT))) is not None
        ):
            self._add(rule, edge, mm_to_pt(profile.bleed_mm), frame, over_pt, page_object)

    def _add(
        self,
        rule: str,
        edge: str,
        least_pt: float,
        frame: PageFrame,
        value_pt: float,
        page_object: PageObject,
    ) -> None:
        violation = self._violations.setdefault(
            (rule, edge), LimitViolation(least_pt, value_pt, page_object)
        )
        violation.add(frame.number, value_pt, page_object)

    def report(self, locator: ManuscriptLocator, findings: Findings) -> None:
        """Report the violations, one for each rule and edge."""
        for (rule, edge), violation in sorted(
            self._violations.items(), key=lambda item: (item[0][0], EDGES.index(item[0][1]))
        ):
            findings.add(
                rule,
                locator.location_of(violation.worst),
                pages=pages_text(violation.pages),
                content=object_text(violation.worst),
                edge=_EDGE_NAMES[edge],
                position=_POSITION_TEXTS[rule](round(violation.value, 1)),
                minimum_pt=f"{violation.least:.4g}",
                bleed_mm=f"{self._requirements.profile.bleed_mm:.3g}",
                printer=self._requirements.printer,
            )


def _distance_text(distance_pt: float) -> str:
    """Return where an object lies by its distance to an edge, negative beyond the edge."""
    if not distance_pt:
        return "is at"
    if distance_pt < 0:
        return f"runs {-distance_pt:.1f} pt past"
    return f"is {distance_pt:.1f} pt from"


def _bleed_text(over_pt: float) -> str:
    """Return where an object ends that should bleed, by how far it extends past an edge."""
    return f"extends only {over_pt:.1f} pt past" if over_pt > 0 else "ends at"


_POSITION_TEXTS = {
    "PRN-040": _distance_text,
    "PRN-041": _distance_text,
    "PRN-042": _bleed_text,
    "PRN-043": _bleed_text,
}


def object_text(page_object: PageObject) -> str:
    """Return a short text for an object: a text is quoted."""
    if page_object.kind is ObjectKind.TEXT:
        return f"“{_shortened(page_object.text)}”"
    return "an image" if page_object.kind is ObjectKind.IMAGE else "a drawing"


def _shortened(text: str, letters: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= letters else text[:letters].rstrip() + "…"
