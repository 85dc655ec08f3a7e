"""Company for a paragraph's last word, wherever the lines above can spare it a word.

The engine fills one line after the other, so that a last word often stands alone on its line.
Where that is about to happen the line above gives up its own last word and is set once more; if
that would space it far apart, the line before it gives one up first. There are as many lines as
before, and the pages are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

_BLOCKS = frozenset({"p", "li", "dd", "figcaption"})
_NO_BREAK = "\u00a0"
_MUCH = 200
_LEAST_SPACES = 2
_WIDEST_EM = ((6, 0.45), (8, 0.35))
"""Up to so many letters a last word is worth so much space.

It may be added to each word space of the line above, which is about a quarter of an em itself.
A word of six letters is hardly wider than the indent of the next paragraph.
"""

_WIDEST_BEFORE_LONG_EM = 0.1
"""A long word fills enough of its line to stand alone, unless company costs next to nothing."""

_ABOUT_A_LINE = (0.8, 1.5)
"""How long the rest of a paragraph is, in lines, for its end to be looked at ahead of time."""

_Place = Mapping[int, Any]
_Line = tuple[Any, _Place | None]


@contextmanager
def runt_control() -> Iterator[None]:
    """Have the engine set paragraphs in this way for as long as the context lasts."""
    next_line = inline.get_next_linebox

    def with_company(context: Any, paragraph: Any, *where: Any) -> _Line:
        where_in = _Where(*where)
        setter = _Setter(next_line, context, paragraph)
        if paragraph.element_tag not in _BLOCKS or where_in.first_letter_style:
            return setter.set_line(where_in)
        return setter.line(where_in)

    inline.get_next_linebox = with_company
    try:
        yield
    finally:
        inline.get_next_linebox = next_line


class _Where(NamedTuple):
    """What the engine is told of where a line stands: its height, its block, what stands apart."""

    position_y: float
    bottom_space: float
    place: _Place | None
    block: Any
    absolutes: list[Any]
    fixed: list[Any]
    first_letter_style: Any = None
    first_line_style: Any = None

    def below(self, line: Any, place: _Place | None) -> _Where:
        """Return where the line after a line stands."""
        below_y = line.position_y + line.height
        return self._replace(position_y=below_y, place=place, first_line_style=None)


class _Rest(NamedTuple):
    """What is left of a paragraph: its text, and the space before it, by box and index."""

    text: str
    box: Any
    at: int

    @property
    def is_lone(self) -> bool:
        """Whether it is one word, which a space comes before."""
        return self.box is not None and len(self.text.split()) == 1

    @property
    def widest_em(self) -> float:
        """How far the words above may be spaced for this last word to have company."""
        widest = (em for letters, em in _WIDEST_EM if len(self.text.strip()) <= letters)
        return next(widest, _WIDEST_BEFORE_LONG_EM)


@dataclass
class _Setter:
    """Sets a line of a paragraph by the engine's own means."""

    next_line: Any
    context: Any
    paragraph: Any
    _bound: list[tuple[Any, str]] = field(default_factory=list)

    def set_line(self, where: _Where) -> _Line:
        """Set a line as the engine does, which indents the first alone."""
        indent = self.paragraph.text_indent
        if where.place is not None:
            self.paragraph.text_indent = 0
        line: _Line = self.next_line(self.context, self.paragraph, *where)
        self.paragraph.text_indent = indent
        return line

    def line(self, where: _Where) -> _Line:
        """Set a line, whose last word may go to the next one."""
        apart = self._apart(where)
        first = self.set_line(where)
        rest = _rest(self.paragraph, first[1])
        # What stands beside the text has been placed, and must not be placed twice.
        if rest is None or apart != self._apart(where):
            return first
        if rest.is_lone:
            return self._shortened(rest, where, rest.widest_em) or first
        least, most = (share * _letters(first[0]) for share in _ABOUT_A_LINE)
        if not least <= len(rest.text) <= most:
            return first
        return self._shortened_early(first, rest, where) or first

    def _shortened_early(self, first: _Line, rest: _Rest, where: _Where) -> _Line | None:
        """Set a line again without its last word where only that spares the last line a lone one.

        None where all is well as it is, or where a line would be spaced farther than both are.
        """
        below, following, last = self._below(first, where)
        if last is None or self._shortened(last, below, last.widest_em):
            return None
        widest_em = max(last.widest_em, _spacing_em(first[0]), _spacing_em(following[0]))
        marks = len(self._bound)
        shorter = self._shortened(rest, where, widest_em)
        if shorter is not None:
            below, _, last = self._below(shorter, where)
            if last is None or self._shortened(last, below, widest_em):
                return shorter
        self._unbind(marks)
        return None

    def _apart(self, where: _Where) -> tuple[int, ...]:
        return len(where.absolutes), len(where.fixed), len(self.context.excluded_shapes)

    def _shortened(self, rest: _Rest, where: _Where, widest_em: float) -> _Line | None:
        """Set a line again without its last word; None, and all as before, if it is spaced far."""
        if rest.box is None:
            return None
        marks = len(self._bound)
        text = rest.box.text
        self._bound.append((rest.box, text))
        rest.box.text = f"{text[: rest.at]}{_NO_BREAK}{text[rest.at + 1 :]}"
        line = self.set_line(where)
        if line[1] is not None and _spacing_em(line[0]) <= widest_em:
            return line
        self._unbind(marks)
        return None

    def _below(self, line: _Line, where: _Where) -> tuple[_Where, _Line, _Rest | None]:
        """Set the line after a line; the last value is the lone word that it leaves, if it does."""
        below = where.below(*line)
        following = self.set_line(below)
        rest = _rest(self.paragraph, following[1])
        return below, following, rest if rest is not None and rest.is_lone else None

    def _unbind(self, marks: int) -> None:
        while len(self._bound) > marks:
            box, text = self._bound.pop()
            box.text = text


def _rest(paragraph: Any, place: _Place | None) -> _Rest | None:
    """Return what is left of a paragraph from a place on; None if that is nothing, or much.

    None too where lines are broken by force, or where there is more than text.
    """
    if place is None:
        return None
    box, start = paragraph, 0
    inner: _Place | None = place
    while inner is not None:
        ((index, inner),) = inner.items()
        if isinstance(box, boxes.TextBox):
            start = index
        else:
            box = box.children[index]
    if isinstance(box, boxes.TextBox) and len(box.text) - start > _MUCH:
        return None
    before: tuple[Any, str] = (None, "")
    left = ""
    reached = False
    for part in paragraph.descendants():
        reached = reached or part is box
        if reached and isinstance(part, boxes.AtomicInlineLevelBox):
            return None
        if not isinstance(part, boxes.TextBox):
            continue
        if not reached:
            passed, ahead = part.text, ""
        else:
            passed, ahead = _parted(part.text, start if part is box else 0)
        before = (part, passed) if passed else before
        left += ahead
        if "\n" in part.text or len(left) > _MUCH:
            return None
    holder, text = before
    return _Rest(left, holder if text.endswith(" ") else None, len(text) - 1)


def _parted(text: str, octets: int) -> tuple[str, str]:
    whole = text.encode()
    return whole[:octets].decode(), whole[octets:].decode()


def _letters(line: Any) -> int:
    return sum(len(box.text) for box in line.descendants() if isinstance(box, boxes.TextBox))


def _spacing_em(line: Any) -> float:
    """Return how much is added to the word spaces of a line; infinity where it keeps too few."""
    texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
    if sum(box.text.count(" ") for box in texts) < _LEAST_SPACES:
        return inf
    return max(float(box.justification_spacing / box.style["font_size"]) for box in texts)
