"""The tables of a printer's file, as they stand in it.

Every table names its source and the day it was read. Lengths are in inches, as printers publish
them; a file may give one in millimetres under the same name with ``_mm``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import ConfigDict, with_config

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0

Pair = tuple[float, float]
Row = tuple[int, float]
"""A page count and the length that goes with it, in inches."""

Binding = Literal["paperback", "hardcover", "linen-wrap", "saddle-stitch", "coil"]
PdfX = Literal["x-1a:2001", "x-3:2002", "x-4", "none"]
Space = Literal["grey", "cmyk", "srgb"]
OtherSpaces = Literal["refused", "converted"]
BlankLast = Literal["any", "blank"]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures read together.

    ``attested`` tells whether one or several accounts give them; ``conflict`` what another
    source says instead, ``choice`` what was done about that, or where sources are silent.
    """

    source: tuple[str, ...]
    checked_on: date
    attested: Literal["once", "twice", "makeready"] = "twice"
    conflict: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim(Figures):
    """How near a size must come to a listed one, and the range of custom sizes, if any.

    ``drift_in`` is how far the cut may stray.
    """

    tolerance_in: float
    drift_in: float | None = None
    custom_bindings: tuple[Binding, ...] = ()
    custom_width_in: Pair = (0.0, 0.0)
    custom_height_in: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCount(Figures):
    """The pages of a book in one binding; ``maximum`` is that of the largest.

    A printer that ``fills_up`` adds the blank pages that are wanting to the multiple.
    """

    binding: Binding
    title: str
    minimum: int
    multiple: int
    maximum: int | None = None
    last_page: BlankLast = "any"
    fills_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes(Figures):
    """Listed trim sizes of some bindings; ``maximum`` pages of all, or by ink and paper."""

    bindings: tuple[Binding, ...]
    trims_in: tuple[Pair, ...]
    maximum: int | dict[str, dict[str, int]] | None = None

    def lowest(self) -> int:
        """Return the lowest of the limits."""
        if isinstance(self.maximum, dict):
            return min(pages for papers in self.maximum.values() for pages in papers.values())
        return self.maximum or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock(Figures):
    """A paper and the inks it takes; ``code`` is the printer's own name for it."""

    paper: str
    inks: tuple[str, ...]
    bindings: tuple[Binding, ...]
    minimum_pages: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Units(Figures):
    """The pages a press makes at a time for these sizes; the printer adds what is wanting."""

    trims_in: tuple[Pair, ...]
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanks(Figures):
    """The most blank pages in a row: before the end, and at the end."""

    maximum_run: int
    maximum_at_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gutter(Figures):
    """The inside margin by the most pages it holds for: whole, or added to the outside one."""

    inside_in: tuple[Row, ...] = ()
    added_in: tuple[Row, ...] = ()
    advised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins(Figures):
    """The margin at head, foot and fore-edge, from the trim.

    ``refused_under_in`` is given where what is asked for is only advised: nearer than this the
    printer refuses; 0 if it does not.
    """

    outside_in: float
    outside_with_bleed_in: float
    refused_under_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bleed(Figures):
    """What an interior with bleed has over its trim: on all four edges, or not at the spine."""

    bleed_in: float
    edges: Literal["three", "four"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interior(Figures):
    """What is printed: the smallest type and rule, the resolution of images.

    Under ``minimum_image_dpi`` an image prints coarse, under ``refused_image_dpi`` it is refused.
    """

    minimum_type_pt: float | None = None
    minimum_rule_pt: float | None = None
    minimum_image_dpi: int | None = None
    refused_image_dpi: int | None = None
    useful_image_dpi: int | None = None
    line_art_dpi: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour(Figures):
    """The colour spaces taken and the ink the paper carries.

    Text up to ``black_text_up_to_pt`` is of black ink alone. Other spaces are ``refused``, or
    ``converted``: taken, and turned to ink as the printer thinks best.
    """

    black: tuple[Space, ...]
    colour: tuple[Space, ...]
    cover: tuple[Space, ...]
    others: OtherSpaces = "refused"
    profiles: bool | None = None
    spot: bool | None = None
    total_ink_percent: int | None = None
    minimum_tint_percent: int | None = None
    rich_black_percent: tuple[int, int, int, int] | None = None
    black_text_up_to_pt: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRules(Figures):
    """The PDF itself: standards taken, what must not be in it, size, names.

    ``interior_name`` and ``cover_name`` hold ``{isbn}`` where the printer wants it.
    """

    pdf_x: tuple[PdfX, ...]
    pdf_x_default: PdfX
    fonts: Literal["embedded"] | None = None
    maximum_mb: int | None = None
    transparency: bool | None = None
    forbidden: tuple[str, ...] = ()
    interior_name: str = ""
    cover_name: str = ""
    plain_names: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording(Figures):
    """What the text must not say."""

    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineRule(Figures):
    """How thick a book of some papers, inks and bindings is; none named means all.

    One of: ``caliper_in`` (of a page), ``pages_per_inch``, ``readings_in`` (a calculator's, at
    page counts) or ``steps_in`` (each up to a page count); ``added_in`` comes on top.
    """

    bindings: tuple[Binding, ...]
    papers: tuple[str, ...] = ()
    inks: tuple[str, ...] = ()
    caliper_in: float | None = None
    pages_per_inch: float | None = None
    readings_in: tuple[Row, ...] = ()
    steps_in: tuple[Row, ...] = ()
    added_in: float = 0.0
    least_in: float = 0.0
    rounded_to_in: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpineText(Figures):
    """From how many pages a spine bears text, and its distance from each fold.

    A spine narrower than ``narrow_under_in`` has ``narrow_clearance_in``.
    """

    from_pages: int
    clearance_in: float
    narrow_under_in: float = 0.0
    narrow_clearance_in: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover(Figures):
    """The wrap of one binding. Its edge is the bleed of a paperback, the turn-in of a case.

    A case's boards are larger than the trim by ``board_width_in`` and ``board_height_in``; its
    hinge lies inside the board or beside it. ``safety_in`` for text and ``border_in`` for a frame
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
class Barcode(Figures):
    """The place kept on the back cover of some bindings, at its foot beside the spine.

    ``from_spine_in`` is measured from the fold or the hinge, ``from_foot_in`` from the trim or
    the board's edge. A barcode of one's own is at least ``own_in`` wide and high.
    """

    bindings: tuple[Binding, ...]
    width_in: float
    height_in: float
    from_spine_in: float
    from_foot_in: float
    own_in: Pair | None = None
    own_clearance_in: float | None = None
