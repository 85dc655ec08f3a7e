"""Small type that is not of black ink alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot

import pikepdf

from makeready.checks.boxes import Box, Frame
from makeready.checks.colour import Colours, Use
from makeready.checks.demands import Demands
from makeready.checks.lettering import Lettered, letters_of
from makeready.checks.matter import taken_spaces
from makeready.checks.pdf import in_words
from makeready.checks.placed import Kind, Placed
from makeready.checks.places import Places
from makeready.checks.shortfall import Shortfall
from makeready.checks.spaces import Ink
from makeready.findings import Findings
from makeready.printers.profile import GENERIC, Profile, read_profile

_NEAR_PT = 2.0


class SmallText:
    """Measures page after page, then tells what was found.

    Where a printer gives no size, that of the printer without rules of its own is advised.
    What is in colours that the printer does not take is told as such, and not here.
    """

    def __init__(self, pdf: pikepdf.Pdf, colours: Colours, demands: Demands) -> None:
        self._pdf, self._printer = pdf, demands.printer
        own = _most_pt(demands.profile)
        self._most_pt = own or _most_pt(read_profile(GENERIC)) or 0.0
        mixed = "PRN-032" if own else "PRN-049"
        taken = taken_spaces(demands)
        self._rules = {Ink.TINT: "PRN-050"}
        if "cmyk" in taken:
            self._rules[Ink.MIXED] = mixed
        if "srgb" in taken:
            self._rules[Ink.UNTOLD] = mixed
        coloured = (numbers for use, numbers in colours.items() if use.use in (Use.PAINT, Use.TINT))
        self._pages = {number for numbers in coloured for number in numbers}
        self._cases: dict[str, Shortfall] = {}

    def measure(self, frame: Frame, things: Sequence[Placed]) -> None:
        """Measure one page."""
        if frame.number not in self._pages:
            return
        texts = [thing for thing in things if thing.kind is Kind.TEXT]
        for letters in letters_of(self._pdf.pages[frame.number - 1]):
            size_pt = letters.size_pt * frame.unit
            if not 0 < size_pt <= self._most_pt:
                continue
            for rule in {self._rules[ink] for ink in letters.inks if ink in self._rules}:
                thing = _seen(letters, texts)
                case = self._cases.setdefault(rule, Shortfall(self._most_pt, size_pt, thing))
                case.add(frame.number, size_pt, thing)

    def report(self, places: Places, findings: Findings) -> None:
        """Tell what was found, a rule at a time."""
        for rule, case in sorted(self._cases.items()):
            findings.add(
                rule,
                places.of(case.worst),
                pages=in_words(case.pages),
                text=" ".join(case.worst.text.split())[:40],
                value=f"{case.value:.3g}",
                most=f"{case.least:g}",
                printer=self._printer,
            )


def _most_pt(profile: Profile) -> float | None:
    colour = profile.rules.colour
    return colour.black_text_up_to_pt if colour else None


def _seen(letters: Lettered, texts: Sequence[Placed]) -> Placed:
    """Return the text that begins where letters do, to be named by what it says."""

    def distance(text: Placed) -> float:
        return hypot(text.at[0] - letters.at[0], text.at[1] - letters.at[1])

    nearest = min(texts, key=distance, default=None)
    if nearest is not None and distance(nearest) <= _NEAR_PT:
        return nearest
    return Placed(Kind.TEXT, Box(*letters.at, *letters.at), text="…")
