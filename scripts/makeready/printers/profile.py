"""What a printer accepts: trim sizes, papers, page counts, margins.

A profile is a TOML file beside this module; every table in it names its source and the day it
was read. Files give lengths in inches, as printers publish them; names here carry their unit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from pydantic import ConfigDict, TypeAdapter, with_config

from makeready.book.model import Edition
from makeready.errors import UsageError

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0

Trim = tuple[float, float]
"""A trim size in points: width, height."""

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures from one source; ``choice`` tells what was done where sources conflict."""

    source: str
    checked_on: date
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimRange(Figures):
    """The widths and heights a printer cuts to; listed sizes are met within the tolerance."""

    custom_width_in: tuple[float, float]
    custom_height_in: tuple[float, float]
    tolerance_in: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCount(Figures):
    """The least pages of any book, and the number its pages must be a multiple of."""

    minimum: int
    multiple: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimit(Figures):
    """The most pages of a book of these listed sizes, by ink and then by paper."""

    trims_in: tuple[tuple[float, float], ...]
    maximum: dict[str, dict[str, int]]

    def lowest(self) -> int:
        """Return the lowest of these limits."""
        return min(pages for papers in self.maximum.values() for pages in papers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock(Figures):
    """A paper and the ink it is printed with; ``caliper_in`` is the thickness of one page."""

    paper: str
    ink: str
    caliper_in: float
    minimum_pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gutter(Figures):
    """The least inside margin of a book of up to so many pages."""

    up_to_pages: int
    inside_in: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins(Figures):
    """The least margin at head, foot and fore-edge, from the trim, and the bleed."""

    outside_in: float
    outside_with_bleed_in: float
    bleed_in: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interior(Figures):
    """Limits of the interior's file and of what is printed from it."""

    minimum_type_pt: float
    minimum_rule_pt: float
    minimum_image_dpi: int
    maximum_file_mb: int


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One printer. Without ``trim`` it cuts any size; without ``stocks`` it has any paper."""

    name: str
    title: str
    pages: PageCount
    gutters: tuple[Gutter, ...]
    margins: Margins
    interior: Interior
    trim: TrimRange | None = None
    page_limits: tuple[PageLimit, ...] = ()
    stocks: tuple[Stock, ...] = ()

    @property
    def page_multiple(self) -> int:
        """The number a page count must be a multiple of."""
        return self.pages.multiple

    @property
    def bleed_mm(self) -> float:
        """The bleed at head, foot and fore-edge; the spine has none."""
        return self.margins.bleed_in * MM_PER_INCH

    def gutter_mm(self, pages: int) -> float:
        """Return the least inside margin of a book of ``pages`` pages."""
        return self._gutter_in(pages) * MM_PER_INCH

    def gutter_pt(self, pages: int) -> float:
        """Return the least inside margin of a book of ``pages`` pages."""
        return self._gutter_in(pages) * PT_PER_INCH

    def outside_margin_mm(self, *, bleed: bool = False) -> float:
        """Return the least margin at head, foot and fore-edge, measured from the trim."""
        return self._outside_margin_in(bleed) * MM_PER_INCH

    def outside_margin_pt(self, *, bleed: bool = False) -> float:
        """Return the least margin at head, foot and fore-edge, measured from the trim."""
        return self._outside_margin_in(bleed) * PT_PER_INCH

    def cuts(self, trim: Trim) -> bool:
        """Tell whether the printer makes books of this size."""
        if self.trim is None:
            return True
        ranges = (self.trim.custom_width_in, self.trim.custom_height_in)
        return all(
            least - self.trim.tolerance_in <= side / PT_PER_INCH <= most + self.trim.tolerance_in
            for side, (least, most) in zip(trim, ranges, strict=True)
        )

    def stock(self, paper: str, ink: str) -> Stock | None:
        """Return the printer's paper for an ink; None from a printer that names no papers.

        A paper or an ink that the printer does not have is a ``UsageError``.
        """
        if not self.stocks:
            return None
        inks = {stock.ink for stock in self.stocks}
        if ink not in inks:
            raise _unknown(f"{self.title} has no ink", ink, inks)
        papers = {stock.paper: stock for stock in self.stocks if stock.ink == ink}
        if paper not in papers:
            raise _unknown(f"{self.title} has no paper for {ink} ink", paper, papers)
        return papers[paper]

    def minimum_pages(self, trim: Trim, paper: str, ink: str) -> int:
        """Return the least pages the printer binds; what it cannot make is a ``UsageError``."""
        self._refuse_uncut(trim)
        stock = self.stock(paper, ink)
        return max(self.pages.minimum, stock.minimum_pages if stock else 0)

    def maximum_pages(self, trim: Trim, paper: str, ink: str) -> int | None:
        """Return the most pages the printer binds, None where it names no limit.

        What the printer cannot make is a ``UsageError``.
        """
        self._refuse_uncut(trim)
        if self.stock(paper, ink) is None:
            return None
        limit = self._page_limit(trim).maximum
        if ink not in limit:
            width, height = (side / PT_PER_INCH for side in trim)
            raise UsageError(
                f"{self.title} does not print {width:g} x {height:g} in in {ink}.",
                f"Choose one of: {', '.join(sorted(limit))}; or another trim size.",
            )
        return limit[ink][paper]

    def _gutter_in(self, pages: int) -> float:
        rows = (row.inside_in for row in self.gutters if pages <= row.up_to_pages)
        return next(rows, self.gutters[-1].inside_in)

    def _outside_margin_in(self, bleed: bool) -> float:
        return self.margins.outside_with_bleed_in if bleed else self.margins.outside_in

    def _refuse_uncut(self, trim: Trim) -> None:
        if self.trim is None or self.cuts(trim):
            return
        width, height = (side / PT_PER_INCH for side in trim)
        (narrow, wide), (low, high) = self.trim.custom_width_in, self.trim.custom_height_in
        raise UsageError(
            f"{self.title} does not make books of {width:g} x {height:g} in.",
            f"It cuts widths of {narrow:g} to {wide:g} in and heights of {low:g} to {high:g} in.",
        )

    def _page_limit(self, trim: Trim) -> PageLimit:
        """Find the limits of the smallest listed size that holds ``trim``."""
        tolerance = self.trim.tolerance_in if self.trim else 0.0
        width, height = (side / PT_PER_INCH - tolerance for side in trim)
        holding = [
            (size[0] * size[1], number, limit)
            for number, limit in enumerate(self.page_limits)
            for size in limit.trims_in
            if size[0] >= width and size[1] >= height
        ]
        if holding:
            return min(holding)[2]
        # The far corner of the range is larger than every listed size: the strictest holds.
        return min(self.page_limits, key=PageLimit.lowest)


def profile_of(edition: Edition) -> Profile:
    """Return the profile of the printer an edition is for; without one, a generic printer's."""
    return read_profile(edition.printer or "generic")


def least_pages(edition: Edition) -> int | None:
    """Return the least pages an edition's printer binds; None for what it cannot make at all."""
    trim = (edition.trim_width_pt, edition.trim_height_pt)
    try:
        return profile_of(edition).minimum_pages(trim, edition.paper, edition.ink)
    except UsageError:
        return None


def printer_names() -> tuple[str, ...]:
    """List the printers that have a profile, in the order of their names."""
    return tuple(sorted(_profile_files()))


@cache
def read_profile(name: str) -> Profile:
    """Read a printer's profile; an unknown name is a ``UsageError`` that tells the nearest."""
    texts = _profile_files()
    if name not in texts:
        raise _unknown("There is no printer", name, texts)
    return TypeAdapter(Profile).validate_python({"name": name, **tomllib.loads(texts[name])})


def _profile_files() -> dict[str, str]:
    folder = files("makeready").joinpath("printers")
    return {
        entry.name.removesuffix(".toml"): entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def _unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    names = sorted(known)
    nearest = get_close_matches(name, names, n=1)
    listed = f"Choose one of: {', '.join(names)}."
    return UsageError(
        f"{what} “{name}”.", f"Did you mean “{nearest[0]}”? {listed}" if nearest else listed
    )
