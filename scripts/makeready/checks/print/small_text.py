"""Small type that is not of black ink alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import pikepdf

from makeready.checks.print.fonts_colours_interactivity import taken_spaces
from makeready.checks.print.requirements import PrintRequirements
from makeready.checks.reading.colour_usage import Colours, Use
from makeready.checks.reading.document import in_words
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_boxes import PageFrame
from makeready.checks.reading.page_objects import LimitViolation, ObjectKind, PageObject
from makeready.checks.reading.text_inks import TextRun, text_runs
from makeready.findings import Findings
from makeready.pdf_content.boxes import Box
from makeready.pdf_content.colour_spaces import InkUse
from makeready.printers.profile import GENERIC, Profile, read_profile

_NEAR_PT = 2.0


class SmallText:
    """Measures page after page, then tells what was found.

    Where a printer gives no size, that of the printer without rules of its own is advised.
    What is in colours that the printer does not take is told as such, and not here.
    """

    def __init__(self, pdf: pikepdf.Pdf, colours: Colours, requirements: PrintRequirements) -> None:
        self._pdf, self._printer = pdf, requirements.printer
        own = _most_pt(requirements.profile)
        self._most_pt = own or _most_pt(read_profile(GENERIC)) or 0.0
        mixed = "PRN-032" if own else "PRN-049"
        taken = taken_spaces(requirements)
        self._rules = {InkUse.TINT: "PRN-050"}
        if "cmyk" in taken:
            self._rules[InkUse.MIXED] = mixed
        if "srgb" in taken:
            self._rules[InkUse.UNKNOWN] = mixed
        coloured = (numbers for use, numbers in colours.items() if use.use in (Use.PAINT, Use.TINT))
        self._pages = {number for numbers in coloured for number in numbers}
        self._cases: dict[str, LimitViolation] = {}

    def measure(self, frame: PageFrame, things: Sequence[PageObject]) -> None:
        """Measure one page."""
        if frame.number not in self._pages:
            return
        texts = [thing for thing in things if thing.kind is ObjectKind.TEXT]
        for letters in text_runs(self._pdf.pages[frame.number - 1]):
            size_pt = letters.size_pt * frame.unit
            if not 0 < size_pt <= self._most_pt:
                continue
            for rule in {self._rules[ink] for ink in letters.inks if ink in self._rules}:
                thing = _seen(letters, texts)
                case = self._cases.setdefault(rule, LimitViolation(self._most_pt, size_pt, thing))
                case.add(frame.number, size_pt, thing)

    def report(self, places: ManuscriptLocator, findings: Findings) -> None:
        """Tell what was found, a rule at a time."""
        for rule, case in sorted(self._cases.items()):
            findings.add(
                rule,
                places.of(case.worst),
                pages=in_words(case.pages),
                text=" ".join(case.worst.text.split())[:40],
                size_pt=f"{case.value:.3g}",
                maximum_pt=f"{case.least:g}",
                printer=self._printer,
            )


def _most_pt(profile: Profile) -> float | None:
    colour = profile.rules.colour
    return colour.black_text_up_to_pt if colour else None


def _seen(letters: TextRun, texts: Sequence[PageObject]) -> PageObject:
    """Return the text that begins where letters do, to be named by what it says."""

    def distance(text: PageObject) -> float:
        return hypot(text.at[0] - letters.at[0], text.at[1] - letters.at[1])

    nearest = min(texts, key=distance, default=None)
    if nearest is not None and distance(nearest) <= _NEAR_PT:
        return nearest
    return PageObject(ObjectKind.TEXT, Box(*letters.at, *letters.at), text="…")
