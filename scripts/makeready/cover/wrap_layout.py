"""The layout of a printed cover: two boards and a spine.

The spine's cloth extends a little over the boards, as on a quarter-bound book, so that a fold which
is slightly off on the press does not show; a theme may do without it. The visible part of a board
is 36 rem wide and drawn like the e-book's cover image.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from makeready.book.model import Book, CoverColours, Element
from makeready.printers.cover import CoverBox, CoverGeometry, mm_to_pt
from makeready.templates.balance import balance
from makeready.templates.cover import ViewBox, cover_context, pattern_tiles, view_box_text
from makeready.templates.environment import Layouts
from makeready.templates.trees import serialise

_BOARD_REM = 36.0
_CLOTH_REM = 1.2
_UNITS_PER_REM = 600 / _BOARD_REM
_TILE_REM = 3.6
# A label is a whole number of tiles high and a little more, to cover whole motifs at its corners.
_LABEL_OVER_REM = 0.6
_LABEL_TOPS_REM = (8.7, 5.1)
_LEAST_TILES = 3
_LABEL_FRAME_REM = 2 * (0.66 + 0.0625 + 1.5)
_ABOVE_BARCODE_REM = 1.8
# From the highest accent to the lowest descender, in ems.
_TYPE_DEPTH = 1.05
_MOST_SPINE_REM = 1.5
_FEW_LETTERS, _LINE_LETTERS = 120, 36


@dataclass(frozen=True, slots=True)
class Label:
    """The label on the back: its position on the board, and the size of its text."""

    top_rem: float
    height_rem: float
    size_pt: float


@dataclass(frozen=True, slots=True)
class BarcodeArea:
    """The white area of a barcode, and the position of the symbol (an SVG) on it.

    Without a symbol the area is left to the printer, who prints a barcode there.
    """

    background: CoverBox
    symbol: str = ""
    symbol_left_mm: float = 0.0
    symbol_top_mm: float = 0.0
    isbn: str = ""
    isbn_top_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """The visible parts of a wrap's boards, the paper on them up to the edges, and the cloth."""

    rem_mm: float
    back: CoverBox
    front: CoverBox
    back_paper: CoverBox
    front_paper: CoverBox
    cloth: CoverBox


def board_layout(geometry: CoverGeometry, *, has_cloth_spine: bool = True) -> BoardLayout:
    """Return the boards, their paper up to the sheet's edges, and the cloth of a wrap.

    Without a cloth spine the cloth is as wide as the spine.
    """
    spine, front, back = geometry.spine, geometry.front, geometry.back
    if not has_cloth_spine:
        cloth = CoverBox(spine.left_mm, 0.0, spine.width_mm, geometry.height_mm)
        return _with_cloth(geometry, cloth, front.width_mm / _BOARD_REM)
    hinge_mm = max(
        (box.width_mm for box in geometry.hinges if _overlap(box, front) or _overlap(box, back)),
        default=0.0,
    )
    rem_mm = front.width_mm / (_BOARD_REM + _CLOTH_REM)
    strip_mm = _CLOTH_REM * rem_mm
    if hinge_mm > strip_mm:
        strip_mm = hinge_mm
        rem_mm = (front.width_mm - strip_mm) / _BOARD_REM
    gap_mm = max(0.0, *(abs(edge) for edge in _gaps(geometry)))
    left_mm = spine.left_mm - gap_mm - strip_mm
    right_mm = spine.right_mm + gap_mm + strip_mm
    cloth = CoverBox(left_mm, 0.0, right_mm - left_mm, geometry.height_mm)
    return _with_cloth(geometry, cloth, rem_mm)


def _with_cloth(geometry: CoverGeometry, cloth: CoverBox, rem_mm: float) -> BoardLayout:
    spine, front, back = geometry.spine, geometry.front, geometry.back
    panels: dict[str, tuple[CoverBox, CoverBox]] = {}
    for name, panel in (("front", front), ("back", back)):
        if panel.left_mm > spine.left_mm:
            left_mm = max(cloth.right_mm, panel.left_mm)
            width_mm = geometry.width_mm - cloth.right_mm
            board = CoverBox(left_mm, panel.top_mm, panel.right_mm - left_mm, panel.height_mm)
            paper = CoverBox(cloth.right_mm, 0.0, width_mm, geometry.height_mm)
        else:
            right_mm = min(cloth.left_mm, panel.right_mm)
            width_mm = right_mm - panel.left_mm
            board = CoverBox(panel.left_mm, panel.top_mm, width_mm, panel.height_mm)
            paper = CoverBox(0.0, 0.0, cloth.left_mm, geometry.height_mm)
        panels[name] = (board, paper)
    return BoardLayout(
        rem_mm, panels["back"][0], panels["front"][0], panels["back"][1], panels["front"][1], cloth
    )


def lowest_label(
    boards: BoardLayout, barcode: CoverBox | None, text_height_pt: float, size_pt: float
) -> Label | None:
    """Return the lowest label on which a text fits above the barcode; None if none does."""
    needed_rem = text_height_pt / mm_to_pt(boards.rem_mm) + _LABEL_FRAME_REM
    for top_rem in _LABEL_TOPS_REM:
        tiles = _LEAST_TILES
        while tiles * _TILE_REM + _LABEL_OVER_REM < needed_rem:
            tiles += 1
        height_rem = tiles * _TILE_REM + _LABEL_OVER_REM
        if height_rem <= _room_rem(boards, barcode) - top_rem:
            return Label(top_rem, height_rem, size_pt)
    return None


def tallest_label(boards: BoardLayout, barcode: CoverBox | None, size_pt: float) -> Label:
    """Return the tallest label above the barcode, whether a text fits on it or not."""
    return Label(_LABEL_TOPS_REM[-1], _tallest_rem(boards, barcode), size_pt)


def blurb_room_pt(boards: BoardLayout, barcode: CoverBox | None) -> float:
    """Return the greatest height of a text on the back, in points."""
    return (_tallest_rem(boards, barcode) - _LABEL_FRAME_REM) * mm_to_pt(boards.rem_mm)


def _tallest_rem(boards: BoardLayout, barcode: CoverBox | None) -> float:
    tiles = (_room_rem(boards, barcode) - _LABEL_TOPS_REM[-1] - _LABEL_OVER_REM) // _TILE_REM
    return tiles * _TILE_REM + _LABEL_OVER_REM


@dataclass(frozen=True, slots=True)
class SpineType:
    """The type on a spine: its size, 0 for none, and how far it is moved across the spine.

    ``publisher``: whether there is room for the publisher's name.
    """

    size_pt: float
    shift_pt: float = 0.0
    publisher: bool = True


def largest_spine_size_pt(boards: BoardLayout, spine_text: CoverBox) -> float:
    """Return the largest type size that fits across a spine, in points."""
    fitting_pt = mm_to_pt(spine_text.width_mm) / _TYPE_DEPTH
    return min(fitting_pt, _MOST_SPINE_REM * mm_to_pt(boards.rem_mm))


def wrap_document(
    book: Book,
    layouts: Layouts,
    colours: CoverColours,
    geometry: CoverGeometry,
    barcode: BarcodeArea | None,
    *,
    spine: SpineType,
) -> str:
    """Return the HTML document of a wrap: back, spine and front on one sheet."""
    boards = board_layout(geometry, has_cloth_spine=layouts.theme.has_cloth_spine)
    front = _pattern_box(boards.front, boards.front_paper, boards.rem_mm)
    back = _pattern_box(boards.back, boards.back_paper, boards.rem_mm)
    context = cover_context(book, layouts, colours) | {
        "paper": view_box_text(front),
        "tiles": pattern_tiles(front),
        "blurb": _blurb_markup(book.blurb, book.metadata.language),
        "wrap": {
            "back_paper": view_box_text(back),
            "back_tiles": pattern_tiles(back),
            "barcode": barcode is not None,
            "isbn": barcode.isbn if barcode else "",
            "symbol": Markup(barcode.symbol) if barcode else "",  # noqa: S704 - drawn by us
            "has_spine_text": spine.size_pt > 0,
            "spine_publisher": spine.publisher and bool(book.metadata.publisher),
        },
    }
    return layouts.render("wrap", **context)


def wrap_rules(
    geometry: CoverGeometry,
    boards: BoardLayout,
    barcode: BarcodeArea | None,
    label: Label,
    spine: SpineType,
    boxes: Mapping[str, CoverBox],
) -> str:
    """Return the CSS rules of a wrap that follow from its geometry.

    ``boxes`` are those of the pictures at the foot of the back, by their classes.
    """
    sheet = CoverBox(0.0, 0.0, geometry.width_mm, geometry.height_mm)
    height_pt = mm_to_pt(boards.front.height_mm)
    rules = [
        f"@page{{size:{geometry.width_pt:.4f}pt {geometry.height_pt:.4f}pt;margin:0}}",
        f"html{{font-size:{mm_to_pt(boards.rem_mm):.4f}pt}}:root{{--height:{height_pt:.4f}pt}}",
        f".wrap-sheet{{{_size(sheet)}}}",
        f".cloth{{{_position(boards.cloth)}}}",
    ]
    for name, paper, board in (
        ("front", boards.front_paper, boards.front),
        ("back", boards.back_paper, boards.back),
    ):
        board_in_paper = CoverBox(
            board.left_mm - paper.left_mm,
            board.top_mm - paper.top_mm,
            board.width_mm,
            board.height_mm,
        )
        rules += [
            f".{name}{{position:absolute;{_position(paper)}}}",
            f".{name} .pattern{{{_size(paper)}}}",
            f".{name} .board{{{_position(board_in_paper)}}}",
        ]
    rules += [
        f".back .label{{top:{label.top_rem:g}rem;height:{label.height_rem:g}rem}}",
        f".blurb{{font-size:{label.size_pt:g}pt}}",
    ]
    rules += [f".{name}{{{_position(box)}}}" for name, box in boxes.items()]
    if geometry.spine_text is not None:
        text = geometry.spine_text
        # The spine is laid out horizontally around its centre, and rotated by the stylesheet.
        horizontal = CoverBox(
            text.left_mm + (text.width_mm - text.height_mm) / 2,
            text.top_mm + (text.height_mm - text.width_mm) / 2,
            text.height_mm,
            text.width_mm,
        )
        line_pt = mm_to_pt(text.width_mm)
        rules.append(
            f".spine{{{_position(horizontal)}font-size:{spine.size_pt:.2f}pt;"
            f"line-height:{line_pt:.4f}pt}}"
            f".spine-text{{position:relative}}.spine p{{top:{spine.shift_pt:.4f}pt}}"
        )
    if barcode is not None:
        symbol = f"left:{barcode.symbol_left_mm:.4f}mm;top:{barcode.symbol_top_mm:.4f}mm"
        rules += [
            f".barcode{{{_position(barcode.background)}}}",
            f".barcode svg{{{symbol}}}",
            f".barcode p{{top:{barcode.isbn_top_mm:.4f}mm}}",
        ]
    return "".join(rules)


def _blurb_markup(blurb: Element | None, language: str) -> Markup:
    """Return the text on the back as markup; a short one is balanced like the subtitle."""
    if blurb is None:
        return Markup("")
    first = blurb[0]
    if len(blurb) == 1 and first.tag == "p" and len(first) == 0:
        text = first.text or ""
        if len(text) <= _FEW_LETTERS:
            lines = balance(text, _LINE_LETTERS, language)
            return Markup('<p class="short">{}</p>').format(lines)
    return Markup("".join(serialise(block) for block in blurb))  # noqa: S704 - a normalised tree


def _room_rem(boards: BoardLayout, barcode: CoverBox | None) -> float:
    """Return how far down a label may extend on the back, in rem."""
    if barcode is None:
        return boards.back.height_mm / boards.rem_mm - _LABEL_TOPS_REM[-1]
    return (barcode.top_mm - boards.back.top_mm) / boards.rem_mm - _ABOVE_BARCODE_REM


def _gaps(geometry: CoverGeometry) -> tuple[float, float]:
    """Return the distances between the spine and each board, in millimetres."""
    left, right = sorted((geometry.back, geometry.front), key=lambda box: box.left_mm)
    return geometry.spine.left_mm - left.right_mm, right.left_mm - geometry.spine.right_mm


def _overlap(one: CoverBox, other: CoverBox) -> bool:
    return min(one.right_mm, other.right_mm) - max(one.left_mm, other.left_mm) > 0.01  # noqa: PLR2004


def _pattern_box(board: CoverBox, paper: CoverBox, rem_mm: float) -> ViewBox:
    """Return the ``viewBox`` of the pattern on a paper; a board begins in the middle of a tile."""
    units = _UNITS_PER_REM / rem_mm
    return (
        30 + (paper.left_mm - board.left_mm) * units,
        30 + (paper.top_mm - board.top_mm) * units,
        paper.width_mm * units,
        paper.height_mm * units,
    )


def _size(box: CoverBox) -> str:
    return f"width:{box.width_mm:.4f}mm;height:{box.height_mm:.4f}mm;"


def _position(box: CoverBox) -> str:
    # The stylesheet of a book from right to left gives the distance from the right.
    return f"left:{box.left_mm:.4f}mm;right:auto;top:{box.top_mm:.4f}mm;{_size(box)}"
