"""Images with too few pixels for the size they are printed in, told once for all editions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, floor

from makeready.book.model import Book
from makeready.findings import Findings, SourceLocation, relocated
from makeready.pdf.fragment import Fragment, ImageUse
from makeready.printers.print_job import PrintJob
from makeready.printers.profile import GENERIC
from makeready.printers.tables import InteriorRules

_EXACT_DPI = 0.5
_CM_PER_INCH = 2.54


@dataclass(frozen=True, slots=True)
class _CoarseUse:
    """An image in a print job that needs ``minimum`` pixels per inch of it."""

    use: ImageUse
    job: PrintJob
    minimum: int

    @property
    def refused_below(self) -> int | None:
        """The resolution below which the printer refuses the image, if it does."""
        refused = self.job.profile.rules.interior.refused_image_dpi
        is_refused = refused is not None and self.use.dpi < refused - _EXACT_DPI
        return refused if is_refused and not self.use.is_line_art else None


@dataclass
class CoarseImages:
    """The images that are too coarse for a print edition, by the line that shows them."""

    _uses: dict[tuple[SourceLocation, str], list[_CoarseUse]] = field(default_factory=dict)

    def record(self, job: PrintJob, book: Book, fragments: Iterable[Fragment]) -> None:
        """Record the images of an edition that have less than its printer asks for."""
        rules = job.profile.rules.interior
        for fragment in fragments:
            for use in fragment.images:
                minimum = _minimum(use, rules)
                if minimum is not None and use.dpi < minimum - _EXACT_DPI:
                    shown = SourceLocation(fragment.source_path, use.line or None)
                    key = book.located(shown) or shown, use.path
                    self._uses.setdefault(key, []).append(_CoarseUse(use, job, minimum))

    def report(self, findings: Findings) -> None:
        """Add a finding for each image and line, with the editions in which it is too coarse."""
        for (location, path), uses in self._uses.items():
            coarsest = min(uses, key=lambda one: one.use.dpi / one.minimum)
            use, minimum = coarsest.use, coarsest.minimum
            found = Findings()
            found.add(
                "IMG-012",
                image=path,
                pixels=f"{use.width} × {use.height}",
                dpi=f"{use.dpi:.0f}",
                minimum=minimum,
                note=_refusals(uses),
                needed=ceil(use.width * minimum / use.dpi),
                width=f"{floor(use.width / minimum * _CM_PER_INCH * 10) / 10:g}cm",
            )
            editions = Findings()
            for finding in found:
                editions.append(relocated(finding, location))
            for one in uses:
                findings.extend(editions, one.job.edition.name)


def _minimum(use: ImageUse, rules: InteriorRules) -> int | None:
    if min(use.width, use.height) <= 1:
        # A single stretched pixel is an even tint.
        return None
    if use.is_line_art and rules.line_art_dpi is not None:
        return rules.line_art_dpi
    return rules.minimum_image_dpi


def _refusals(uses: Iterable[_CoarseUse]) -> str:
    """Return sentences that name the printers that refuse the image; empty if none does."""
    printers: dict[int, dict[str, None]] = {}
    for one in uses:
        profile, least = one.job.profile, one.refused_below
        if least is not None and profile.name != GENERIC:
            printers.setdefault(least, {})[profile.title] = None
    return "".join(
        f" {' and '.join(titles)} {'reject' if len(titles) > 1 else 'rejects'} less than {least}."
        for least, titles in printers.items()
    )
