"""Page numbers in a content stream, replaced by others of as many digits.

A folio or page reference is typeset with a number of the right digit count and marked in the
content stream; when the file is linked, its glyphs are replaced by those of the real number.
The page is then the same as if the engine had typeset that number, provided that the font's ten
digits are equally wide. Where they are not, or where the stream was rewritten for the press, the
number cannot be changed, and the section has to be typeset with the exact one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from makeready.pdf.fragment import PageNumber

TAG = "N"
"""The tag of the marked-content point before a number; the number's index follows it."""

_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
_MARK = re.compile(rb"/N(\d+) MP\n([^\n]*\n)")
_HEX_DIGITS = 4
"""The length of a glyph id in a content stream."""


def set_page_numbers(
    content: bytes, numbers: Mapping[int, PageNumber], texts: Mapping[int, str]
) -> bytes:
    """Replace marked page numbers of a content stream, and remove all marks.

    Keys are indices of the fragment's page numbers. ``texts`` has the new numbers, each with as
    many digits as the one that was drawn; a number without a text stays as it was drawn.
    """

    def redraw(match: re.Match[bytes]) -> bytes:
        index, text_operator = int(match[1]), match[2]
        if index not in texts:
            return text_operator
        digits = iter(texts[index])
        glyphs = numbers[index].glyphs
        return _GLYPHS.sub(
            lambda shown: (
                b"<"
                + b"".join(
                    glyphs[int(next(digits))].encode() for _ in range(len(shown[1]) // _HEX_DIGITS)
                )
                + b">"
            ),
            text_operator,
        )

    return _MARK.sub(redraw, content)


def with_changeability(
    numbers: Sequence[PageNumber], contents: Iterable[bytes]
) -> list[PageNumber]:
    """Return the numbers, without glyphs where the content streams do not let them be changed.

    ``contents`` are the streams as they go into the file. One that was rewritten for the press
    may have its text in another form than the engine's.
    """
    glyph_lengths: dict[int, int] = {}
    for content in contents:
        for match in _MARK.finditer(content):
            lengths = (len(shown[1]) for shown in _GLYPHS.finditer(match[2]))
            glyph_lengths[int(match[1])] = sum(lengths)
    return [
        number
        if glyph_lengths.get(index) == _HEX_DIGITS * len(number.text)
        else replace(number, glyphs=())
        for index, number in enumerate(numbers)
    ]
