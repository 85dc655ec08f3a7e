"""The glyphs that a page shows, as pdfium reads them: where each begins, and how wide it is."""

from __future__ import annotations

import ctypes
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import hypot
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from makeready.pdf_content.graphics_state import DEEPEST_FORM

MOST_GLYPHS = 100_000
"""So many characters no page of a book has; a page with more is left out."""

_MOST_PICTURES = 20_000
_INVISIBLE_TEXT = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_FIXED_SPACES = frozenset(
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f"
)
"""Spaces of one width, which no program stretches: what they part counts as one word."""
_WORD_SPACES = frozenset(" \u00a0")
_UNKNOWN = 0xFFFD
_NOT_UPRIGHT = 0.01
_LONGEST_NAME = 256
_PER_EM = 10_000
_DIGITS = 2
_LONGEST_ADVANCE_EM = 3.0
_LEAST_FOLLOWERS = 3
_SAME_EDGE = 0.001


GlyphKind = tuple[str, str, int]
"""The name of a font, a character, and the width of its box in ten-thousandths of an em."""


class Glyph(NamedTuple):
    """A character on a page; lengths in points, from the lower left corner.

    ``right`` is where its advance ends, without letterspacing. ``scale`` is the width of the
    letters as a share of their design: 1.02 is an expansion by 2 %. ``space_before`` is the space
    character before it, if the file has one.
    """

    character: str
    left: float
    right: float
    baseline: float
    size_pt: float
    scale: float
    space_before: str
    kind: GlyphKind | None


@dataclass(slots=True)
class PageGlyphs:
    """What a page shows: its glyphs, the widths in em of its space characters, its pictures.

    A picture is the bottom and the top of an image or a drawing, in points.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    spaces: list[tuple[float, float]] = field(default_factory=list)
    """The type size in points and the width in em of each space character, as its font has it."""
    pictures: list[tuple[float, float]] = field(default_factory=list)
    is_too_large: bool = False


class Advances:
    """The advances of the letters whose ink extends beyond them, in em.

    pdfium gives the box of the advance and the ink together. An f or a slanted letter is wider
    than its advance, which is where most of the letters after it begin.
    """

    def __init__(self) -> None:
        self._followers: dict[GlyphKind, Counter[int]] = defaultdict(Counter)
        self._known: dict[GlyphKind, float | None] = {}
        self._overhanging: dict[GlyphKind, bool] = {}

    def learn(self, page: pypdfium2.PdfPage) -> int:
        """Learn from a page where letters follow others; return the number of its glyphs."""
        shown = read_page(page, self)
        for one, following in pairwise(shown.glyphs):
            if one.kind is None or following.space_before or following.baseline != one.baseline:
                continue
            distance = (following.left - one.left) / one.size_pt / one.scale
            if 0 < distance < _LONGEST_ADVANCE_EM:
                self._followers[one.kind][round(distance * _PER_EM)] += 1
        self._known = {
            kind: common / _PER_EM
            for kind, followers in self._followers.items()
            for common, number in followers.most_common(1)
            if number >= _LEAST_FOLLOWERS and common <= kind[2]
        }
        return len(shown.glyphs)

    def of(self, kind: GlyphKind) -> float | None:
        """Return the advance of a kind of glyph in em, or None where its box says it."""
        return self._known.get(kind)

    def overhangs(self, kind: GlyphKind, text: pypdfium2.PdfTextPage, index: int) -> bool:
        """Return whether the ink of a glyph reaches the end of its box, or beyond its advance."""
        if kind not in self._overhanging:
            left, right, bottom, top = (ctypes.c_double() for _ in range(4))
            pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
            box = pdfium.FS_RECTF()
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            near = _SAME_EDGE * abs(box.right - box.left)
            self._overhanging[kind] = right.value >= box.right - near
        return self._overhanging[kind]


def read_page(page: pypdfium2.PdfPage, advances: Advances) -> PageGlyphs:
    """Return the upright, visible glyphs of a page, in the order of the file, and its pictures."""
    text = page.get_textpage()
    shown = PageGlyphs()
    try:
        if pdfium.FPDFText_CountChars(text) > MOST_GLYPHS:
            shown.is_too_large = True
            return shown
        _read_glyphs(text, shown, advances)
    finally:
        text.close()
    shown.pictures = list(_pictures(page))
    return shown


def _read_glyphs(text: pypdfium2.PdfTextPage, shown: PageGlyphs, advances: Advances) -> None:
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    run = _Run(-1, 0.0, 0.0, "")
    space_before = ""
    for index in range(pdfium.FPDFText_CountChars(text)):
        character = chr(pdfium.FPDFText_GetUnicode(text, index) or _UNKNOWN)
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        item = pdfium.FPDFText_GetTextObject(text, index)
        address = ctypes.addressof(item.contents) if item else 0
        if address != run.address or not address:
            run = _run(text, index, item, address)
        if not run.size_pt:
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        width = (box.right - x.value) / run.size_pt / run.scale
        if character in _WORD_SPACES:
            shown.spaces.append((run.size_pt, width))
            space_before = character
        elif character in _FIXED_SPACES:
            space_before = character
        elif not character.isspace():
            kind = (run.font, character, round(width * _PER_EM))
            overhangs = advances.overhangs(kind, text, index)
            advance = advances.of(kind) if overhangs else None
            right = box.right if advance is None else x.value + advance * run.size_pt * run.scale
            shown.glyphs.append(
                Glyph(
                    character,
                    x.value,
                    right,
                    round(y.value, _DIGITS),
                    run.size_pt,
                    run.scale,
                    space_before,
                    kind if overhangs else None,
                )
            )
            space_before = ""


class _Run(NamedTuple):
    """A text object: its address, its size in points, its horizontal scale and its font's name.

    One that is turned or invisible has no size.
    """

    address: int
    size_pt: float
    scale: float
    font: str


def _run(text: pypdfium2.PdfTextPage, index: int, item: Any, address: int) -> _Run:
    nothing = _Run(address, 0.0, 0.0, "")
    if item and pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_TEXT:
        return nothing
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    high, wide = hypot(matrix.c, matrix.d), hypot(matrix.a, matrix.b)
    size = abs(pdfium.FPDFText_GetFontSize(text, index)) * high
    is_turned = abs(matrix.b) > _NOT_UPRIGHT * wide or matrix.a <= 0 or matrix.d <= 0
    if is_turned or not size or not wide:
        return nothing
    return _Run(address, round(size, _DIGITS), wide / high, _font_name(item) if item else "")


def _font_name(item: Any) -> str:
    font = pdfium.FPDFTextObj_GetFont(item)
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    length = pdfium.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME) if font else 0
    return name.raw[: min(length, _LONGEST_NAME)].decode("utf-8", "replace")


def _pictures(page: pypdfium2.PdfPage) -> Iterator[tuple[float, float]]:
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING]
    objects = page.get_objects(filter=kinds, max_depth=DEEPEST_FORM)
    for item in islice(objects, _MOST_PICTURES):
        box = item.get_bounds()
        holder = item
        while (holder := holder.container) is not None:
            box = holder.get_matrix().on_rect(*box)
        yield box[1], box[3]
