"""Whether a finished PDF may claim to conform to PDF/UA-1."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from makeready.checks.reading.document import program_of
from makeready.checks.reading.shown_fonts import listed_fonts
from makeready.checks.tagged_pdf.catalog import check_catalog, check_fonts
from makeready.checks.tagged_pdf.tagged_pdf import check_tags
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.font_glyphs import FontGlyphs
from makeready.pdf_content.font_text import FontText
from makeready.pdf_content.resources import entry

_CODE_BYTES = 2


def broken_rules(file: bytes) -> tuple[str, ...]:
    """Return the ids of the rules that a file of our own breaks as errors.

    It is read without its text first, which takes a hundredth of the time of a build; where that
    finds anything, it is read whole.
    """
    with pikepdf.open(BytesIO(file)) as pdf:
        fonts_are_whole = not any(map(_is_incomplete, listed_fonts(pdf.pages)))
        if fonts_are_whole and not _errors(pdf, with_text=False):
            return ()
        return _errors(pdf, with_text=True)


def _errors(pdf: pikepdf.Pdf, *, with_text: bool) -> tuple[str, ...]:
    findings, location = Findings(), SourceLocation("")
    check_catalog(pdf, findings, location)
    check_fonts(pdf, findings, location)
    check_tags(pdf, location, findings, with_text=with_text)
    return tuple(sorted({finding.id for finding in findings.errors}))


def _is_incomplete(font: Any) -> bool:
    """Return whether a composite font has a width for a code without a character or a glyph."""
    if entry(font, "/Subtype") != "/Type0":
        return True
    text, glyphs = FontText(font), FontGlyphs(font)
    return any(
        found is None or glyphs.lacks(code)
        for number in _codes(entry(program_of(font), "/W"))
        for code, found in text.characters(number.to_bytes(_CODE_BYTES, "big"))
    )


def _codes(widths: Any) -> Iterator[int]:
    """Yield the codes that have a width of their own (ISO 32000-1, 9.7.4.3)."""
    items = iter(widths if isinstance(widths, pikepdf.Array) else ())
    for first in items:
        following = next(items, None)
        if isinstance(following, pikepdf.Array):
            yield from range(int(first), int(first) + len(following))
        elif following is not None:
            yield from range(int(first), int(following) + 1)
            next(items, None)
