"""The tables of a printer's file.

Every table names its sources and the date they were read. Lengths are in inches, as printers
publish them; a file may give one in millimetres, in a key that ends in ``_mm`` and not ``_in``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import ConfigDict, with_config

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0

Pair = tuple[float, float]
LengthAtPages = tuple[int, float]
"""A page count, and the length for it in inches."""

Binding = Literal["paperback", "hardcover", "linen-wrap", "saddle-stitch", "coil"]
PdfX = Literal["x-1a:2001", "x-3:2002", "x-4", "none"]
ColourSpaceName = Literal["grey", "cmyk", "srgb"]
OtherSpacesPolicy = Literal["refused", "converted"]
LastPage = Literal["any", "blank"]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedTable:
    """A table of rules with their sources.

    ``attested`` is ``once`` or ``twice`` for one or several independent accounts, ``makeready`` for
    makeready's own figures; ``conflict`` is what another source says, ``choice`` what was chosen
    then, or where no source says anything.
    """

    source: tuple[str, ...]
    checked_on: date
    attested: Literal["once", "twice", "makeready"] = "twice"
    conflict: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimRules(SourcedTable):
    """The tolerance for listed trim sizes, and the range of custom ones, if any.

    ``drift_in`` is the tolerance of the cut.
    """

    tolerance_in: float
    drift_in: float | None = None
    custom_bindings: tuple[Binding, ...] = ()
    custom_width_in: Pair = (0.0, 0.0)
    custom_height_in: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCount(SourcedTable):
    """The page counts of one binding; ``maximum`` is the highest of all trim sizes.

    A printer that ``fills_up`` adds blank pages itself, up to the ``multiple``.
    """

    binding: Binding
    title: str
    minimum: int
    multiple: int
    maximum: int | None = None
    last_page: LastPage = "any"
    fills_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSizes(SourcedTable):
    """Trim sizes of some bindings; ``maximum`` is their page count, or that by ink and paper."""

    bindings: tuple[Binding, ...]
    trims_in: tuple[Pair, ...]
    maximum: int | dict[str, dict[str, int]] | None = None

    def strictest_maximum(self) -> int:
        """Return the lowest of the maximum page counts; 0 if there is none."""
        if isinstance(self.maximum, dict):
            return min(pages for papers in self.maximum.values() for pages in papers.values())
        return self.maximum or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock(SourcedTable):
    """A paper and the inks it is printed with; ``code`` is the printer's own name for it."""

    paper: str
    inks: tuple[str, ...]
    bindings: tuple[Binding, ...]
    minimum_pages: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintingUnits(SourcedTable):
    """The pages that are printed at a time for these sizes; the printer adds the missing ones."""

    trims_in: tuple[Pair, ...]
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankPages(SourcedTable):
    """The highest number of blank pages in a row, before the end and at the end."""

    maximum_run: int
    maximum_at_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GutterRules(SourcedTable):
    """The inside margin up to each page count: whole, or added to the outside margin."""

    inside_in: tuple[LengthAtPages, ...] = ()
    added_in: tuple[LengthAtPages, ...] = ()
    advised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRules(SourcedTable):
    """The margin at head, foot and fore-edge, from the trim.

    ``refused_under_in`` is set when the margin is only advised: the printer refuses a smaller
    one than this, or none if it is 0.
    """

    outside_in: float
    outside_with_bleed_in: float
    refused_under_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BleedRules(SourcedTable):
    """The bleed of an interior: on all four edges, or on all but the spine's."""

    bleed_in: float
    edges: Literal["three", "four"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InteriorRules(SourcedTable):
    """Limits for the content of pages: the smallest type and rule, the resolution of images.

    Under ``minimum_image_dpi`` an image prints badly, under ``refused_image_dpi`` it is refused.
    """

    minimum_type_pt: float | None = None
    minimum_rule_pt: float | None = None
    minimum_image_dpi: int | None = None
    refused_image_dpi: int | None = None
    useful_image_dpi: int | None = None
    line_art_dpi: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourRules(SourcedTable):
    """The accepted colour spaces, and the highest total ink coverage.

    Text up to ``black_text_up_to_pt`` has to be in black ink only. Other spaces are ``refused``,
    or ``converted`` by the printer with its own profile.
    """

    black: tuple[ColourSpaceName, ...]
    colour: tuple[ColourSpaceName, ...]
    cover: tuple[ColourSpaceName, ...]
    others: OtherSpacesPolicy = "refused"
    profiles: bool | None = None
    spot: bool | None = None
    total_ink_percent: int | None = None
    minimum_tint_percent: int | None = None
    rich_black_percent: tuple[int, int, int, int] | None = None
    black_text_up_to_pt: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRules(SourcedTable):
    """Rules for the PDF file: accepted standards, forbidden content, size, names.

    ``fonts`` are to be embedded, or embedded as subsets and never whole. ``interior_name`` and
    ``cover_name`` contain ``{isbn}`` if the printer asks for it.
    """

    pdf_x: tuple[PdfX, ...]
    pdf_x_default: PdfX
    fonts: Literal["embedded", "subsets"] | None = None
    maximum_mb: int | None = None
    transparency: bool | None = None
    forbidden: tuple[str, ...] = ()
    interior_name: str = ""
    cover_name: str = ""
    plain_names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRules(SourcedTable):
    """Phrases that the text must not contain."""

    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineRule(SourcedTable):
    """The spine width for some papers, inks and bindings; an empty list means all.

    One of: ``caliper_in`` (of a page), ``pages_per_inch``, ``readings_in`` (results of the
    printer's calculator, at page counts) or ``steps_in`` (each up to a page count); ``added_in``
    is added.
    """

    bindings: tuple[Binding, ...]
    papers: tuple[str, ...] = ()
    inks: tuple[str, ...] = ()
    caliper_in: float | None = None
    pages_per_inch: float | None = None
    readings_in: tuple[LengthAtPages, ...] = ()
    steps_in: tuple[LengthAtPages, ...] = ()
    added_in: float = 0.0
    least_in: float = 0.0
    rounded_to_in: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineTextRules(SourcedTable):
    """The page count from which a spine may have text, and its distance from each fold.

    For a spine narrower than ``narrow_under_in`` it is ``narrow_clearance_in``.
    """

    from_pages: int
    clearance_in: float
    narrow_under_in: float = 0.0
    narrow_clearance_in: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverMeasures(SourcedTable):
    """The measures of one binding's cover; its edge is a paperback's bleed, a case's turn-in.

    A case's boards are larger than the trim by ``board_width_in`` and ``board_height_in``; its
    hinge is inside the board or beside it. ``safety_in`` for text and ``border_in`` for a frame
    are measured from the trim, or from the board's edge.
    """

    binding: Binding
    edge_in: float
    safety_in: float
    advised_safety_in: float | None = None
    border_in: float | None = None
    board_width_in: float = 0.0
    board_height_in: float = 0.0
    hinge_in: float = 0.0
    hinge_place: Literal["none", "inside", "beside"] = "none"
    fold_tolerance_in: float | None = None
    advised_mb: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeArea(SourcedTable):
    """The area reserved for the barcode on the back cover, at its foot beside the spine.

    ``from_spine_in`` is measured from the fold or the hinge, ``from_foot_in`` from the trim or
    the board's edge. A barcode supplied with the cover is at least ``own_in`` wide and high.
    """

    bindings: tuple[Binding, ...]
    width_in: float
    height_in: float
    from_spine_in: float
    from_foot_in: float
    own_in: Pair | None = None
    own_clearance_in: float | None = None
