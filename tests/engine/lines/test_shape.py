"""Words are read from Pango's structures as they are."""

from __future__ import annotations

import pytest
from weasyprint.text.ffi import ffi

from makeready.engine.lines.shape import _GLYPH_INFO, _glyph_texts


def test_the_glyphs_of_pango_have_the_size_and_the_fields_that_are_read() -> None:
    assert ffi.sizeof("PangoGlyphInfo") == _GLYPH_INFO.size
    infos = ffi.new("PangoGlyphInfo[2]")
    for number, info in enumerate(infos):
        info.glyph, info.geometry.width = 0x10000000 + number, -5
        info.geometry.x_offset, info.geometry.y_offset = 7, -2_000_000_000
    read = [values[:4] for values in _GLYPH_INFO.iter_unpack(ffi.buffer(infos))]
    assert read == [(0x10000000, -5, 7, -2_000_000_000), (0x10000001, -5, 7, -2_000_000_000)]


@pytest.mark.parametrize(
    ("text", "clusters", "texts"),
    [
        ("word", [0, 1, 2, 3], ["w", "o", "r", "d"]),
        ("fig", [0, 2], ["fi", "g"]),
        ("fig", [0, 0, 2], ["f", "i", "g"]),
        ("abcde", [0, 0, 0, 2, 4], ["ab", "", "", "cd", "e"]),
        ("né", [0, 1], ["n", "é"]),
        ("né", [0, 1, 1], ["n", "é", ""]),
        ("“ß”", [0, 3, 5], ["“", "ß", "”"]),
        ("", [], []),
    ],
)
def test_glyphs_have_the_text_of_their_clusters(
    text: str, clusters: list[int], texts: list[str]
) -> None:
    assert _glyph_texts(text.encode(), clusters) == texts
