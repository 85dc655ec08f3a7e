"""What stands on the pages of a section that is laid out: paragraphs, blocks, the space between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Line:
    """A line on a page, or a block that is not divided; ``notes`` are the elements of its notes."""

    top_px: float
    height_px: float
    box: Any
    notes: tuple[Any, ...] = ()


@dataclass(slots=True)
class Piece:
    """What stands on a page of a paragraph or of a block that is not divided.

    ``source`` is its box before layout.
    """

    path: Path
    source: Any
    lines: list[Line]
    is_paragraph: bool
    is_text: bool

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
    flows = [_read_page(page, root) for page in pages]
    for one, other in pairwise(flows):
        if one.notes_px.keys() & other.notes_px.keys():
            one.reason = one.reason or "a note is divided"
            other.reason = other.reason or "a note is divided"
        if one.pieces and other.pieces:
            last, first = one.pieces[-1], other.pieces[0]
            if last.path == first.path and not (last.is_paragraph and first.is_paragraph):
                one.reason = one.reason or "a block is divided"
                other.reason = other.reason or "a block is divided"
    return flows


def _read_page(page: Any, root: Any) -> PageFlow:
    text, notes = page.children[0], page.children[1]
    flow = PageFlow(float(page.height + page.padding_bottom))
    if page.page_type.blank:
        flow.reason = "the page is blank"
    _Reader(flow, page.content_box_y()).read(text, root, ())
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


class _Reader:
    """The reading of one page; ``top_px`` is where its text area begins."""

    def __init__(self, flow: PageFlow, top_px: float) -> None:
        self._flow, self._top_px = flow, top_px

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
        has_lines = bool(box.children) and isinstance(box.children[0], boxes.LineBox)
        is_divided = isinstance(box, boxes.BlockBox) and not box.is_table_wrapper
        if is_divided and has_lines:
            lines = [
                Line(line.position_y - self._top_px, float(line.height), line, _notes_in(line))
                for line in box.children
            ]
            self._flow.pieces.append(Piece(path, source, lines, True, True))
        elif is_divided and box.style["break_inside"] not in _AVOID and box.children:
            self.read(box, source, path)
        elif box.margin_height() and box.border_height():
            line = Line(
                box.border_box_y() - self._top_px, float(box.border_height()), box, _notes_in(box)
            )
            self._flow.pieces.append(Piece(path, source, [line], False, _ends_with_text(box)))


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
    if before.is_paragraph:
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
        if box is not chain[-1] or after.is_paragraph:
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
        if box is not chain[-1] or after.is_paragraph:
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
