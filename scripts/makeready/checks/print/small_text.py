"""Check of small type that is not in black ink alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import pikepdf

from makeready.checks.print.fonts_colours_interactivity import accepted_spaces
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, UseKind
from makeready.checks.reading.document import pages_text
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.checks.reading.text_inks import TextRun, text_runs
from makeready.findings import Findings
from makeready.pdf_content.boxes import Box
from makeready.pdf_content.colour_spaces import InkUse
from makeready.printers.profile import GENERIC, Profile, read_profile

_NEAR_PT = 2.0


class SmallTextCheck:
    """Measures the text of pages one by one, then reports the violations.

    If a printer gives no size, that of the generic printer is only recommended. Colours that
    the printer does not accept are reported elsewhere.
    """

    def __init__(self, pdf: pikepdf.Pdf, colours: Colours, requirements: PrintRequirements) -> None:
        self._pdf, self._printer = pdf, requirements.printer
        own = _black_text_limit_pt(requirements.profile)
        self._limit_pt = own or _black_text_limit_pt(read_profile(GENERIC)) or 0.0
        mixed = "PRN-032" if own else "PRN-049"
        accepted = accepted_spaces(requirements)
        self._rules = {InkUse.TINT: "PRN-050"}
        if "cmyk" in accepted:
            self._rules[InkUse.MIXED] = mixed
        if "srgb" in accepted:
            self._rules[InkUse.UNKNOWN] = mixed
        coloured = (
            numbers for use, numbers in colours.items() if use.kind in (UseKind.PAINT, UseKind.TINT)
        )
        self._pages = {number for numbers in coloured for number in numbers}
        self._violations: dict[str, LimitViolation] = {}

    def measure(self, frame: PageFrame, page_objects: Sequence[PageObject]) -> None:
        """Measure one page."""
        if frame.number not in self._pages:
            return
        texts = [page_object for page_object in page_objects if page_object.kind is ObjectKind.TEXT]
        for run in text_runs(self._pdf.pages[frame.number - 1]):
            size_pt = run.size_pt * frame.user_unit
            if not 0 < size_pt <= self._limit_pt:
                continue
            for rule in {self._rules[ink] for ink in run.inks if ink in self._rules}:
                page_object = _text_at(run, texts)
                violation = self._violations.setdefault(
                    rule, LimitViolation(self._limit_pt, size_pt, page_object)
                )
                violation.add(frame.number, size_pt, page_object)

    def report(self, locator: ManuscriptLocator, findings: Findings) -> None:
        """Report the violations, one for each rule."""
        for rule, violation in sorted(self._violations.items()):
            findings.add(
                rule,
                locator.location_of(violation.worst),
                pages=pages_text(violation.pages),
                text=" ".join(violation.worst.text.split())[:40],
                size_pt=f"{violation.value:.3g}",
                maximum_pt=f"{violation.least:g}",
                printer=self._printer,
            )


def _black_text_limit_pt(profile: Profile) -> float | None:
    colour = profile.rules.colour
    return colour.black_text_up_to_pt if colour else None


def _text_at(run: TextRun, texts: Sequence[PageObject]) -> PageObject:
    """Return the text that begins where a run does, to quote it."""

    def distance(text: PageObject) -> float:
        return hypot(text.at[0] - run.at[0], text.at[1] - run.at[1])

    nearest = min(texts, key=distance, default=None)
    if nearest is not None and distance(nearest) <= _NEAR_PT:
        return nearest
    return PageObject(ObjectKind.TEXT, Box(*run.at, *run.at), text="…")
