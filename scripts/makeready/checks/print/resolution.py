"""Checks of minimum sizes: type size, weight of rules, resolution of images."""

from __future__ import annotations

import re

from makeready.book.east_asian_letters import BOPOMOFO, HANGUL, KANA
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.document import pages_text
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.findings import Findings
from makeready.printers.tables import InteriorRules

_EXACT_PT = 0.01
_RUBY = re.compile(f"[{KANA}{BOPOMOFO}{HANGUL}]+")
_LEAST_RUBY_PT = 4.0
"""Readings above words are half as large as these: 4.5 to 5 pt in books."""

_TEX_POINT_PT = 72 / 72.27
"""TeX's point, 1/72.27 in: its 7 pt type, of 6.97 pt in a PDF, is the 7 pt that a printer names."""
_EXACT_DPI = 0.5
_RULE_ASPECT_RATIO = 8
"""A filled shape at least so many times as long as it is thick is a rule."""


class MinimumSizes:
    """Measures the objects of pages one by one, then reports the violations."""

    def __init__(self, requirements: PrintRequirements) -> None:
        self._requirements = requirements
        self._violations: dict[tuple[str, tuple[int, int]], LimitViolation] = {}

    def measure(self, frame: PageFrame, page_objects: list[PageObject]) -> None:
        """Measure one page."""
        rules = self._requirements.profile.rules.interior
        for page_object in page_objects:
            if page_object.kind is ObjectKind.TEXT:
                size_pt = page_object.size_pt * frame.user_unit
                least_pt = rules.minimum_type_pt
                if least_pt is not None and _RUBY.fullmatch(page_object.text.strip()):
                    least_pt = min(least_pt, _LEAST_RUBY_PT)
                self._check_minimum("PRN-044", frame, page_object, size_pt, least_pt)
            elif page_object.kind is ObjectKind.DRAWING:
                weight_pt = _weight_pt(page_object)
                if weight_pt is not None:
                    weight_pt *= frame.user_unit
                    self._check_minimum(
                        "PRN-045", frame, page_object, weight_pt, rules.minimum_rule_pt
                    )
            else:
                self._measure_image(frame, page_object, rules)

    def _measure_image(self, frame: PageFrame, image: PageObject, rules: InteriorRules) -> None:
        if min(image.pixels) <= 1:
            # A single stretched pixel is an even tint.
            return
        dpi = image.dpi / frame.user_unit
        if image.bits == 1 and rules.line_art_dpi is not None:
            self._check_minimum("PRN-048", frame, image, dpi, rules.line_art_dpi)
        elif rules.refused_image_dpi is not None and dpi < rules.refused_image_dpi:
            self._check_minimum("PRN-046", frame, image, dpi, rules.refused_image_dpi)
        else:
            self._check_minimum("PRN-047", frame, image, dpi, rules.minimum_image_dpi)

    def _check_minimum(
        self,
        rule: str,
        frame: PageFrame,
        page_object: PageObject,
        value: float,
        least: float | None,
    ) -> None:
        if least is None or value >= _least_accepted(page_object, least):
            return
        violation = self._violations.setdefault(
            (rule, page_object.pixels), LimitViolation(least, value, page_object)
        )
        violation.add(frame.number, value, page_object)

    def report(self, locator: ManuscriptLocator, findings: Findings) -> None:
        """Report the violations: type and rules once each, images by their pixels."""
        for (rule, pixels), violation in sorted(
            self._violations.items(), key=lambda item: (item[0][0], min(item[1].pages), item[0][1])
        ):
            is_image = violation.worst.kind is ObjectKind.IMAGE
            findings.add(
                rule,
                locator.location_of(violation.worst),
                pages=pages_text(violation.pages),
                text=" ".join(violation.worst.text.split())[:40],
                pixels=f"{pixels[0]} × {pixels[1]}",
                size=f"{violation.value:.0f}" if is_image else _text_below(violation),
                minimum=f"{violation.least:g}",
                printer=self._requirements.printer,
            )


def _least_accepted(page_object: PageObject, least: float) -> float:
    """Return the value from which an object meets a limit of so many points or dots per inch."""
    if page_object.kind is ObjectKind.IMAGE:
        return least - _EXACT_DPI
    return least * _TEX_POINT_PT - _EXACT_PT


def _text_below(violation: LimitViolation) -> str:
    """Return a value under a limit, with as many digits as show that it is under it."""
    texts = (f"{violation.value:.{digits}g}" for digits in range(2, 6))
    return next((text for text in texts if float(text) < violation.least), f"{violation.value:g}")


def _weight_pt(drawing: PageObject) -> float | None:
    """Return the weight of a stroke, or of a long and thin filled shape; None for others."""
    if drawing.is_stroked:
        return drawing.size_pt
    thin, long = sorted((drawing.box.width, drawing.box.height))
    return thin if long >= _RULE_ASPECT_RATIO * thin else None
