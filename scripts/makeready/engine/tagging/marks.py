"""The marks in content streams: content and artifacts, spaces, and soft hyphens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
import weasyprint.draw.text as engine_text
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import FROM_UNITS
from weasyprint.text.line_break import create_layout

from makeready.engine.lines.line_ends import LineEnd, line_end_of
from makeready.engine.replaced_functions import replaced
from makeready.engine.tagging.content import MarkedContent
from makeready.engine.tagging.second_codes import SecondCodes

_LAYOUT = pydyf.Dictionary({"Type": "/Layout"})
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z0-9\u00c0-\u058f]")
_SPACES = " \u00a0\t"
_EM_THOUSANDTHS = 1000


@contextmanager
def content_marked(codes: SecondCodes | None) -> Iterator[None]:
    """Have what is drawn marked as `makeready.engine.tagging.boxes` has read it."""
    original = engine_text.draw_first_line
    spaces = _Spaces()

    @contextmanager
    def marked(self: Any, box: Any, _tag: str) -> Iterator[None]:
        tagged = vars(box).get("tagged")
        if tagged is None and isinstance(box, boxes.TextBox):
            # It has no text.
            yield
            return
        if isinstance(tagged, MarkedContent) and tagged.mcid is None:
            tagged.mcid, tagged.stream = len(self._tags), self
            self._tags[tagged] = box
            self.begin_marked_content("Span", pydyf.Dictionary({"MCID": tagged.mcid}))
        else:
            properties = tagged if isinstance(tagged, pydyf.Dictionary) else _LAYOUT
            self.begin_marked_content("Artifact", properties)
        self.is_in_content = True
        is_reversed = isinstance(box, boxes.TextBox) and _is_right_to_left(box.text)
        if is_reversed:
            # Its letters are drawn from left to right (ISO 32000-1, 14.8.2.3.3). PDFium turns the
            # letters of an ActualText round, which would say the same.
            self.begin_marked_content("ReversedChars")
        try:
            yield
        finally:
            self.is_in_content = False
            if is_reversed:
                self.end_marked_content()
            self.end_marked_content()

    @contextmanager
    def artifact(self: Any) -> Iterator[None]:
        # Lines under and through a text belong to it (ISO 14289-1, 7.1).
        if vars(self).get("is_in_content"):
            yield
            return
        self.begin_marked_content("Artifact", _LAYOUT)
        try:
            yield
        finally:
            self.end_marked_content()

    def draw_first_line(stream: Any, textbox: Any, *rest: Any) -> Any:
        line_end = line_end_of(textbox)
        first = len(stream.stream)
        pictures = original(stream, textbox, *rest)
        if not textbox.text.strip():
            spaces.draw_alone(stream, textbox, rest[-1])
            return pictures
        if line_end is LineEnd.HYPHEN and codes is not None:
            codes.soften_hyphen(stream, first)
        elif line_end is LineEnd.SPACE and not textbox.text[-1:].isspace():
            if _is_right_to_left(textbox.text):
                spaces.draw_left_of(stream, textbox, rest[-1])
            else:
                spaces.draw(stream, textbox.style, 1)
        return pictures

    with (
        replaced(engine_text, draw_first_line=draw_first_line),
        replaced(Stream, marked=marked, artifact=artifact),
    ):
        yield


def _is_right_to_left(text: str) -> bool:
    """Whether a text is written from right to left, and nothing in it from left to right."""
    return _RIGHT_TO_LEFT.search(text) is not None and _LEFT_TO_RIGHT.search(text) is None


@dataclass
class _Spaces:
    """The drawing of spaces where the engine has none: words are parted by nothing else."""

    _known: dict[int, tuple[str, float, str]] = field(default_factory=dict)

    def draw_alone(self, stream: Any, textbox: Any, matrix: Any) -> None:
        """Draw the spaces of a text that has nothing else."""
        count = sum(letter in _SPACES for letter in textbox.text)
        if count:
            stream.set_text_matrix(*matrix.values)
            self.draw(stream, textbox.style, count)

    def draw_left_of(self, stream: Any, textbox: Any, matrix: Any) -> None:
        """Draw a space at the left of a text, which ends there."""
        *scale, x, y = matrix.values
        stream.set_text_matrix(*scale, x - textbox.style["font_size"] / 4, y)
        self.draw(stream, textbox.style, 1)

    def draw(self, stream: Any, style: Any, count: int) -> None:
        """Draw spaces in a style, at the end of the text drawn so far."""
        known = self._known.get(id(style))
        if known is None:
            known = self._known[id(style)] = _space(stream, style)
        name, size, glyph = known
        if glyph:
            stream.set_font_size(name, size)
            stream.show_text(f"<{glyph * count}>")


def _space(stream: Any, style: Any) -> tuple[str, float, str]:
    """Return the name and the size of a style's font, and its space as hexadecimal digits."""
    layout = create_layout(" ", style, None, None, 0)
    line, _ = layout.get_first_line()
    item = line.runs[0].data
    font, size = stream.add_font(item.item.analysis.font)
    if font.bitmap:
        return font.hash, size, ""
    info = item.glyphs.glyphs[0]
    width = info.geometry.width * FROM_UNITS * _EM_THOUSANDTHS / style["font_size"]
    font.widths.setdefault(info.glyph, round(width))
    font.to_unicode[info.glyph] = " "
    return font.hash, size, f"{info.glyph:04x}"
