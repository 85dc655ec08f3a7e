"""Margins of an interior, measured from what is painted on its pages, and bleed that reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from makeready.checks.boxes import EDGES, Box, Frame
from makeready.checks.demands import Demands
from makeready.checks.pdf import in_words
from makeready.checks.placed import Kind, Placed
from makeready.checks.places import Places
from makeready.checks.seen import Rendering
from makeready.findings import Findings

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


@dataclass(slots=True)
class _Case:
    """What is found alike on several pages: the pages, and the worst of them."""

    pages: set[int] = field(default_factory=set)
    distance_pt: float = 0.0
    worst: Placed | None = None

    def add(self, page: int, distance_pt: float, thing: Placed) -> None:
        """Add a page; the nearest thing is kept."""
        self.pages.add(page)
        if self.worst is None or distance_pt < self.distance_pt:
            self.distance_pt, self.worst = distance_pt, thing


class Margins:
    """Measures page after page, then tells what was found."""

    def __init__(self, demands: Demands, pages: int, *, bleeds: bool) -> None:
        self._demands = demands
        self._limits = limits_of(demands, pages, bleeds=bleeds)
        self._bleeds = bleeds
        self._cases: dict[tuple[str, str], _Case] = {}

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
        if distance_pt < self._limits.refused_pt[edge] - _EXACT_PT:
            self._case("PRN-040", edge).add(frame.number, distance_pt, thing)
        elif distance_pt < self._limits.asked_pt[edge] - _EXACT_PT:
            self._case("PRN-041", edge).add(frame.number, distance_pt, thing)

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
        if bleed_pt <= _AT_EDGE_PT:
            # At the spine many printers take no bleed: the pages meet there.
            if edge != "spine" or self._demands.profile.bleeds_at_spine:
                rule = "PRN-042"
            else:
                return
        elif -frame.distances(box)[edge] >= bleed_pt - _AT_EDGE_PT / 2:
            return
        else:
            rule = "PRN-043"
        if rendering.ink_in(box.within(frame.strip(edge, _AT_EDGE_PT))) is not None:
            self._case(rule, edge).add(frame.number, -frame.distances(box)[edge], thing)

    def _case(self, rule: str, edge: str) -> _Case:
        return self._cases.setdefault((rule, edge), _Case())

    def report(self, places: Places, findings: Findings) -> None:
        """Tell what was found, an edge and a rule at a time."""
        for rule, edge, case, thing in self._told():
            limits = self._limits.refused_pt if rule == "PRN-040" else self._limits.asked_pt
            findings.add(
                rule,
                places.of(thing),
                pages=in_words(case.pages),
                what=described(thing),
                edge=_NAMES[edge],
                distance=f"{case.distance_pt:.1f}",
                limit=f"{limits[edge]:.4g}",
                bleed=f"{self._demands.profile.bleed_mm:.3g}",
                printer=self._demands.printer,
            )

    def _told(self) -> Iterator[tuple[str, str, _Case, Placed]]:
        for (rule, edge), case in sorted(
            self._cases.items(), key=lambda item: (item[0][0], EDGES.index(item[0][1]))
        ):
            if case.worst is not None:
                yield rule, edge, case, case.worst


def described(thing: Placed) -> str:
    """Name a thing in words: a text by what it says."""
    if thing.kind is Kind.TEXT:
        return f"“{_short(thing.text)}”"
    return "an image" if thing.kind is Kind.IMAGE else "a drawing"


def _short(text: str, letters: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= letters else text[:letters].rstrip() + "…"
