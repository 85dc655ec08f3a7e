"""Print jobs: editions with the rules of their printers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from makeready.book.model import Book, Edition, EditionKind
from makeready.findings import SourceLocation
from makeready.printers.custom_measures import CUSTOM_MEASURES, with_custom_measures
from makeready.printers.profile import GENERIC, Profile, read_profile
from makeready.printers.sizes import TrimSize
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH, PdfX
from makeready.printers.unsupported import UnsupportedError


@dataclass(frozen=True, slots=True)
class PrintJob:
    """An edition, and the rules of its printer for its binding, with its custom measures.

    ``edition`` is a print edition, or a screen edition that does not share the pages of one.
    Each property that depends on it raises UnsupportedError for what the printer does not offer.
    A job that ``stands_in`` for one that a printer refuses has rules that refuse nothing.
    """

    edition: Edition
    profile: Profile
    stands_in: bool = False

    @property
    def trim(self) -> TrimSize:
        """The trim size in points: width, height."""
        return self.edition.trim_width_pt, self.edition.trim_height_pt

    @property
    def minimum_pages(self) -> int:
        """The lowest page count for the trim size, paper and ink."""
        return self.profile.minimum_pages(self.trim, self.edition.paper, self.edition.ink)

    @property
    def minimum_pages_if_made(self) -> int | None:
        """The lowest page count; None if the printer does not make such a book."""
        try:
            return self.minimum_pages
        except UnsupportedError:
            return None

    @property
    def maximum_pages(self) -> int | None:
        """The highest page count for the trim size, paper and ink; None if there is no limit."""
        return self.profile.maximum_pages(self.trim, self.edition.paper, self.edition.ink)

    @property
    def pdf_x(self) -> PdfX:
        """The PDF/X standard of its files: the edition's, or the printer's default."""
        return self.profile.pdf_x_standard(self.edition.pdf_x)

    def location(self, key: str = "") -> SourceLocation:
        """Return the location of the edition, or of one of its keys."""
        return self.edition.location(key)


def print_job(edition: Edition) -> PrintJob:
    """Return the print job of an edition, by default with the generic printer.

    Raises UnsupportedError, with the key at fault, for an unknown printer or binding, for custom
    measures if the printer is not the generic one, and if they leave no room for the text.
    """
    profile = read_profile(edition.printer or GENERIC).for_binding(edition.binding)
    given = [key for key in CUSTOM_MEASURES if getattr(edition, key) is not None]
    if not given:
        return PrintJob(edition, profile)
    if profile.name != GENERIC:
        raise UnsupportedError(
            given[0],
            f"{profile.title} sets its own bleed and margins.",
            f'Remove {", ".join(given)}, or set printer = "{GENERIC}".',
        )
    profile = replace(profile, rules=with_custom_measures(profile.rules, edition))
    width_mm, height_mm = (
        side / PT_PER_INCH * MM_PER_INCH for side in (edition.trim_width_pt, edition.trim_height_pt)
    )
    across_mm = profile.gutter_mm(0) + profile.outside_margin_mm()
    down_mm = 2 * profile.outside_margin_mm()
    if across_mm > width_mm / 2 or down_mm > height_mm / 2:
        raise UnsupportedError(
            given[-1],
            "the margins take more than half of the page.",
            "Set smaller margins, or a larger trim size.",
        )
    return PrintJob(edition, profile)


def shown_edition(edition: Edition, book: Book) -> Edition:
    """Return the print edition whose pages an edition shows: for the screen, one of its size."""
    if edition.kind is EditionKind.PRINT:
        return edition
    trim = (edition.trim_width_pt, edition.trim_height_pt)
    for other in book.editions:
        same = (other.trim_width_pt, other.trim_height_pt) == trim
        if other.kind is EditionKind.PRINT and same:
            return other
    return edition
