"""Margins of an interior, measured from what is painted on its pages, and bleed that reaches."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import in_words
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import EDGES, PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.checks.reading.rasteriser import PageRaster
from makeready.findings import Findings
from makeready.pdf_content.boxes import Box
from makeready.printers.cover import mm_to_pt

_SAFETY_PT = 1.0
"""Printers flag what lies exactly on their limit."""
_EXACT_PT = 0.05
_AT_EDGE_PT = 1.0
_LEAST_SIDE_PT = 9.0
"""What is smaller on both sides is no art that was meant to bleed."""
_NAMES = {
    "spine": "the inner edge",
    "fore-edge": "the outer edge",
    "head": "the upper edge",
    "foot": "the lower edge",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The margins of a page by edge, in points: refused under one, asked for the other."""

    refused_pt: dict[str, float]
    asked_pt: dict[str, float]


def limits_of(requirements: PrintRequirements, pages: int, *, bleeds: bool) -> Limits:
    """Return the margins that a printer asks of a book of so many pages."""
    profile = requirements.profile
    refused_pt = profile.refused_margin_pt(bleed=bleeds)
    outside_pt = profile.outside_margin_pt(bleed=bleeds)
    refused = dict.fromkeys(EDGES, refused_pt) | {"spine": profile.refused_gutter_pt(pages)}
    asked = dict.fromkeys(EDGES, outside_pt) | {"spine": profile.gutter_pt(pages)}
    return Limits(refused, {edge: max(asked[edge], refused[edge] + _SAFETY_PT) for edge in EDGES})


class Margins:
    """Measures page after page, then tells what was found."""

    def __init__(self, requirements: PrintRequirements, pages: int, *, bleeds: bool) -> None:
        self._demands = requirements
        self._limits = limits_of(requirements, pages, bleeds=bleeds)
        self._cases: dict[tuple[str, str], LimitViolation] = {}

    def measure(self, frame: PageFrame, things: list[PageObject], rendering: PageRaster) -> None:
        """Measure one page."""
        sides = frame.bleed()
        for thing in things:
            box = frame.seen(thing.box).intersection(frame.sheet)
            if box.is_empty:
                continue
            for edge, distance_pt in frame.distances(box).items():
                asked_pt = self._limits.asked_pt[edge]
                if distance_pt >= asked_pt - _EXACT_PT:
                    continue
                if thing.kind is not ObjectKind.TEXT and distance_pt <= _AT_EDGE_PT:
                    self._measure_bleed(frame, thing, edge, sides[edge], box, rendering)
                    continue
                near = rendering.ink_in(box.intersection(frame.strip(edge, asked_pt - _EXACT_PT)))
                if near is not None:
                    painted_pt = frame.distances(near)[edge]
                    self._tell(frame, edge, max(painted_pt, distance_pt), thing)

    def _tell(self, frame: PageFrame, edge: str, distance_pt: float, thing: PageObject) -> None:
        for rule, limits_pt in (
            ("PRN-040", self._limits.refused_pt),
            ("PRN-041", self._limits.asked_pt),
        ):
            if distance_pt < limits_pt[edge] - _EXACT_PT:
                self._add(rule, edge, limits_pt[edge], frame, distance_pt, thing)
                return

    def _measure_bleed(
        self,
        frame: PageFrame,
        thing: PageObject,
        edge: str,
        bleed_pt: float,
        box: Box,
        rendering: PageRaster,
    ) -> None:
        """Check art that goes to an edge of the trim: that it goes on to the edge of the bleed."""
        if max(box.width, box.height) < _LEAST_SIDE_PT:
            return
        profile, over_pt = self._demands.profile, -frame.distances(box)[edge]
        if bleed_pt > _AT_EDGE_PT:
            rule, is_short = "PRN-043", over_pt < bleed_pt - _AT_EDGE_PT / 2
        else:
            # At the spine many printers take no bleed: the pages meet there.
            rule, is_short = "PRN-042", edge != "spine" or profile.bleeds_at_spine
        if (
            is_short
            and rendering.ink_in(box.intersection(frame.strip(edge, _AT_EDGE_PT))) is not None
        ):
            self._add(rule, edge, mm_to_pt(profile.bleed_mm), frame, over_pt, thing)

    def _add(
        self,
        rule: str,
        edge: str,
        least_pt: float,
        frame: PageFrame,
        value_pt: float,
        thing: PageObject,
    ) -> None:
        case = self._cases.setdefault((rule, edge), LimitViolation(least_pt, value_pt, thing))
        case.add(frame.number, value_pt, thing)

    def report(self, places: ManuscriptLocator, findings: Findings) -> None:
        """Tell what was found, an edge and a rule at a time."""
        for (rule, edge), case in sorted(
            self._cases.items(), key=lambda item: (item[0][0], EDGES.index(item[0][1]))
        ):
            findings.add(
                rule,
                places.of(case.worst),
                pages=in_words(case.pages),
                content=described(case.worst),
                edge=_NAMES[edge],
                distance_pt=f"{case.value:.1f}",
                minimum_pt=f"{case.least:.4g}",
                bleed_mm=f"{self._demands.profile.bleed_mm:.3g}",
                printer=self._demands.printer,
            )


def described(thing: PageObject) -> str:
    """Name a thing in words: a text by what it says."""
    if thing.kind is ObjectKind.TEXT:
        return f"“{_short(thing.text)}”"
    return "an image" if thing.kind is ObjectKind.IMAGE else "a drawing"


def _short(text: str, letters: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= letters else text[:letters].rstrip() + "…"
