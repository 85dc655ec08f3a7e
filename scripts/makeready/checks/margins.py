"""Margins of an interior, measured from what is painted on its pages, and bleed that reaches."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.checks.boxes import EDGES, Box, Frame
from makeready.checks.demands import Demands
from makeready.checks.pdf import in_words
from makeready.checks.placed import Kind, Placed
from makeready.checks.places import Places
from makeready.checks.seen import Rendering
from makeready.checks.shortfall import Shortfall
from makeready.findings import Findings
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


def limits_of(demands: Demands, pages: int, *, bleeds: bool) -> Limits:
    """Return the margins that a printer asks of a book of so many pages."""
    profile = demands.profile
    refused_pt = profile.refused_margin_pt(bleed=bleeds)
    outside_pt = profile.outside_margin_pt(bleed=bleeds)
    refused = dict.fromkeys(EDGES, refused_pt) | {"spine": profile.refused_gutter_pt(pages)}
    asked = dict.fromkeys(EDGES, outside_pt) | {"spine": profile.gutter_pt(pages)}
    return Limits(refused, {edge: max(asked[edge], refused[edge] + _SAFETY_PT) for edge in EDGES})


class Margins:
    """Measures page after page, then tells what was found."""

    def __init__(self, demands: Demands, pages: int, *, bleeds: bool) -> None:
        self._demands = demands
        self._limits = limits_of(demands, pages, bleeds=bleeds)
        self._cases: dict[tuple[str, str], Shortfall] = {}

    def measure(self, frame: Frame, things: list[Placed], rendering: Rendering) -> None:
        """Measure one page."""
        sides = frame.bleed()
        for thing in things:
            box = frame.seen(thing.box).within(frame.sheet)
            if box.is_empty:
                continue
            for edge, distance_pt in frame.distances(box).items():
                asked_pt = self._limits.asked_pt[edge]
                if distance_pt >= asked_pt - _EXACT_PT:
                    continue
                if thing.kind is not Kind.TEXT and distance_pt <= _AT_EDGE_PT:
                    self._measure_bleed(frame, thing, edge, sides[edge], box, rendering)
                    continue
                near = rendering.ink_in(box.within(frame.strip(edge, asked_pt - _EXACT_PT)))
                if near is not None:
                    painted_pt = frame.distances(near)[edge]
                    self._tell(frame, edge, max(painted_pt, distance_pt), thing)

    def _tell(self, frame: Frame, edge: str, distance_pt: float, thing: Placed) -> None:
        for rule, limits_pt in (
            ("PRN-040", self._limits.refused_pt),
            ("PRN-041", self._limits.asked_pt),
        ):
            if distance_pt < limits_pt[edge] - _EXACT_PT:
                self._add(rule, edge, limits_pt[edge], frame, distance_pt, thing)
                return

    def _measure_bleed(
        self,
        frame: Frame,
        thing: Placed,
        edge: str,
        bleed_pt: float,
        box: Box,
        rendering: Rendering,
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
        if is_short and rendering.ink_in(box.within(frame.strip(edge, _AT_EDGE_PT))) is not None:
            self._add(rule, edge, mm_to_pt(profile.bleed_mm), frame, over_pt, thing)

    def _add(
        self, rule: str, edge: str, least_pt: float, frame: Frame, value_pt: float, thing: Placed
    ) -> None:
        case = self._cases.setdefault((rule, edge), Shortfall(least_pt, value_pt, thing))
        case.add(frame.number, value_pt, thing)

    def report(self, places: Places, findings: Findings) -> None:
        """Tell what was found, an edge and a rule at a time."""
        for (rule, edge), case in sorted(
            self._cases.items(), key=lambda item: (item[0][0], EDGES.index(item[0][1]))
        ):
            findings.add(
                rule,
                places.of(case.worst),
                pages=in_words(case.pages),
                what=described(case.worst),
                edge=_NAMES[edge],
                distance=f"{case.value:.1f}",
                limit=f"{case.least:.4g}",
                bleed=f"{self._demands.profile.bleed_mm:.3g}",
                printer=self._demands.printer,
            )


def described(thing: Placed) -> str:
    """Name a thing in words: a text by what it says."""
    if thing.kind is Kind.TEXT:
        return f"“{_short(thing.text)}”"
    return "an image" if thing.kind is Kind.IMAGE else "a drawing"


def _short(text: str, letters: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= letters else text[:letters].rstrip() + "…"
