"""Spine widths: by the printer's rule, or as given by the printer's cover template."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from makeready.findings import Findings
from makeready.printers.print_job import PrintJob
from makeready.printers.profile import Profile
from makeready.printers.tables import MM_PER_INCH, LengthAtPages, SpineRule
from makeready.printers.unsupported import UnsupportedError

# A template's figure that differs more than this from the printer's rule is likely a mistake.
_DEVIATION_SHARE, _DEVIATION_MM = 0.15, 1.0


@dataclass(frozen=True, slots=True)
class Spine:
    """The width of a spine in millimetres, and how it was determined.

    ``interpolated`` is an estimate between results of the printer's calculator, to be confirmed
    by its cover template. ``template`` is the width of that template, from ``book.toml``.
    """

    width_mm: float
    basis: Literal["rule", "readings", "interpolated", "template"]

    @property
    def is_estimate(self) -> bool:
        """Whether the printer's cover template has to confirm it."""
        return self.basis == "interpolated"


def printer_spine(profile: Profile, paper: str, ink: str, pages: int) -> Spine:
    """Return the spine by the printer's rule for its binding, paper and ink.

    An odd page count is rounded up. Raises UnsupportedError when the printer publishes no rule.
    """
    rule = _spine_rule(profile, paper, ink)
    if rule is None:
        raise UnsupportedError(
            "spine_mm",
            f"{profile.title} publishes no spine width for this paper and binding.",
            "Set spine_mm to the width in the printer's cover template.",
        )
    pages += pages % 2
    width_in, basis = _width_in(rule, pages)
    return Spine(width_in * MM_PER_INCH, basis)


def job_spine(job: PrintJob, pages: int) -> Spine:
    """Return the spine of an edition: from ``book.toml``, or else by the printer's rule."""
    if job.edition.spine_mm is not None:
        return Spine(job.edition.spine_mm, "template")
    return printer_spine(job.profile, job.edition.paper, job.edition.ink, pages)


def check_spine(job: PrintJob, pages: int, findings: Findings) -> Spine | None:
    """Report a spine that is unknown, an estimate, or far from the printer's rule."""
    edition, profile, location = job.edition, job.profile, job.location()
    try:
        spine = job_spine(job, pages)
    except UnsupportedError as refusal:
        findings.add(
            "PRN-020",
            location,
            edition=edition.name,
            problem=refusal.message,
            hint=refusal.hint,
        )
        return None
    if spine.is_estimate:
        findings.add(
            "PRN-030",
            location,
            edition=edition.name,
            spine_mm=f"{spine.width_mm:.2f}",
            printer=profile.title,
        )
    if spine.basis == "template" and _spine_rule(profile, edition.paper, edition.ink) is not None:
        by_rule = printer_spine(profile, edition.paper, edition.ink, pages)
        if abs(spine.width_mm - by_rule.width_mm) > max(
            _DEVIATION_MM, _DEVIATION_SHARE * by_rule.width_mm
        ):
            findings.add(
                "PRN-031",
                location,
                edition=edition.name,
                spine_mm=f"{spine.width_mm:g}",
                expected_mm=f"{by_rule.width_mm:.2f}",
                pages=pages,
                printer=profile.title,
            )
    return spine


def _spine_rule(profile: Profile, paper: str, ink: str) -> SpineRule | None:
    profile.stock(paper, ink)
    for rule in profile.rules.spines:
        if profile.binding not in rule.bindings:
            continue
        if (not rule.papers or paper in rule.papers) and (not rule.inks or ink in rule.inks):
            return rule
    return None


def _width_in(
    rule: SpineRule, pages: int
) -> tuple[float, Literal["rule", "readings", "interpolated"]]:
    if rule.caliper_in is not None:
        return pages * rule.caliper_in + rule.added_in, "rule"
    if rule.pages_per_inch is not None:
        return pages / rule.pages_per_inch + rule.added_in, "rule"
    if rule.steps_in:
        width_in = next((w for most, w in rule.steps_in if pages <= most), rule.steps_in[-1][1])
        return width_in + rule.added_in, "rule"
    width_in = max(_interpolate(rule.readings_in, pages), rule.least_in)
    if rule.rounded_to_in:
        width_in = round(width_in / rule.rounded_to_in) * rule.rounded_to_in
    is_reading = any(pages == row[0] for row in rule.readings_in)
    return width_in + rule.added_in, "readings" if is_reading else "interpolated"


def _interpolate(readings: tuple[LengthAtPages, ...], pages: int) -> float:
    """Interpolate linearly; extrapolate from the first or last two readings."""
    pairs = tuple(pairwise(readings))
    before, after = next((pair for pair in pairs if pages <= pair[1][0]), pairs[-1])
    return before[1] + (pages - before[0]) * (after[1] - before[1]) / (after[0] - before[0])
