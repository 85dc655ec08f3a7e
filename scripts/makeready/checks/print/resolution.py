"""How fine a page is printed: the smallest type, the thinnest rule, the coarsest image."""

from __future__ import annotations

from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import in_words
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.findings import Findings
from makeready.printers.tables import InteriorRules

_EXACT = 0.01
_SLENDER = 8
"""A filled shape so many times as long as it is thick is a rule."""


class MinimumSizes:
    """Measures page after page, then tells what was found; sizes are those on the page."""

    def __init__(self, requirements: PrintRequirements) -> None:
        self._demands = requirements
        self._cases: dict[tuple[str, tuple[int, int]], LimitViolation] = {}

    def measure(self, frame: PageFrame, things: list[PageObject]) -> None:
        """Measure one page."""
        rules = self._demands.profile.rules.interior
        for thing in things:
            if thing.kind is ObjectKind.TEXT:
                size_pt = thing.size_pt * frame.unit
                self._note("PRN-044", frame, thing, size_pt, rules.minimum_type_pt)
            elif thing.kind is ObjectKind.DRAWING:
                weight_pt = _weight_pt(thing)
                if weight_pt is not None:
                    weight_pt *= frame.unit
                    self._note("PRN-045", frame, thing, weight_pt, rules.minimum_rule_pt)
            else:
                self._measure_image(frame, thing, rules)

    def _measure_image(self, frame: PageFrame, image: PageObject, rules: InteriorRules) -> None:
        if min(image.pixels) <= 1:
            # One pixel, stretched, is an even tint.
            return
        dpi = image.dpi / frame.unit
        if image.bits == 1 and rules.line_art_dpi is not None:
            self._note("PRN-048", frame, image, dpi, rules.line_art_dpi)
        elif rules.refused_image_dpi is not None and dpi < rules.refused_image_dpi:
            self._note("PRN-046", frame, image, dpi, rules.refused_image_dpi)
        else:
            self._note("PRN-047", frame, image, dpi, rules.minimum_image_dpi)

    def _note(
        self, rule: str, frame: PageFrame, thing: PageObject, value: float, least: float | None
    ) -> None:
        if least is None or value >= least - _EXACT:
            return
        case = self._cases.setdefault((rule, thing.pixels), LimitViolation(least, value, thing))
        case.add(frame.number, value, thing)

    def report(self, places: ManuscriptLocator, findings: Findings) -> None:
        """Tell what was found: type and rules once each, images of one size together."""
        for (rule, pixels), case in sorted(
            self._cases.items(), key=lambda item: (item[0][0], min(item[1].pages), item[0][1])
        ):
            is_image = case.worst.kind is ObjectKind.IMAGE
            findings.add(
                rule,
                places.of(case.worst),
                pages=in_words(case.pages),
                text=" ".join(case.worst.text.split())[:40],
                pixels=f"{pixels[0]} × {pixels[1]}",
                size=f"{case.value:.0f}" if is_image else f"{case.value:.2g}",
                minimum=f"{case.least:g}",
                printer=self._demands.printer,
            )


def _weight_pt(drawing: PageObject) -> float | None:
    """Return how thick a line is: a stroke, or a long and thin filled shape; None for another."""
    if drawing.is_stroked:
        return drawing.size_pt
    thin, long = sorted((drawing.box.width, drawing.box.height))
    return thin if long >= _SLENDER * thin else None
