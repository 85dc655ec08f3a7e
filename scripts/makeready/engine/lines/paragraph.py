"""A paragraph as one text, read from the boxes of the engine's line box."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from makeready.book.writing import is_east_asian
from makeready.engine.lines.bidi import Isolate, has_right_to_left, levels_of
from makeready.engine.lines.east_asian import LETTERS, Gap, gaps_of, token_pattern
from makeready.engine.lines.shape import SPACES, EngineOnlyError, TextStyle, text_style

OBJECT = "\ufffc"
"""What stands in the text for an image or a block in the line."""

NEWLINE = "\n"
_NOTE_CALL = "::footnote-call"

_LEFT_TO_ENGINE = re.compile(
    f"(?P<control>[\t\f\v\x85\u2028\u2029])|(?![{LETTERS}])[\u3000-\ufaff\U00010000-\U0010ffff]"
)
"""Letters of which the engine makes lines; the last are pictures, and rare scripts."""

TOKEN = re.compile(r"[^ \u00a0\n]+|[ \u00a0\n]")
"""A word, or a space."""

_EAST_ASIAN_LETTER = re.compile(f"[{LETTERS}]")
_EAST_ASIAN_TOKEN = {all_marks: token_pattern(all_marks=all_marks) for all_marks in (True, False)}

_NO_TEXT = ("", *SPACES)
_SPACES_COLLAPSE = ("normal", "nowrap")

_STRETCH_IN_CODE = 0.25
"""A space is as wide as a letter there; a line with few other spaces would be loose."""

Path = tuple[int, ...]
"""The place of a box in its paragraph: the index of a child, of a child of that, and so on."""

Stack = Mapping[int, Any] | None
"""The engine's position in a box: the index of a child, and the position in that child."""


class Piece(NamedTuple):
    """A part of a paragraph's text that is in one box.

    ``style`` is None for an object, which is ``width_px`` wide. ``wraps`` is false where no
    line may end inside it.
    """

    path: Path
    start: int
    end: int
    style: TextStyle | None
    width_px: float
    wraps: bool


class Edge(NamedTuple):
    """The margin, border and padding of an inline box at one of its ends."""

    position: int
    width_px: float
    is_start: bool


@dataclass
class Paragraph:
    """The text of a line box, in pieces.

    ``spans`` has the first and the last place of each box, ``leaves`` the boxes without boxes
    inside them, in order. ``unplaceable`` are the places of boxes that only the engine places,
    ``kept_whole`` the boxes that do not wrap. ``child_ends`` has the last places of the boxes
    inside each box. ``levels`` are those of its letters, of a paragraph with text from right to
    left; it has pieces of one direction each. ``token`` matches its words, ``gaps`` are what stands
    between words without a space, by their places. ``engine_reason`` says why the paragraph is
    left to the engine, if it is.
    """

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    spans: dict[Path, tuple[int, int]] = field(default_factory=dict)
    leaves: list[Path] = field(default_factory=list)
    unplaceable: list[int] = field(default_factory=list)
    kept_whole: set[Path] = field(default_factory=set)
    child_ends: dict[Path, list[int]] = field(default_factory=dict)
    plans: list[Any] = field(default_factory=list)
    engine_reason: str = ""
    is_rtl: bool = False
    levels: Sequence[int] = ()
    isolates: list[Isolate] = field(default_factory=list)
    styles: dict[Path, Any] = field(default_factory=dict)
    token: re.Pattern[str] = TOKEN
    gaps: Mapping[int, Gap] = field(default_factory=dict)
    _counted: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def signature(self) -> tuple[object, ...]:
        """What tells paragraphs apart whose lines are different."""
        return self.text, tuple(self.pieces), tuple(self.edges), tuple(self.leaves)

    def stretch_share(self, style: TextStyle) -> float:
        """Return how much spaces in a style give way to fill a line; those in code hardly do."""
        return _STRETCH_IN_CODE if style.is_monospaced and not self._is_monospaced else 1.0

    @cached_property
    def _is_monospaced(self) -> bool:
        """Whether the whole text is monospaced."""
        return all(piece.style is None or piece.style.is_monospaced for piece in self.pieces)

    def may_end_between(self, one: Piece, other: Piece) -> bool:
        """Whether a line may end between two pieces, as far as the box that has both says."""
        steps = zip(one.path, other.path, strict=False)
        shared = takewhile(lambda step: step[0] == step[1], steps)
        return one.path[: len(list(shared))] not in self.kept_whole

    def pieces_between(self, start: int, end: int) -> list[Piece]:
        """Return the pieces that are in a part of the text, wholly or not."""
        first = bisect_right(self.pieces, start, key=lambda piece: piece.end)
        last = bisect_left(self.pieces, end, key=lambda piece: piece.start)
        return self.pieces[first:last]

    def wraps_at(self, position: int) -> bool:
        """Whether a line may end at a place, as far as the boxes there say."""
        index = bisect_right(self.pieces, position, key=lambda piece: piece.end)
        piece = self.pieces[index]
        if piece.start < position:
            return piece.wraps
        return not index or self.may_end_between(self.pieces[index - 1], piece)

    def edges_between(self, start: int, end: int) -> list[Edge]:
        """Return the edges of boxes from one place to another, both included."""
        if not self.edges:
            return []
        first = bisect_left(self.edges, start, key=lambda edge: edge.position)
        last = bisect_right(self.edges, end, key=lambda edge: edge.position)
        return self.edges[first:last]

    def position(self, linebox: Any, stack: Stack) -> int:
        """Return the place in the text that a position of the engine is, without white space."""
        at, box, inner = 0, linebox, stack
        path: Path = ()
        while inner is not None:
            ((index, inner),) = inner.items()
            if isinstance(box, boxes.TextBox):
                at = self.spans[path][0] + len(box.text.encode()[:index].decode())
                break
            if index >= len(box.children):
                at = self.spans[path][1]
                break
            box, path = box.children[index], (*path, index)
            at = self.spans[path][0]
        while at < len(self.text) and self.text[at] == " ":
            at += 1
        return at

    def stack(self, at: int) -> Stack:
        """Return a place in the text as a position of the engine; None at its end."""
        if at >= len(self.text):
            return None
        index = bisect_left(self.leaves, at, key=lambda path: self.spans[path][0])
        if index and self.spans[self.leaves[index - 1]][1] > at:
            index -= 1
        path = self.leaves[index]
        start = self.spans[path][0]
        stack: Stack = {self._byte_count(start, at): None} if start < at else None
        for child in reversed(path):
            stack = {child: stack} if child or stack else None
        return stack if stack is not None else {0: None}

    def _byte_count(self, start: int, at: int) -> int:
        """Return how many bytes of UTF-8 a leaf's text has from its start to a place."""
        known_at, count = self._counted.get(start, (start, 0))
        if known_at > at:
            known_at, count = start, 0
        # Counted from the place before, since a paragraph may be very long.
        count += len(self.text[known_at:at].encode())
        self._counted[start] = (at, count)
        return count

    def children_on_line(self, path: Path, start: int, limit: float) -> Iterator[int]:
        """Yield the indices of a box's children that may be on a line."""
        ends = self.child_ends.get(path, [])
        for index in range(bisect_left(ends, start), len(ends)):
            if self.spans[*path, index][0] >= limit:
                return
            yield index


def read_paragraph(
    linebox: Any, containing_block: Any, measure_object: Callable[[Any], float]
) -> Paragraph:
    """Read a line box, and set the used lengths of the boxes in it.

    ``measure_object`` returns the width of an image or a block in the line.
    """
    paragraph = Paragraph()
    try:
        _Reader(paragraph, containing_block, measure_object).read_children(linebox, ())
    except EngineOnlyError as error:
        return Paragraph(engine_reason=str(error))
    text = paragraph.text
    if not text.strip():
        return Paragraph(engine_reason="no text")
    if text[0] == " " or "  " in text:
        return Paragraph(engine_reason="spaces that do not collapse")
    _divide_into_letters(paragraph, linebox.style)
    paragraph.is_rtl = linebox.style["direction"] == "rtl"
    if paragraph.is_rtl or has_right_to_left(text):
        _divide_by_direction(paragraph)
    return paragraph


def _divide_by_direction(paragraph: Paragraph) -> None:
    """Divide the pieces of a paragraph into those of one direction each."""
    is_rtl = paragraph.is_rtl
    paragraph.levels = levels_of(paragraph.text, paragraph.isolates, is_rtl=is_rtl)
    divided: list[Piece] = []
    for piece in paragraph.pieces:
        if piece.style is None:
            divided.append(piece)
            continue
        levels = paragraph.levels[piece.start : piece.end]
        start = piece.start
        for level, letters in groupby(levels):
            end = start + len(list(letters))
            style = text_style(paragraph.styles[piece.path], "rtl" if level % 2 else "ltr")
            divided.append(piece._replace(start=start, end=end, style=style))
            start = end
    paragraph.pieces = divided


def _divide_into_letters(paragraph: Paragraph, style: Any) -> None:
    """Make each letter of Chinese, Japanese and Korean a word, with a gap to the next."""
    language = style["lang"]
    is_own = bool(language) and is_east_asian(language)
    if not is_own and _EAST_ASIAN_LETTER.search(paragraph.text) is None:
        return
    paragraph.token = _EAST_ASIAN_TOKEN[is_own]
    gaps = gaps_of(paragraph.text, paragraph.token, language, style["font_size"])
    joined = {
        position
        for position, gap in gaps.items()
        if gap.may_end and not paragraph.wraps_at(position)
    }
    paragraph.gaps = {
        position: gap._replace(may_end=False) if position in joined else gap
        for position, gap in gaps.items()
    }


class _Reader:
    """The reading of a line box into a paragraph."""

    def __init__(
        self,
        paragraph: Paragraph,
        containing_block: Any,
        measure_object: Callable[[Any], float],
    ) -> None:
        self._paragraph, self._containing_block = paragraph, containing_block
        self._measure_object = measure_object

    def read_children(self, parent: Any, path: Path) -> None:
        """Read the boxes inside a line box or an inline box."""
        paragraph = self._paragraph
        first = len(paragraph.text)
        if parent.style["white_space"] == "nowrap":
            paragraph.kept_whole.add(path)
        for index, child in enumerate(parent.children):
            own = (*path, index)
            start = len(paragraph.text)
            inline.resolve_percentages(child, self._containing_block)
            if not child.is_in_normal_flow():
                self._read_out_of_flow(child, own)
            elif isinstance(child, boxes.TextBox):
                self._read_text(child, own)
            elif type(child) is boxes.InlineBox:
                self._read_inline(child, own)
            elif isinstance(child, boxes.AtomicInlineLevelBox):
                width_px = self._measure_object(child)
                wraps = child.style["white_space"] != "nowrap"
                paragraph.pieces.append(Piece(own, start, start + 1, None, width_px, wraps))
                paragraph.text += OBJECT
                paragraph.leaves.append(own)
            else:
                raise EngineOnlyError(type(child).__name__)
            paragraph.spans[own] = (start, len(paragraph.text))
        paragraph.spans[path] = (first, len(paragraph.text))
        ends = [paragraph.spans[*path, index][1] for index in range(len(parent.children))]
        paragraph.child_ends[path] = ends

    def _read_out_of_flow(self, box: Any, path: Path) -> None:
        if not (box.is_running() or box.is_note()):
            self._paragraph.unplaceable.append(len(self._paragraph.text))
        self._paragraph.leaves.append(path)

    def _read_text(self, box: Any, path: Path) -> None:
        style, text, paragraph = box.style, box.text, self._paragraph
        if style["white_space"] not in _SPACES_COLLAPSE and text.strip(NEWLINE):
            raise EngineOnlyError("white space that is kept")
        if style["font_size"] == 0:
            raise EngineOnlyError("text without a size")
        _check_letters(text)
        start = len(paragraph.text)
        own = text_style(style, "rtl" if style["direction"] == "rtl" else "")
        paragraph.styles[path] = style
        piece = Piece(path, start, start + len(text), own, 0.0, own.wraps)
        paragraph.pieces.append(piece)
        paragraph.text += text
        paragraph.leaves.append(path)

    def _read_inline(self, box: Any, path: Path) -> None:
        if box.is_leader:
            raise EngineOnlyError("a leader")
        for side in ("margin_left", "margin_right"):
            if getattr(box, side) == "auto":
                setattr(box, side, 0)
        paragraph = self._paragraph
        left_px = box.margin_left + box.border_left_width + box.padding_left
        right_px = box.margin_right + box.border_right_width + box.padding_right
        if box.style["box_decoration_break"] == "clone" and (left_px or right_px):
            raise EngineOnlyError("borders repeated on each line")
        start = len(paragraph.text)
        if left_px:
            paragraph.edges.append(Edge(start, left_px, is_start=True))
        if box.children:
            self.read_children(box, path)
        else:
            paragraph.leaves.append(path)
        end = len(paragraph.text)
        if direction := _isolated(box):
            paragraph.isolates.append(Isolate(start, end, direction))
        if right_px:
            paragraph.edges.append(Edge(end, right_px, is_start=False))
        text = paragraph.text[start:end]
        if (left_px and text[:1] in _NO_TEXT) or (right_px and text[-1:] in _NO_TEXT):
            raise EngineOnlyError("a space at the edge of a border")


def _isolated(box: Any) -> str:
    """Return the direction of a box that stands apart from the text around it; else nothing."""
    if box.element_tag.endswith(_NOTE_CALL):
        return "ltr"
    if "::" in box.element_tag or box.element is None:
        return ""
    own: str = box.element.get("dir") or ""
    return own or ("auto" if box.element_tag == "bdi" else "")


def _check_letters(text: str) -> None:
    letter = _LEFT_TO_ENGINE.search(text)
    if letter is None:
        return
    if letter["control"]:
        raise EngineOnlyError("a control character")
    raise EngineOnlyError("pictures, or letters of a rare script")
