"""The drawing of a line's text, shaped before: one TJ operator for each font and baseline."""

from __future__ import annotations

from typing import Any

from makeready.engine.lines.shape import SPACES, TextStyle, Word

_EM_THOUSANDTHS = 1000
_NO_LETTER = "\u200d"
"""The text of a glyph that is a part of a letter only: it has to have one (ISO 14289-1, 7.21.7)."""

Item = Word | float
"""A word to draw, or a distance in pixels to move to the right."""


class SetText:
    """The text of one box in a line, where the engine keeps a Pango layout.

    ``scale`` widens the letters, and ``shift_px`` moves the text out of the measure.
    """

    __slots__ = ("items", "scale", "shift_px", "style", "text")

    first_line_direction = 0
    max_width = None

    def __init__(
        self, text: str, style: TextStyle, items: tuple[Item, ...], scale: float, shift_px: float
    ) -> None:
        self.text, self.style, self.items = text, style, items
        self.scale, self.shift_px = scale, shift_px

    @property
    def ascent(self) -> float:
        """The height of the font above the baseline."""
        return self.style.decoration.ascent

    @property
    def underline_position(self) -> float:
        """The top of an underline above the baseline, so mostly negative."""
        return self.style.decoration.underline_position

    @property
    def underline_thickness(self) -> float:
        """The thickness of an underline and of a line above."""
        return self.style.decoration.underline_thickness

    @property
    def strikethrough_position(self) -> float:
        """The top of a line through the text above the baseline."""
        return self.style.decoration.strikethrough_position

    @property
    def strikethrough_thickness(self) -> float:
        """The thickness of a line through the text."""
        return self.style.decoration.strikethrough_thickness

    def reactivate(self, style: Any) -> None:
        """Do nothing: the text is shaped."""

    def deactivate(self) -> None:
        """Do nothing: the fonts are kept with the style."""


def draw_text(stream: Any, textbox: Any, set_text: SetText, matrix: Any) -> None:
    """Draw the text of a box in a content stream, within its text object."""
    if not textbox.text.strip(SPACES):
        return
    *_, x, y = matrix.values
    stream.set_text_matrix(set_text.scale, 0, 0, -1, x + set_text.shift_px, y)
    writer = _Writer(stream, set_text.style.size_px)
    thousandths = _EM_THOUSANDTHS / set_text.scale / set_text.style.size_px
    # Most spaces of a line are of one width.
    moves: dict[float, str] = {}
    for item in set_text.items:
        if isinstance(item, Word):
            writer.add(item)
        else:
            move = moves.get(item)
            if move is None:
                move = moves[item] = f">{-round(item * thousandths, 2):g}<"
            writer.move(move)
    writer.end()


class _Writer:
    """The writing of glyphs that follow each other, with as few operators as can be."""

    def __init__(self, stream: Any, size_px: float) -> None:
        self._stream, self._size_px = stream, size_px
        self._font: Any = None
        self._rise_px = 0.0
        self._operand: list[str] = []

    def add(self, word: Word) -> None:
        """Draw a word."""
        for run in word.runs:
            if run.font is not self._font or run.rise_px != self._rise_px:
                self._change(run.font, run.rise_px)
            self._operand.append(run.operand)
            known = self._known
            if id(run) not in known:
                known[id(run)] = run
                widths, to_unicode = self._pdf_font.widths, self._pdf_font.to_unicode
                for glyph, text, width in run.glyphs:
                    widths.setdefault(glyph, width)
                    if text and to_unicode.get(glyph, _NO_LETTER) == _NO_LETTER:
                        to_unicode[glyph] = text
                    else:
                        to_unicode.setdefault(glyph, _NO_LETTER)

    def move(self, operand: str) -> None:
        """Move to the side, with an operand of TJ."""
        self._operand.append(operand)

    def end(self) -> None:
        """Write what has been drawn."""
        text = f"<{''.join(self._operand)}>".replace("<>", " ").strip()
        if text:
            self._stream.show_text(text)
        self._operand.clear()
        if self._rise_px:
            self._stream.set_text_rise(0)
            self._rise_px = 0.0

    def _change(self, font: Any, rise_px: float) -> None:
        if self._font is not None:
            # Moves before the first word are written in its font.
            self.end()
        self._pdf_font, _ = self._stream.add_font(font)
        # The words that a font's glyphs are known of, so that each is looked at once.
        self._known = vars(self._pdf_font).setdefault("known_runs", {})
        if font is not self._font:
            self._stream.set_font_size(self._pdf_font.hash, self._size_px)
        if rise_px:
            self._stream.set_text_rise(rise_px)
        self._font, self._rise_px = font, rise_px
