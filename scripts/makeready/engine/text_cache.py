"""A cache of what the engine computes again for each line of text, which makes it faster.

For each line it tries, and again for each it draws, the engine creates a Pango context, a font
description and a list of font features, although those of a style are always the same, and so is
the height of its lines. It also looks up the break points of the same few words thousands of
times. Upstream: WeasyPrint #578 (open) and #1840 (a draft that would shape a paragraph once).
What upstream caches can go from here; no page changes by any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import weasyprint.draw.text as engine_drawing
import weasyprint.layout.inline as engine_inline
import weasyprint.text.line_break as engine_line_break
from weasyprint.formatting_structure import boxes
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features
from weasyprint.text.line_break import Layout

from makeready.engine.replaced_functions import replaced
from makeready.engine.small_capitals import description_without_variant

_FEATURE_PROPERTIES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)

_CACHED_TEXTS = 4096
_next_break_point = lru_cache(_CACHED_TEXTS)(engine_line_break.get_next_break_point_from_text)
_next_word_boundaries = lru_cache(_CACHED_TEXTS)(engine_line_break.get_next_word_boundaries)
_last_word_end = lru_cache(_CACHED_TEXTS)(engine_line_break.get_last_word_end)

_SIDES = ("top", "right", "bottom", "left")
_MINIMUMS = ("min_width", "min_height")
_LENGTHS = (
    *(f"margin_{side}" for side in _SIDES),
    *(f"padding_{side}" for side in _SIDES),
    *("width", "height", "max_width", "max_height"),
    *_MINIMUMS,
)
_BORDERS = tuple(f"border_{side}_width" for side in _SIDES)
_BOXES_IN_LINES = frozenset({boxes.TextBox, boxes.InlineBox, boxes.LineBox})


@dataclass(frozen=True, slots=True)
class _ShapingContext:
    """Pango's objects for one style; ``features`` is None for a style without font features."""

    context: Any
    language: Any
    description: Any
    features: Any


@contextmanager
def cached_text_layout() -> Iterator[None]:
    """Have the engine cache text properties by style for as long as the context lasts."""
    original_setup = Layout.setup
    original_strut = engine_inline.strut
    original_resolve = engine_inline.resolve_percentages

    def setup(self: Any, style: Any) -> None:
        is_underlined = style["text_decoration_line"] != "none"
        if is_underlined or style["font_language_override"] != "normal":
            original_setup(self, style)
            return
        cached: _ShapingContext | None = getattr(style, "shaping_context", None)
        if cached is None:
            cached = style.shaping_context = _shaping_context(style)
        _set_up_layout(self, style, cached)

    def strut(style: Any) -> tuple[float, float]:
        cached: tuple[float, float] | None = getattr(style, "line_strut", None)
        if cached is None:
            cached = style.line_strut = original_strut(style)
        return cached

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        cached = _cached_lengths(box.style) if type(box) in _BOXES_IN_LINES else {}
        if cached:
            vars(box).update(cached)
        else:
            original_resolve(box, containing_block)

    with (
        replaced(Layout, setup=setup),
        replaced(engine_inline, strut=strut, resolve_percentages=resolve_percentages),
        replaced(
            engine_line_break,
            get_next_break_point_from_text=_next_break_point,
            get_next_word_boundaries=_next_word_boundaries,
            get_last_word_end=_last_word_end,
        ),
        replaced(engine_drawing, get_last_word_end=_last_word_end),
    ):
        yield


def _cached_lengths(style: Any) -> dict[str, Any]:
    """Return the lengths that ``resolve_percentages`` sets; empty if they depend on more.

    They depend on the containing block where one is a percentage.
    """
    cached: dict[str, Any] | None = getattr(style, "resolved_lengths", None)
    if cached is None:
        cached = style.resolved_lengths = _resolved_lengths(style)
    return cached


def _resolved_lengths(style: Any) -> dict[str, Any]:
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return {}
    lengths = {name: style[name] for name in _BORDERS}
    for name in _LENGTHS:
        value = style[name]
        if value is None or value == "auto":
            lengths[name] = 0 if value and name in _MINIMUMS else value
        elif getattr(value, "unit", "") == "px":
            lengths[name] = value.value
        else:
            return {}
    return lengths


def _shaping_context(style: Any) -> _ShapingContext:
    """Create Pango's objects for a style, as the engine's ``Layout.setup`` does."""
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
    settings = font_features(*(style[name] for name in _FEATURE_PROPERTIES))
    if settings:
        text = ",".join(f"{key} {value}" for key, value in settings.items()).encode()
        features = fonts.font_features.get(text)
        if features is None:
            features = fonts.font_features[text] = pango.pango_attr_font_features_new(text)
    return _ShapingContext(context, language, description_without_variant(style), features)


def _set_up_layout(layout: Any, style: Any, cached: _ShapingContext) -> None:
    """Set the attributes of a layout that the engine's ``Layout.setup`` sets."""
    layout.style = style
    layout.language = cached.language
    layout.first_line_direction = 0
    layout.ascent = layout.underline_position = layout.strikethrough_position = None
    layout.layout = ffi.gc(pango.pango_layout_new(cached.context), gobject.g_object_unref)
    pango.pango_layout_set_auto_dir(layout.layout, False)
    pango.pango_layout_set_font_description(layout.layout, cached.description)
    if cached.features is not None:
        # The engine adds a text's letter and word spacing to this list, so it is not shared.
        attributes = pango.pango_attr_list_new()
        pango.pango_attr_list_insert(attributes, cached.features)
        pango.pango_layout_set_attributes(layout.layout, attributes)
