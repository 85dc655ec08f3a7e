"""What the engine finds out again and again about its texts, found out once.

It makes a Pango context, a font description and a list of features anew for each line it tries
and for each it draws; a style's are always the same, and so is the height of its lines. It asks
where the same few letters can be broken, too, thousands of times.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import weasyprint.draw.text as drawing
import weasyprint.layout.inline as lines
import weasyprint.text.line_break as breaks
from weasyprint.formatting_structure import boxes
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout

_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)


_TEXTS = 4096
_BREAKS = {
    name: lru_cache(_TEXTS)(getattr(breaks, name))
    for name in (
        "get_next_break_point_from_text",
        "get_next_word_boundaries",
        "get_last_word_end",
    )
}


_SIDES = ("top", "right", "bottom", "left")
_LEASTS = ("min_width", "min_height")
_LENGTHS = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    *("width", "height", "max_width", "max_height"),
    *_LEASTS,
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_IN_LINES = frozenset({boxes.TextBox, boxes.InlineBox, boxes.LineBox})


@dataclass(frozen=True, slots=True)
class _Context:
    """Pango's objects for one style; ``features`` is None where it asks for none."""

    context: Any
    language: Any
    description: Any
    features: Any


@contextmanager
def cached_text_layout() -> Iterator[None]:
    """Have the engine keep what it has found out for as long as the context lasts."""
    set_up, strut, resolve = Layout.setup, lines.strut, lines.resolve_percentages
    asked = {name: getattr(breaks, name) for name in _BREAKS}

    def set_up_once(self: Any, style: Any) -> None:
        underlined = style["text_decoration_line"] != "none"
        if underlined or style["font_language_override"] != "normal":
            set_up(self, style)
            return
        kept: _Context | None = getattr(style, "text_context", None)
        if kept is None:
            kept = style.text_context = _context_of(style)
        _begin(self, style, kept)

    def strut_once(style: Any) -> tuple[float, float]:
        kept: tuple[float, float] | None = getattr(style, "line_strut", None)
        if kept is None:
            kept = style.line_strut = strut(style)
        return kept

    def resolve_once(box: Any, containing_block: Any) -> None:
        kept = _used_lengths(box.style) if type(box) in _IN_LINES else {}
        if kept:
            vars(box).update(kept)
        else:
            resolve(box, containing_block)

    Layout.setup, lines.strut, lines.resolve_percentages = set_up_once, strut_once, resolve_once
    for name, kept in _BREAKS.items():
        setattr(breaks, name, kept)
    drawing.get_last_word_end = breaks.get_last_word_end
    try:
        yield
    finally:
        Layout.setup, lines.strut, lines.resolve_percentages = set_up, strut, resolve
        for name, function in asked.items():
            setattr(breaks, name, function)
        drawing.get_last_word_end = breaks.get_last_word_end


def _used_lengths(style: Any) -> dict[str, Any]:
    """Return the lengths of what stands in a line; none where they hang on what it stands in."""
    kept: dict[str, Any] | None = getattr(style, "used_lengths", None)
    if kept is None:
        kept = style.used_lengths = _lengths_of(style)
    return kept


def _lengths_of(style: Any) -> dict[str, Any]:
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return {}
    lengths = {name: style[name] for name in _BORDERS}
    for name in _LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if value and name in _LEASTS else value
        elif getattr(value, "unit", "") == "px":
            lengths[name] = value.value
        else:
            return {}
    return lengths


def _context_of(style: Any) -> _Context:
    """Make what a style's texts are shaped with, as the engine does."""
    fonts = style.font_config
    context = ffi.gc(pango.pango_font_map_create_context(fonts.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    language = pango.pango_language_get_default()
    if style["lang"]:
        name, _ = unicode_to_char_p(style["lang"])
        language = pango.pango_language_from_string(name)
        pango.pango_context_set_language(context, language)
    features = None
    asked = font_features(*(style[name] for name in _FEATURES))
    if asked:
        text = ",".join(f"{key} {value}" for key, value in asked.items()).encode()
        features = fonts.font_features.get(text)
        if features is None:
            features = fonts.font_features[text] = pango.pango_attr_font_features_new(text)
    return _Context(context, language, get_font_description(style), features)


def _begin(layout: Any, style: Any, kept: _Context) -> None:
    """Begin a text: what the engine's own set-up leaves behind."""
    layout.style = style
    layout.language = kept.language
    layout.first_line_direction = 0
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(kept.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, kept.description)
    if kept.features is not None:
        # A text adds its spacing to the list: each has one of its own.
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, kept.features)
        pango.pango_layout_set_attributes(layout.layout, attributes)
