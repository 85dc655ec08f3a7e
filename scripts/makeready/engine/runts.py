"""Runt control: a paragraph's last word is not left alone on its line where lines can prevent it.

The engine fills one line after the other, so that a last word often stands alone on its line: a
*runt*. Where that is about to happen the line above gives up its own last word and is typeset
again; if that would space it too widely, the line before it gives one up first. A paragraph
keeps its number of lines, so pages stay the same.

The engine has neither ``text-wrap: pretty`` nor line breaking over a whole paragraph; no upstream
issue known. Once it has, this module can go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from makeready.engine.replaced_functions import replaced

_ELEMENTS = frozenset({"p", "li", "dd", "figcaption"})
_NO_BREAK_SPACE = "\u00a0"
_LONGEST_REMAINDER = 200
_LEAST_SPACES = 2
_WIDEST_EM = ((6, 0.45), (8, 0.35))
"""The most space, in ems, that may be added to each word space for a last word of so many letters.

A word space itself is about a quarter of an em. A word of up to six letters is hardly wider than
the indent of the next paragraph.
"""

_WIDEST_FOR_LONGER_EM = 0.1
"""The same for a longer word, which fills enough of its line to stand alone."""

_LOOKAHEAD_LINES = (0.8, 1.5)
"""The lengths of the remainder of a paragraph, in lines, between which lines are tried out."""

_SkipStack = Mapping[int, Any]
"""The engine's position in a box tree: the index of a child, and the position in that child."""

_Line = tuple[Any, _SkipStack | None]
"""A line box and the position after it, None at the end of the paragraph."""


@contextmanager
def runt_control() -> Iterator[None]:
    """Have the engine avoid runts for as long as the context lasts."""
    original = inline.get_next_linebox

    def get_next_linebox(context: Any, paragraph: Any, *arguments: Any) -> _Line:
        start = _LineStart(*arguments)
        typesetter = _LineTypesetter(original, context, paragraph)
        if paragraph.element_tag not in _ELEMENTS or start.first_letter_style:
            return typesetter.typeset(start)
        return typesetter.typeset_without_runt(start)

    with replaced(inline, get_next_linebox=get_next_linebox):
        yield


class _LineStart(NamedTuple):
    """The arguments of ``get_next_linebox`` that say where a line begins."""

    position_y: float
    bottom_space: float
    skip_stack: _SkipStack | None
    containing_block: Any
    absolute_boxes: list[Any]
    fixed_boxes: list[Any]
    first_letter_style: Any = None
    first_line_style: Any = None

    def after(self, line: Any, skip_stack: _SkipStack | None) -> _LineStart:
        """Return where the line after a line begins."""
        position_y = line.position_y + line.height
        return self._replace(position_y=position_y, skip_stack=skip_stack, first_line_style=None)


class _Remainder(NamedTuple):
    """The text of a paragraph after a line.

    The space before it is the character ``space_index`` of the text box ``box``; ``box`` is None
    if no space comes before it.
    """

    text: str
    box: Any
    space_index: int

    @property
    def is_runt(self) -> bool:
        """Whether it is one word with a space before it."""
        return self.box is not None and len(self.text.split()) == 1

    @property
    def widest_em(self) -> float:
        """The most space that may be added to each word space of the line above."""
        widest = (em for letters, em in _WIDEST_EM if len(self.text.strip()) <= letters)
        return next(widest, _WIDEST_FOR_LONGER_EM)


@dataclass
class _LineTypesetter:
    """The lines of one paragraph, typeset by the engine's original function.

    To move a line's last word to the next one, the space before it is made a no-break space.
    """

    get_next_linebox: Any
    context: Any
    paragraph: Any
    _changed_texts: list[tuple[Any, str]] = field(default_factory=list)
    """Text boxes with a no-break space, and their texts before."""

    def typeset(self, start: _LineStart) -> _Line:
        """Typeset a line as the engine does."""
        # The engine's `iter_line_boxes` clears the indent after a paragraph's first line; a line
        # that is tried out ahead of time must not have it either.
        indent = self.paragraph.text_indent
        if start.skip_stack is not None:
            self.paragraph.text_indent = 0
        line: _Line = self.get_next_linebox(self.context, self.paragraph, *start)
        self.paragraph.text_indent = indent
        return line

    def typeset_without_runt(self, start: _LineStart) -> _Line:
        """Typeset a line, without its last word if that is what spares the paragraph a runt."""
        before = self._out_of_flow_counts(start)
        line = self.typeset(start)
        remainder = _remainder(self.paragraph, line[1])
        # Floats and positioned boxes in the line have been placed, and would be placed twice.
        if remainder is None or before != self._out_of_flow_counts(start):
            return line
        if remainder.is_runt:
            return self._without_last_word(remainder, start, remainder.widest_em) or line
        least, most = (lines * _letter_count(line[0]) for lines in _LOOKAHEAD_LINES)
        if not least <= len(remainder.text) <= most:
            return line
        return self._shortened_ahead(line, remainder, start) or line

    def _shortened_ahead(
        self, line: _Line, remainder: _Remainder, start: _LineStart
    ) -> _Line | None:
        """Typeset the last line but two without its last word, where only that prevents a runt.

        None where the paragraph has no runt, or where a line would be spaced more widely than
        both lines are now.
        """
        next_start, next_line, runt = self._look_ahead(line, start)
        if runt is None or self._without_last_word(runt, next_start, runt.widest_em):
            return None
        widest_em = max(runt.widest_em, _added_space_em(line[0]), _added_space_em(next_line[0]))
        changes = len(self._changed_texts)
        shorter = self._without_last_word(remainder, start, widest_em)
        if shorter is not None:
            next_start, _, runt = self._look_ahead(shorter, start)
            if runt is None or self._without_last_word(runt, next_start, widest_em):
                return shorter
        self._undo(changes)
        return None

    def _out_of_flow_counts(self, start: _LineStart) -> tuple[int, ...]:
        excluded_shapes = self.context.excluded_shapes
        return len(start.absolute_boxes), len(start.fixed_boxes), len(excluded_shapes)

    def _without_last_word(
        self, remainder: _Remainder, start: _LineStart, widest_em: float
    ) -> _Line | None:
        """Typeset a line again without its last word, which joins the remainder after it.

        None, and no text changed, if that adds more than ``widest_em`` to its word spaces.
        """
        if remainder.box is None:
            return None
        changes = len(self._changed_texts)
        text, index = remainder.box.text, remainder.space_index
        self._changed_texts.append((remainder.box, text))
        remainder.box.text = f"{text[:index]}{_NO_BREAK_SPACE}{text[index + 1 :]}"
        line = self.typeset(start)
        if line[1] is not None and _added_space_em(line[0]) <= widest_em:
            return line
        self._undo(changes)
        return None

    def _look_ahead(
        self, line: _Line, start: _LineStart
    ) -> tuple[_LineStart, _Line, _Remainder | None]:
        """Typeset the line after a line; return its start, itself, and the runt it leaves."""
        next_start = start.after(*line)
        next_line = self.typeset(next_start)
        remainder = _remainder(self.paragraph, next_line[1])
        return next_start, next_line, remainder if remainder and remainder.is_runt else None

    def _undo(self, changes: int) -> None:
        """Undo all changes of text but the first ``changes``."""
        while len(self._changed_texts) > changes:
            box, text = self._changed_texts.pop()
            box.text = text


def _remainder(paragraph: Any, skip_stack: _SkipStack | None) -> _Remainder | None:
    """Return what a paragraph has from a position on.

    None at its end, where the remainder is long, has a forced line break, or contains anything
    but text.
    """
    if skip_stack is None:
        return None
    box, start = paragraph, 0
    inner: _SkipStack | None = skip_stack
    while inner is not None:
        ((index, inner),) = inner.items()
        if isinstance(box, boxes.TextBox):
            start = index
        else:
            box = box.children[index]
    if isinstance(box, boxes.TextBox) and len(box.text) - start > _LONGEST_REMAINDER:
        return None
    last_before: tuple[Any, str] = (None, "")
    remaining = ""
    reached = False
    for child in paragraph.descendants():
        reached = reached or child is box
        if reached and isinstance(child, boxes.AtomicInlineLevelBox):
            return None
        if not isinstance(child, boxes.TextBox):
            continue
        if not reached:
            before, after = child.text, ""
        else:
            before, after = _split_at_byte(child.text, start if child is box else 0)
        last_before = (child, before) if before else last_before
        remaining += after
        if "\n" in child.text or len(remaining) > _LONGEST_REMAINDER:
            return None
    text_box, text = last_before
    return _Remainder(remaining, text_box if text.endswith(" ") else None, len(text) - 1)


def _split_at_byte(text: str, index: int) -> tuple[str, str]:
    """Split a text at an index into its UTF-8 bytes, which is how the engine counts."""
    content = text.encode()
    return content[:index].decode(), content[index:].decode()


def _letter_count(line: Any) -> int:
    return sum(len(box.text) for box in line.descendants() if isinstance(box, boxes.TextBox))


def _added_space_em(line: Any) -> float:
    """Return what is added to the word spaces of a line, infinity where it has too few of them."""
    texts = [box for box in line.descendants() if isinstance(box, boxes.TextBox)]
    if sum(box.text.count(" ") for box in texts) < _LEAST_SPACES:
        return inf
    return max(float(box.justification_spacing / box.style["font_size"]) for box in texts)
