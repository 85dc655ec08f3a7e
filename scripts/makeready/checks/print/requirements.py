"""A printer's requirements for the finished files of one book, as the checks need them.

They are made of an edition of ``book.toml``, or of a printer's name and a file from elsewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pikepdf

from makeready.checks.print.pdfx import STANDARD_NAMES, named_standard
from makeready.checks.reading.document import box_size_pt, is_same_size
from makeready.printers.print_job import PrintJob
from makeready.printers.profile import Profile, read_profile
from makeready.printers.sizes import TrimSize
from makeready.printers.tables import PT_PER_INCH, PdfX
from makeready.printers.unsupported import UnsupportedError


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRequirements:
    """The rules of a printer for one binding, and the chosen trim, paper, ink, standard.

    ``edition`` is the name in ``book.toml``; a file from elsewhere has none.
    """

    profile: Profile
    trim_width_pt: float
    trim_height_pt: float
    paper: str = ""
    ink: str = "black"
    pdf_x: PdfX = "none"
    isbn: str = ""
    edition: str = ""

    @property
    def trim(self) -> TrimSize:
        """The trim size in points: width, height."""
        return (self.trim_width_pt, self.trim_height_pt)

    @property
    def printer(self) -> str:
        """The printer's name as it writes it."""
        return self.profile.title

    @property
    def black_only(self) -> bool:
        """Whether the interior is printed in black alone."""
        return self.ink == "black"

    def least_pages(self) -> int | None:
        """Return the least pages that are bound; None for what the printer cannot make at all.

        Where no paper was named, of a file from elsewhere, the least of its binding.
        """
        if not self.paper:
            return self.profile.binding_minimum_pages
        try:
            return self.profile.minimum_pages(self.trim, self.paper, self.ink)
        except UnsupportedError:
            return None

    def most_pages(self) -> int | None:
        """Return the most pages that are bound; None without a limit."""
        try:
            return self.profile.maximum_pages(self.trim, self.paper, self.ink)
        except UnsupportedError:
            return None


def requirements_of(job: PrintJob) -> PrintRequirements:
    """Return what a print job's printer asks of its files; UnsupportedError for its standard."""
    edition = job.edition
    return PrintRequirements(
        profile=job.profile,
        trim_width_pt=edition.trim_width_pt,
        trim_height_pt=edition.trim_height_pt,
        paper=edition.paper,
        ink=edition.ink,
        pdf_x=job.pdf_x,
        isbn=edition.isbn,
        edition=edition.name,
    )


def requirements_for(
    pdf: pikepdf.Pdf,
    printer: str,
    *,
    binding: str = "",
    paper: str = "",
    ink: str = "black",
    trim: TrimSize | None = None,
) -> PrintRequirements:
    """Return what a printer asks of an interior from elsewhere.

    Its trim size, where not given, is that of most of its pages. Of the standards, it has to keep
    to the one it names; to the printer's own where that takes nothing else. What the printer
    does not make is a refusal.
    """
    profile = read_profile(printer)
    if binding:
        profile = profile.for_binding(binding)
    if trim is None:
        trim = trim_of(pdf, profile)
    if paper:
        profile.stock(paper, ink)
    return PrintRequirements(
        profile=profile,
        trim_width_pt=trim[0],
        trim_height_pt=trim[1],
        paper=paper,
        ink=ink,
        pdf_x=_standard_on(pdf, profile),
    )


def trim_of(pdf: pikepdf.Pdf, profile: Profile) -> TrimSize:
    """Read the trim size of most pages: their trim box, or a size that the printer lists.

    A page that is a listed size with the printer's bleed around it has that size.
    """
    sizes = Counter((box_size_pt(page, "media"), box_size_pt(page, "trim")) for page in pdf.pages)
    if not sizes:
        return (0.0, 0.0)
    # Of two that are as frequent, the first.
    ((media, trim), _) = sizes.most_common(1)[0]
    if trim != media:
        return trim
    listed = [size for row in profile.rules.sizes for size in row.trims_in]
    for bleed in (False, True):
        for width_in, height_in in listed:
            size = (width_in * PT_PER_INCH, height_in * PT_PER_INCH)
            paged = profile.page_size_pt(size, bleed=bleed)
            if is_same_size(paged, media):
                return size
    return media


def _standard_on(pdf: pikepdf.Pdf, profile: Profile) -> PdfX:
    accepted = profile.rules.file.pdf_x
    name = named_standard(pdf)
    for one in accepted:
        if STANDARD_NAMES.get(one) == name:
            return one
    return "none" if "none" in accepted else profile.rules.file.pdf_x_default
