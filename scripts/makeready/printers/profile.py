"""Printer profiles: the trim sizes, papers, page counts and margins a printer accepts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from makeready.printers.profile_file import ProfileFile, parse_profile
from makeready.printers.sizes import TrimSize, TrimSizes
from makeready.printers.tables import (
    MM_PER_INCH,
    PT_PER_INCH,
    LengthAtPages,
    PageCount,
    PdfX,
    Stock,
)
from makeready.printers.toml_reader import rule_files
from makeready.printers.unsupported import UnsupportedError, unknown_name

GENERIC = "generic"
"""The printer of an edition that names none."""

_PACKAGE = "printers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A printer's rules for one binding; ``rules`` is the content of its file.

    Methods raise UnsupportedError for what the printer does not offer.
    """

    name: str
    rules: ProfileFile
    binding: str = "paperback"

    @property
    def title(self) -> str:
        """The printer's name as it writes it."""
        return self.rules.title

    @property
    def bindings(self) -> tuple[str, ...]:
        """The bindings the printer offers."""
        return tuple(row.binding for row in self.rules.pages)

    def for_binding(self, binding: str) -> Profile:
        """Return the rules for another binding."""
        if binding not in self.bindings:
            raise unknown_name(
                "binding", f"{self.title} has no binding “{binding}”.", binding, self.bindings
            )
        return replace(self, binding=binding)

    @property
    def page_multiple(self) -> int:
        """The number that a page count has to be a multiple of."""
        return self._pages.multiple

    @property
    def binding_minimum_pages(self) -> int:
        """The lowest page count of the binding, on any paper."""
        return self._pages.minimum

    @property
    def fills_up(self) -> bool:
        """Whether the printer adds blank pages to a count that is not a multiple."""
        return self._pages.fills_up

    @property
    def maximum_blanks_at_end(self) -> int:
        """The highest number of blank pages at the end; the generic one without a rule."""
        rule = self.rules.blanks or read_profile(GENERIC).rules.blanks
        return rule.maximum_at_end if rule is not None else 0

    @property
    def last_page_blank(self) -> bool:
        """Whether the last page of the book has to be blank."""
        return self._pages.last_page == "blank"

    @property
    def bleed_mm(self) -> float:
        """The bleed of an interior; the edge at the spine has it only if ``bleeds_at_spine``."""
        return self.rules.bleed.bleed_in * MM_PER_INCH

    @property
    def bleeds_at_spine(self) -> bool:
        """Whether a page with bleed has it on the edge at the spine too."""
        return self.rules.bleed.edges == "four"

    @property
    def bleed_pt(self) -> tuple[float, float]:
        """The bleed of an interior at head, fore-edge and foot, and at the spine."""
        bleed_pt = self.rules.bleed.bleed_in * PT_PER_INCH
        return bleed_pt, bleed_pt if self.bleeds_at_spine else 0.0

    def page_size_pt(self, trim: TrimSize, *, bleed: bool) -> TrimSize:
        """Return the size in points of the interior's pages, with the bleed if any."""
        if not bleed:
            return trim
        bleed_pt, spine_pt = self.bleed_pt
        return trim[0] + bleed_pt + spine_pt, trim[1] + 2 * bleed_pt

    def gutter_mm(self, pages: int) -> float:
        """Return the inside margin the printer requires or advises for this many pages."""
        return self._gutter_in(pages) * MM_PER_INCH

    def gutter_pt(self, pages: int) -> float:
        """Return the inside margin the printer requires or advises for this many pages."""
        return self._gutter_in(pages) * PT_PER_INCH

    def refused_gutter_pt(self, pages: int) -> float:
        """Return the smallest inside margin the printer accepts; 0 if it accepts any."""
        if self.rules.gutter.advised:
            return self.refused_margin_pt()
        return self.gutter_pt(pages)

    def outside_margin_mm(self, *, bleed: bool = False) -> float:
        """Return the margin required or advised at head, foot and fore-edge, from the trim."""
        return self._outside_margin_in(bleed) * MM_PER_INCH

    def outside_margin_pt(self, *, bleed: bool = False) -> float:
        """Return the margin required or advised at head, foot and fore-edge, from the trim."""
        return self._outside_margin_in(bleed) * PT_PER_INCH

    def refused_margin_pt(self, *, bleed: bool = False) -> float:
        """Return the smallest outside margin the printer accepts; 0 if it accepts any."""
        refused_in = self.rules.margins.refused_under_in
        return (
            self.outside_margin_pt(bleed=bleed) if refused_in is None else refused_in * PT_PER_INCH
        )

    def offers(self, trim: TrimSize) -> bool:
        """Return whether the printer makes books of this size in this binding."""
        return self._sizes.offers(trim)

    def require_offered(self, trim: TrimSize) -> None:
        """Raise UnsupportedError if the printer does not make books of this size."""
        self._sizes.require_offered(trim)

    def largest_trim(self) -> TrimSize | None:
        """Return the greatest width and height the printer offers; None if it offers any size."""
        return self._sizes.largest()

    def stock(self, paper: str, ink: str) -> Stock | None:
        """Return the printer's stock for a paper and an ink; None if it lists no papers."""
        if not self.rules.stocks:
            return None
        stocks = [stock for stock in self.rules.stocks if self.binding in stock.bindings]
        inks = {ink for stock in stocks for ink in stock.inks}
        if ink not in inks:
            raise unknown_name("ink", f"{self._title_with_binding} has no ink “{ink}”.", ink, inks)
        papers = {stock.paper: stock for stock in stocks if ink in stock.inks}
        if not paper:
            raise UnsupportedError(
                "paper",
                f"{self._title_with_binding} needs to know the paper.",
                f'Set paper = "…" in the edition; one of: {", ".join(sorted(papers))}.',
            )
        if paper not in papers:
            raise unknown_name(
                "paper",
                f"{self._title_with_binding} has no paper “{paper}” for {ink} ink.",
                paper,
                papers,
            )
        return papers[paper]

    def pdf_x_standard(self, pdf_x: str) -> PdfX:
        """Return the PDF/X standard of a file: the requested one, or the printer's default."""
        rules = self.rules.file
        for known in rules.pdf_x:
            if known == pdf_x:
                return known
        if pdf_x:
            raise unknown_name(
                "pdf_x", f"{self.title} does not accept PDF/X “{pdf_x}”.", pdf_x, rules.pdf_x
            )
        return rules.pdf_x_default

    def minimum_pages(self, trim: TrimSize, paper: str, ink: str) -> int:
        """Return the lowest page count for a size, paper and ink."""
        self._sizes.require_offered(trim)
        stock = self.stock(paper, ink)
        return max(self._pages.minimum, stock.minimum_pages if stock else 0)

    def maximum_pages(self, trim: TrimSize, paper: str, ink: str) -> int | None:
        """Return the highest page count for a size, paper and ink; None if there is no limit."""
        self._sizes.require_offered(trim)
        self.stock(paper, ink)
        limit = self._sizes.maximum_pages(trim)
        if not isinstance(limit, dict):
            return self._pages.maximum if limit is None else limit
        size = f"{trim[0] / PT_PER_INCH:g} x {trim[1] / PT_PER_INCH:g} in"
        if ink not in limit:
            raise UnsupportedError(
                "ink",
                f"{self._title_with_binding} does not print {ink} at {size}.",
                f"Choose one of: {', '.join(sorted(limit))}; or another trim size.",
            )
        if paper not in limit[ink]:
            raise UnsupportedError(
                "paper",
                f"{self._title_with_binding} does not print {ink} on {paper} paper at {size}.",
                f"Choose one of: {', '.join(sorted(limit[ink]))}; or another trim size.",
            )
        return limit[ink][paper]

    @property
    def _title_with_binding(self) -> str:
        return self.title if len(self.bindings) == 1 else f"{self.title} {self.binding}"

    @property
    def _pages(self) -> PageCount:
        return next(row for row in self.rules.pages if row.binding == self.binding)

    @property
    def _sizes(self) -> TrimSizes:
        rows = tuple(row for row in self.rules.sizes if self.binding in row.bindings)
        return TrimSizes(self._title_with_binding, self.binding, self.rules.trim, rows)

    def _gutter_in(self, pages: int) -> float:
        gutter = self.rules.gutter
        if gutter.added_in:
            return self.rules.margins.outside_in + _length_at(gutter.added_in, pages)
        return _length_at(gutter.inside_in, pages)

    def _outside_margin_in(self, bleed: bool) -> float:
        margins = self.rules.margins
        return margins.outside_with_bleed_in if bleed else margins.outside_in


def printer_names() -> tuple[str, ...]:
    """Return the names of the printers that have a profile, sorted."""
    return tuple(sorted(rule_files(_PACKAGE)))


@cache
def read_profile(name: str) -> Profile:
    """Read a printer's profile; UnsupportedError, with the nearest name, if there is none."""
    texts = rule_files(_PACKAGE)
    if name not in texts:
        raise unknown_name("printer", f"Unknown printer “{name}”.", name, texts)
    rules = parse_profile(name, texts[name])
    return Profile(name=name, rules=rules, binding=rules.pages[0].binding)


def _length_at(rows: tuple[LengthAtPages, ...], pages: int) -> float:
    return next((length for most, length in rows if pages <= most), rows[-1][1])
