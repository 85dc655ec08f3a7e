"""What stands on the pages of a section that is laid out: paragraphs, blocks, the space between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.block import block_level_page_break, block_level_page_name, collapse_margin

from makeready.engine.spreads.page_plan import PageEnd

Path = tuple[int, ...]
"""The place of a box in the tree before layout: the index of a child, of a child of that, …"""

_AVOID = ("avoid", "avoid-page")
_NO_BREAK = ("auto", "avoid", "avoid-page", "avoid-column")
_SIDES = ("left", "right", "recto", "verso")
_LARGE_PX = 1_000_000.0
_SAME_PX = 0.05


class PieceKind(Enum):
    """Where a piece may be divided.

    A paragraph is divided between its lines, a stack between the lines of code or verse that are
    blocks of their own, a table between its rows, and a block nowhere.
    """

    PARAGRAPH = auto()
    STACK = auto()
    TABLE = auto()
    BLOCK = auto()


@dataclass(slots=True)
class Line:
    """A line or a row on a page, or a block that is not divided.

    ``notes`` are the elements of its notes; ``row`` is the place of a row in its table.
    """

    top_px: float
    height_px: float
    box: Any
    notes: tuple[Any, ...] = ()
    row: Path = ()


@dataclass(slots=True)
class Piece:
    """The part of a paragraph, a stack, a table or a block that is on one page.

    ``source`` is its box before layout. ``repeated_px`` is the height of the head that a table
    has again on each page.
    """

    path: Path
    source: Any
    lines: list[Line]
    kind: PieceKind
    is_text: bool
    repeated_px: float = 0.0

    @property
    def is_inside_its_edges(self) -> bool:
        """Whether the lines are inside the padding and borders of the source."""
        return self.kind in (PieceKind.PARAGRAPH, PieceKind.STACK)

    @property
    def bottom_px(self) -> float:
        """The lower end of its last line."""
        last = self.lines[-1]
        return last.top_px + last.height_px


@dataclass(slots=True)
class PageFlow:
    """A page: its pieces, and the heights of its notes, by their elements.

    ``reason`` says why the page cannot be changed, if it is so. Heights are from the top of the
    text.
    """

    height_px: float
    pieces: list[Piece] = field(default_factory=list)
    notes_px: dict[Any, float] = field(default_factory=dict)
    note_edges_px: float = 0.0
    notes_end_px: float | None = None
    reason: str = ""

    @property
    def filled_px(self) -> float:
        """The height of the text and the notes."""
        text_px = self.pieces[-1].bottom_px if self.pieces else 0.0
        if not self.notes_px:
            return text_px
        return text_px + self.note_edges_px + sum(self.notes_px.values())

    def end(self, leading_px: float) -> PageEnd:
        """Return where the page ends."""
        if self.notes_end_px is not None:
            text_px = self.pieces[-1].bottom_px if self.pieces else 0.0
            raised_px = self.height_px - self.notes_end_px
            return PageEnd(text_px, raised_px, round(raised_px / leading_px, 1), 0, 0)
        if not self.pieces:
            return PageEnd(0.0, 0.0, None, 0, 0)
        last = self.pieces[-1]
        short = round((self.height_px - last.bottom_px) / leading_px, 1)
        return PageEnd(last.bottom_px, 0.0, short if last.is_text else None, 0, 0)


def read_pages(pages: Sequence[Any], root: Any) -> list[PageFlow]:
    """Return what stands on pages before they have margin boxes; ``root`` is the box tree."""
    divisions = _Divisions()
    flows = [_read_page(page, root, divisions) for page in pages]
    for one, other in pairwise(flows):
        if one.notes_px.keys() & other.notes_px.keys():
            one.reason = one.reason or "a note is divided"
            other.reason = other.reason or "a note is divided"
        if one.pieces and other.pieces:
            last, first = one.pieces[-1], other.pieces[0]
            if last.path == first.path and _is_cut(last, first):
                one.reason = one.reason or "a block is divided"
                other.reason = other.reason or "a block is divided"
    return flows


def _is_cut(last: Piece, first: Piece) -> bool:
    """Whether a block that is not to be divided, or a row of a table, goes on on the next page."""
    if PieceKind.BLOCK in (last.kind, first.kind):
        return True
    return last.kind is PieceKind.TABLE and last.lines[-1].row == first.lines[0].row


def _read_page(page: Any, root: Any, divisions: _Divisions) -> PageFlow:
    text, notes = page.children[0], page.children[1]
    flow = PageFlow(float(page.height + page.padding_bottom))
    if page.page_type.blank:
        flow.reason = "the page is blank"
    _Reader(flow, page.content_box_y(), divisions).read(text, root, ())
    if notes.children:
        flow.notes_end_px = page.height
        for note in notes.children:
            if note.element is None or note.element in flow.notes_px:
                flow.reason = flow.reason or "notes run on in one line"
            else:
                flow.notes_px[note.element] = float(note.margin_height())
        flow.note_edges_px = float(notes.margin_height()) - sum(flow.notes_px.values())
        if flow.note_edges_px < -_SAME_PX:
            flow.reason = flow.reason or "notes run on in one line"
    return flow


@dataclass
class _Divisions:
    """How blocks may be divided, found once for all the pages that they are on."""

    _stacks: dict[int, bool] = field(default_factory=dict)
    _tables: dict[int, tuple[Path, Path] | None] = field(default_factory=dict)

    def is_stack(self, source: Any) -> bool:
        """Return whether a block is a stack."""
        key = id(source)
        if key not in self._stacks:
            self._stacks[key] = stack_breaks(source) is not None
        return self._stacks[key]

    def ends_of_table(self, source: Any) -> tuple[Path, Path] | None:
        """Return the places of a table's first and last row; None if it is not to be divided."""
        key = id(source)
        if key not in self._tables:
            rows = _rows(source.get_wrapped_table()) if may_divide_table(source) else ()
            places = [place for place, _ in rows]
            self._tables[key] = (places[0], places[-1]) if places else None
        return self._tables[key]


class _Reader:
    """The reading of one page; ``top_px`` is where its text area begins."""

    def __init__(self, flow: PageFlow, top_px: float, divisions: _Divisions) -> None:
        self._flow, self._top_px, self._divisions = flow, top_px, divisions

    def read(self, box: Any, source: Any, path: Path) -> None:
        """Read the boxes inside a block, which before layout was ``source``."""
        for child in box.children:
            if isinstance(child, AbsolutePlaceholder) or not child.is_in_normal_flow():
                if not isinstance(child, AbsolutePlaceholder) and child.is_floated():
                    self._flow.reason = self._flow.reason or "text stands beside a block"
                continue
            index = vars(child).get("index")
            if index is None or index >= len(source.children):
                self._flow.reason = self._flow.reason or "text is in columns"
                return
            self._read_block(child, source.children[index], (*path, index))

    def _read_block(self, box: Any, source: Any, path: Path) -> None:
        if box.is_column:
            self._flow.reason = self._flow.reason or "text is in columns"
            return
        if box.is_table_wrapper or not isinstance(box, boxes.BlockBox):
            self._read_table(box, source, path)
        elif box.children and isinstance(box.children[0], boxes.LineBox):
            lines = [
                Line(line.position_y - self._top_px, float(line.height), line, _notes_in(line))
                for line in box.children
            ]
            self._flow.pieces.append(Piece(path, source, lines, PieceKind.PARAGRAPH, True))
        elif box.style["break_inside"] in _AVOID or not box.children:
            self._add_block(box, source, path)
        elif self._divisions.is_stack(source):
            self._read_stack(box, source, path)
        else:
            self.read(box, source, path)

    def _read_stack(self, box: Any, source: Any, path: Path) -> None:
        lines = [self._line(child) for child in box.children if child.border_height()]
        if lines:
            self._flow.pieces.append(Piece(path, source, lines, PieceKind.STACK, True))

    def _read_table(self, box: Any, source: Any, path: Path) -> None:
        ends = self._divisions.ends_of_table(source)
        rows = list(_rows(box.get_wrapped_table())) if ends else []
        if not (ends and rows):
            self._add_block(box, source, path)
            return
        lines = [
            Line(row.position_y - self._top_px, float(row.height), row, _notes_in(row), place)
            for place, row in rows
        ]
        # The head is above the first row, and the lower border below the last one.
        top_px = box.border_box_y() - self._top_px
        (first, *_), (*_, last) = lines, lines
        repeated_px = rows[0][1].position_y - box.get_wrapped_table().border_box_y()
        if first.row == ends[0]:
            first.height_px += first.top_px - top_px
            first.top_px = top_px
        if last.row == ends[1]:
            last.height_px = top_px + float(box.border_height()) - last.top_px
        self._flow.pieces.append(Piece(path, source, lines, PieceKind.TABLE, True, repeated_px))

    def _add_block(self, box: Any, source: Any, path: Path) -> None:
        if box.margin_height() and box.border_height():
            piece = Piece(path, source, [self._line(box)], PieceKind.BLOCK, _ends_with_text(box))
            self._flow.pieces.append(piece)

    def _line(self, box: Any) -> Line:
        top_px = box.border_box_y() - self._top_px
        return Line(top_px, float(box.border_height()), box, _notes_in(box))


def stack_breaks(source: Any) -> tuple[int, int] | None:
    """Return how many lines of a stack stay together at its start and at its end.

    A stack has two blocks or more that are not divided, with no space between them. None if a
    block is no stack.
    """
    children = source.children
    if not children[1:] or not all(map(_is_line_of_stack, children)):
        return None
    kinds = [block_level_page_break(one, other) for one, other in pairwise(children)]
    names = [block_level_page_name(one, other) for one, other in pairwise(children)]
    if any(names) or any(kind not in _NO_BREAK for kind in kinds):
        return None
    ends = [number for number, kind in enumerate(kinds, 1) if kind == "auto"]
    if not ends:
        return len(children), 0
    if ends != list(range(ends[0], ends[-1] + 1)):
        return None
    return ends[0], len(children) - ends[-1]


def _is_line_of_stack(box: Any) -> bool:
    return (
        isinstance(box, boxes.BlockBox)
        and not box.is_table_wrapper
        and box.is_in_normal_flow()
        and box.style["break_inside"] in _AVOID
        and not any(_margin_px(box, side) or _edge_px(box, side) for side in ("top", "bottom"))
    )


def may_divide_table(source: Any) -> bool:
    """Whether a table may be divided between any two of its rows."""
    table = source.get_wrapped_table() if source.is_table_wrapper else None
    if table is None or table.style["break_inside"] in _AVOID:
        return False
    if any(group.style["break_inside"] in _AVOID for group in table.children):
        return False
    rows = [row for _, row in _rows(table)]
    return all(cell.rowspan == 1 for row in rows for cell in row.children) and all(
        block_level_page_break(one, other) == "auto" for one, other in pairwise(rows)
    )


def _rows(table: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the rows of a table but those of its head and foot, with their places."""
    for number, group in enumerate(table.children):
        if not (group.is_header or group.is_footer):
            for index, row in enumerate(group.children):
                own = vars(group).get("index", number), vars(row).get("index", index)
                yield own, row


def _notes_in(box: Any) -> tuple[Any, ...]:
    found, left = [], [box]
    while left:
        current = left.pop()
        if isinstance(current, AbsolutePlaceholder):
            continue
        if current.footnote is not None:
            found.append(current.footnote.element)
        left.extend(reversed(current.children))
    return tuple(found)


def _ends_with_text(box: Any) -> bool:
    """Whether the last thing in a block is a line of text, and not a picture."""
    while box.children:
        inside = [
            child
            for child in box.children
            if not isinstance(child, AbsolutePlaceholder) and child.is_in_normal_flow()
        ]
        if not inside:
            return False
        box = inside[-1]
    return isinstance(box, boxes.TextBox)


def gap_px(root: Any, before: Piece, after: Piece, own_px: float | None = None) -> float:
    """Return the space between two pieces that no page ends between.

    With ``own_px`` it is what it would be with that margin above the second.
    """
    depth = _common_depth(before.path, after.path)
    space = _Space()
    chain = _chain(root, before.path)[depth + 1 :]
    if before.is_inside_its_edges:
        space.add_fixed(_edge_px(chain[-1], "bottom"))
    for number, box in enumerate(reversed(chain)):
        if number:
            space.add_fixed(_edge_px(box, "bottom"))
        space.add_margin(_margin_px(box, "bottom"))
    chain = _chain(root, after.path)[depth + 1 :]
    for box in chain:
        margin_px = _margin_px(box, "top")
        if own_px is not None and box is chain[-1]:
            margin_px = own_px
        space.add_margin(margin_px)
        if box is not chain[-1] or after.is_inside_its_edges:
            space.add_fixed(_edge_px(box, "top"))
    return space.total_px()


def margin_for(root: Any, before: Piece, after: Piece, more_px: float) -> float:
    """Return the margin above a piece with which the space above it is larger by so much."""
    beyond_px = gap_px(root, before, after, _LARGE_PX) - _LARGE_PX
    return gap_px(root, before, after) + more_px - beyond_px


def top_px(root: Any, before: Piece, after: Piece) -> float:
    """Return the space above a piece that a page begins with.

    All pages have a name, so that the engine takes each break for a forced one, and keeps the
    margins of what does not discard them.
    """
    depth = _common_depth(before.path, after.path)
    space = _Space()
    chain = _chain(root, after.path)[depth + 1 :]
    for box in chain:
        is_kept = box.style["margin_break"] != "discard"
        space.add_margin(_margin_px(box, "top") if is_kept else 0.0)
        if box is not chain[-1] or after.is_inside_its_edges:
            space.add_fixed(_edge_px(box, "top"))
    return space.total_px()


def break_between(root: Any, before: Piece, after: Piece) -> str:
    """Return whether a page may end between two pieces: "yes", "no", "always" or "unknown"."""
    depth = _common_depth(before.path, after.path)
    parent = _chain(root, before.path)[depth]
    first, last = before.path[depth], after.path[depth]
    siblings = [
        child
        for child in parent.children[first : last + 1]
        if child.is_in_normal_flow() and isinstance(child, boxes.BlockLevelBox)
    ]
    found = "no"
    for one, other in pairwise(siblings):
        kind = block_level_page_break(one, other)
        if kind in _SIDES:
            return "unknown"
        if kind not in _NO_BREAK or block_level_page_name(one, other) is not None:
            return "always"
        if kind == "auto":
            found = "yes"
    return found


def is_unbroken(source: Any) -> bool:
    """Whether a paragraph is not divided over pages."""
    return source.style["break_inside"] in _AVOID


def _common_depth(one: Path, other: Path) -> int:
    depth = 0
    while depth < min(len(one), len(other)) and one[depth] == other[depth]:
        depth += 1
    return depth


def _chain(root: Any, path: Path) -> list[Any]:
    """Return the boxes on the way to a place in the tree, the root first."""
    chain = [root]
    for index in path:
        chain.append(chain[-1].children[index])
    return chain


class _Space:
    """Space in which margins collapse that no padding or border is between."""

    def __init__(self) -> None:
        self._done_px = 0.0
        self._margins: list[float] = []

    def add_margin(self, px: float) -> None:
        """Add a margin."""
        self._margins.append(px)

    def add_fixed(self, px: float) -> None:
        """Add a padding or a border."""
        if px:
            self._done_px += float(collapse_margin(self._margins)) + px
            self._margins = []

    def total_px(self) -> float:
        """Return the height of the whole."""
        return self._done_px + float(collapse_margin(self._margins))


def _margin_px(box: Any, side: str) -> float:
    return _px(box.style[f"margin_{side}"])


def _edge_px(box: Any, side: str) -> float:
    return _px(box.style[f"padding_{side}"]) + _px(box.style[f"border_{side}_width"])


def _px(value: Any) -> float:
    if isinstance(value, int | float):
        return float(value)
    return float(value.value) if getattr(value, "unit", None) == "px" else 0.0


def note_calls(source: Any, spans: dict[Path, tuple[int, int]]) -> Iterator[tuple[int, Any]]:
    """Yield the places in the text of a paragraph's notes, with their elements."""
    (linebox,) = source.children
    left: list[tuple[Any, Path]] = [(linebox, ())]
    while left:
        box, path = left.pop()
        if box.footnote is not None and path in spans:
            yield spans[path][0], box.footnote.element
        children = [(child, (*path, index)) for index, child in enumerate(box.children)]
        left.extend(reversed(children))
