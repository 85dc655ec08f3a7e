"""Words shaped once for each style, with what is needed to measure and to draw them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from weasyprint.text.ffi import FROM_UNITS, ffi, harfbuzz, pango
from weasyprint.text.fonts import get_pango_font_hb_face
from weasyprint.text.line_break import Layout, create_layout, line_size, strut

from makeready.book.writing import is_east_asian
from makeready.engine.lines.east_asian import empty_half
from makeready.engine.lines.hanging import hanging_share
from makeready.engine.lines.rtl_glyphs import rtl_glyph_texts

SPACE = " "
NO_BREAK_SPACE = "\u00a0"
SPACES = SPACE + NO_BREAK_SPACE
"""The spaces that are stretched to fill a line."""

SOFT_HYPHEN = "\u00ad"

_OVERRIDES = {"ltr": "\u202d", "rtl": "\u202e"}
_END_OF_OVERRIDE = "\u202c"
_MARKS = {*_OVERRIDES.values(), _END_OF_OVERRIDE}
"""Marks that set all letters between them in one direction."""

_EM_THOUSANDTHS = 1000
_GLYPH_INFO = struct.Struct("=IiiiI")
"""Pango's ``PangoGlyphInfo``: the glyph, its width, its offsets, and a flag."""

_WITHOUT_LIGATURES = (("liga", 0), ("clig", 0), ("dlig", 0))
_KERNED_WITH_SPACE = "AFLPTVWYafkrtvwy.,’”“‘"
"""Letters that a font kerns against a space, if it kerns any."""

_STYLE_PROPERTIES = (
    "font_family",
    "font_style",
    "font_stretch",
    "font_weight",
    "font_size",
    "line_height",
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
    "font_variation_settings",
    "font_language_override",
    "letter_spacing",
    "word_spacing",
    "lang",
    "hyphens",
    "hyphenate_limit_chars",
    "hyphenate_character",
    "overflow_wrap",
    "white_space",
    "text_decoration_line",
)


class EngineOnlyError(Exception):
    """A paragraph has something that is left to the engine; the message says what."""


class GlyphRun:
    """Glyphs of one font on one baseline.

    ``font`` is the same object in all runs of a style with that font. ``operand`` is what stands
    between ``<`` and ``>`` in a TJ operator. ``glyphs`` are their ids, texts and widths in
    thousandths of an em. ``rise_px`` is their distance from the baseline.
    """

    __slots__ = ("font", "glyphs", "operand", "rise_px")

    def __init__(self, font: Any, rise_px: float) -> None:
        self.font, self.rise_px = font, rise_px
        self.operand = ""
        self.glyphs: list[tuple[int, str, int]] = []


class _Glyph(NamedTuple):
    """A glyph as it is drawn: its width in thousandths of an em, and its operand of TJ.

    The width is None for a glyph that is nothing but a space.
    """

    advance_px: float
    width: int | None
    operand: str


class Word:
    """A shaped word. Widths are in pixels; letterspacing stands after each letter.

    ``left_px`` and ``right_px`` are how far it hangs out of the measure at a line's edges;
    ``before_px`` and ``after_px`` what its font kerns against a space on that side.
    """

    __slots__ = ("after_px", "before_px", "left_px", "right_px", "runs", "text", "width_px")

    def __init__(self, text: str, runs: tuple[GlyphRun, ...], width_px: float) -> None:
        self.text, self.runs, self.width_px = text, runs, width_px
        self.before_px = self.after_px = 0.0
        self.left_px = self.right_px = 0.0


class TextStyle:
    """The fonts, features and heights of one style, and the words that were shaped in it.

    Lengths are in pixels. ``height_px`` is the height of the text and ``baseline_px`` its
    baseline from the top of the line; ``half_leading_px`` stands above and below the text.
    With a ``direction``, ``ltr`` or ``rtl``, all letters are set in that one.
    """

    def __init__(self, style: Any, direction: str = "") -> None:
        self.is_rtl = direction == "rtl"
        self._before = _OVERRIDES.get(direction, "")
        self._after = _END_OF_OVERRIDE if direction else ""
        self.size_px: float = style["font_size"]
        self.letter_spacing_px = _letter_spacing(style)
        self.language: str | None = style["lang"]
        self.hyphens: str = style["hyphens"]
        self.hyphen: str = style["hyphenate_character"]
        self.hyphen_limits: tuple[int, int, int] = tuple(style["hyphenate_limit_chars"])
        self.wraps = style["white_space"] != "nowrap"
        self.breaks_anywhere = style["overflow_wrap"] in ("anywhere", "break-word")
        # Kept, since its context and its fonts are those of the layout.
        self._shaped_style = _style_to_shape(style, letterspaced=bool(self.letter_spacing_px))
        self._layout = Layout(self._shaped_style)
        self.decoration = _DecorationMetrics(style)
        self._set_heights(style)
        self._words: dict[str, Word] = {}
        self._glyph_widths: dict[tuple[Any, int], int] = {}
        self._fonts: dict[Any, Any] = {}
        self._glyphs: dict[tuple[int, int, int, int, bool], _Glyph] = {}
        self._kerns_spaces = False
        self.space = self.shape(SPACE)
        self.space_px = self.space.width_px + style["word_spacing"]
        self.is_monospaced = self._width("i") == self._width("M")
        self.expands = not (self.is_monospaced or self.is_rtl or is_east_asian(self.language or ""))
        self._kerns_spaces = self._has_kerned_spaces()
        if self._kerns_spaces:
            self._words.clear()
        self.breaks: dict[str, Any] = {}

    def _set_heights(self, style: Any) -> None:
        layout = create_layout(SPACE, style, None, None, 0)
        line, _ = layout.get_first_line()
        _, self.height_px = line_size(line, style)
        text_baseline_px = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        self.half_leading_px = (strut(style)[0] - self.height_px) / 2
        self.baseline_px = text_baseline_px + self.half_leading_px

    def shape(self, text: str) -> Word:
        """Return a word, shaped; raises EngineOnlyError for what only the engine can draw."""
        word = self._words.get(text)
        if word is None:
            word = self._words[text] = self._shape(text)
        return word

    def _shape(self, text: str) -> Word:
        runs, width_px = self._glyph_runs(text.replace(SOFT_HYPHEN, ""))
        word = Word(text, runs, width_px)
        if runs and runs[0].glyphs and runs[-1].glyphs and not self.is_rtl:
            word.left_px = self._hanging_px(text[0], runs[0].glyphs[0][2], at_left=True)
            word.right_px = self._hanging_px(text[-1], runs[-1].glyphs[-1][2], at_left=False)
        if self._kerns_spaces and text != SPACE:
            own_px = self._width(SPACE) + self._width(text)
            word.before_px = self._width(SPACE + text) - own_px
            word.after_px = self._width(text + SPACE) - own_px
        return word

    def _hanging_px(self, letter: str, width: int, *, at_left: bool) -> float:
        """Return how far a letter at the edge of a line hangs out; its width is in thousandths."""
        width_em = width / _EM_THOUSANDTHS
        share = empty_half(letter, self.language, width_em, at_left=at_left)
        return (share or hanging_share(letter, at_left=at_left)) * width_em * self.size_px

    def _has_kerned_spaces(self) -> bool:
        space_px = self._width(SPACE)
        return any(
            abs(self._width(pair) - self._width(letter) - space_px) > FROM_UNITS
            for letter in _KERNED_WITH_SPACE
            for pair in (letter + SPACE, SPACE + letter)
        )

    def _width(self, text: str) -> float:
        self._layout.set_text(self._before + text + self._after)
        line, _ = self._layout.get_first_line()
        width_px, _ = line_size(line, self._shaped_style)
        return float(width_px)

    def _glyph_runs(self, text: str) -> tuple[tuple[GlyphRun, ...], float]:
        """Shape a text; return its glyphs and its width with its letterspacing, in pixels."""
        is_space = text.isspace()
        text = self._before + text + self._after
        self._layout.set_text(text)
        line, _ = self._layout.get_first_line()
        octets = text.encode()
        runs: list[GlyphRun] = []
        width_px = 0.0
        run = line.runs[0]
        while run != ffi.NULL:
            item, run = run.data, run.next
            own = octets[item.item.offset :][: item.item.length].decode()
            if own in _MARKS:
                continue
            # The engine declares the field with those after it as one number. A space at the end
            # of a line has the direction of the paragraph.
            is_rtl = bool(item.item.analysis.level & 1)
            if is_rtl is not self.is_rtl and not is_space:
                raise EngineOnlyError("text from right to left")
            width_px += self._add_item(runs, item, octets)
        return tuple(runs), width_px

    def _add_item(self, runs: list[GlyphRun], item: Any, octets: bytes) -> float:
        """Add the glyphs of one of Pango's items; return their width in pixels."""
        font = self._font(item.item.analysis.font)
        count = item.glyphs.num_glyphs
        clusters = ffi.unpack(item.glyphs.log_clusters, count)
        octets = octets[item.item.offset :][: item.item.length]
        # Attributes of C structures are slow to read one by one.
        infos = list(
            _GLYPH_INFO.iter_unpack(ffi.buffer(item.glyphs.glyphs, count * _GLYPH_INFO.size))
        )
        if self.is_rtl:
            texts = rtl_glyph_texts(octets, clusters, [info[1] for info in infos])
        else:
            texts = _glyph_texts(octets, clusters)
        total_px = 0.0
        for index, (glyph, width, x_offset, y_offset, _) in enumerate(infos):
            ends_cluster = index == count - 1 or clusters[index] != clusters[index + 1]
            key = id(font), glyph, width, x_offset, ends_cluster
            known = self._glyphs.get(key)
            if known is None:
                known = self._glyphs[key] = self._glyph(font, *key[1:])
            total_px += known.advance_px
            rise_px = -y_offset * FROM_UNITS
            if not runs or runs[-1].font is not font or runs[-1].rise_px != rise_px:
                runs.append(GlyphRun(font, rise_px))
            own = runs[-1]
            own.operand += known.operand
            if known.width is not None:
                own.glyphs.append((glyph, texts[index], known.width))
        return total_px

    def _glyph(
        self, font: Any, glyph: int, width: int, x_offset: int, ends_cluster: bool
    ) -> _Glyph:
        """Return a glyph as it is drawn, given the lengths that Pango has set it with."""
        thousandths = _EM_THOUSANDTHS / self.size_px
        advance_px = width * FROM_UNITS
        if ends_cluster:
            advance_px += self.letter_spacing_px
        if glyph == pango.PANGO_GLYPH_EMPTY:
            if not width and self._before:
                # The marks of the direction take no room.
                return _Glyph(0.0, None, "")
            return _Glyph(advance_px, None, _adjustment(-advance_px * thousandths))
        if glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
            raise EngineOnlyError("a letter without a glyph")
        own_width = self._glyph_width(font, glyph)
        offset_px = x_offset * FROM_UNITS
        before = _adjustment(-offset_px * thousandths)
        after = _adjustment(own_width - (advance_px - offset_px) * thousandths)
        return _Glyph(advance_px, own_width, f"{before}{glyph:04x}{after}")

    def _glyph_width(self, font: Any, glyph: int) -> int:
        """Return the width of a glyph in thousandths, rounded as the engine writes it."""
        width = self._glyph_widths.get((font, glyph))
        if width is None:
            extents = ffi.new("PangoRectangle *")
            pango.pango_font_get_glyph_extents(font, glyph, ffi.NULL, extents)
            width = round(extents.width * _EM_THOUSANDTHS * FROM_UNITS / self.size_px)
            self._glyph_widths[font, glyph] = width
        return width

    def _font(self, font: Any) -> Any:
        """Return the object that stands for a font, the glyphs of which are to be outlines."""
        known = self._fonts.get(font)
        if known is None:
            face = get_pango_font_hb_face(font)
            if (
                harfbuzz.hb_ot_color_has_png(face)
                or harfbuzz.hb_ot_color_has_svg(face)
                or harfbuzz.hb_ot_color_has_layers(face)
            ):
                raise EngineOnlyError("a font of pictures")
            known = self._fonts[font] = font
        return known


class _DecorationMetrics:
    """Where the engine draws the lines of a decoration, under, over or through a text."""

    def __init__(self, style: Any) -> None:
        layout = Layout(style)
        # The engine has these only for a style that is decorated.
        self.ascent: float = layout.ascent or 0.0
        self.underline_position: float = layout.underline_position or 0.0
        self.underline_thickness: float = getattr(layout, "underline_thickness", 0.0)
        self.strikethrough_position: float = layout.strikethrough_position or 0.0
        self.strikethrough_thickness: float = getattr(layout, "strikethrough_thickness", 0.0)


def text_style(style: Any, direction: str = "") -> TextStyle:
    """Return what a style is set with: one for all styles that are the same in text."""
    kept: dict[str, TextStyle] = vars(style).setdefault("text_style", {})
    found = kept.get(direction)
    if found is None:
        styles = vars(style.font_config).setdefault("text_styles", {})
        key = direction + str([style[name] for name in _STYLE_PROPERTIES])
        found = styles.get(key)
        if found is None:
            found = styles[key] = TextStyle(style, direction)
        kept[direction] = found
    return found


def _letter_spacing(style: Any) -> float:
    spacing = style["letter_spacing"]
    return 0.0 if spacing == "normal" else float(spacing)


def _style_to_shape(style: Any, *, letterspaced: bool) -> Any:
    """Return a style without the spacing that is added to what is shaped."""
    plain = style.copy()
    plain["letter_spacing"] = "normal"
    plain["word_spacing"] = 0
    plain["text_decoration_line"] = "none"
    if letterspaced:
        settings = plain["font_feature_settings"]
        known = () if settings == "normal" else tuple(settings)
        plain["font_feature_settings"] = (*_WITHOUT_LIGATURES, *known)
    return plain


def _glyph_texts(octets: bytes, clusters: Sequence[int]) -> list[str]:
    """Return the text of each glyph of one of Pango's items, for copying from the page.

    Of the glyphs of a cluster each has its letter if there are as many; else the first has all.
    """
    if octets.isascii() and clusters == list(range(len(octets))):
        return list(octets.decode())
    ends = dict(pairwise(sorted({*clusters, len(octets)})))
    texts: list[str] = []
    for cluster, glyphs in groupby(clusters):
        letters = octets[cluster : ends[cluster]].decode()
        number = len(list(glyphs))
        texts += letters if number == len(letters) else [letters, *[""] * (number - 1)]
    return texts


def _adjustment(thousandths: float) -> str:
    """Return a distance between two glyphs of a TJ operand; nothing if it is too small."""
    rounded = round(thousandths, 1)
    return f">{rounded:g}<" if rounded else ""
