"""Page numbers that can be changed after a page is drawn.

A folio or page reference is typeset with digits of the right count; its place in the content
stream is marked, and the binding swaps its glyphs for those of the real number. That is true to
the engine only where the ten digits are equally wide, so where they are not (or where a colour
had to be rewritten) the number is not changeable, and the section depends on it exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from makeready.pdf.fragment import PageNumber

TAG = "N"
"""What marks a number in a content stream."""

_GLYPHS = re.compile(rb"<([0-9a-f]+)>")
_MARK = re.compile(rb"/N(\d+) MP\n([^\n]*\n)")
_HEX_DIGITS = 4


def set_numbers(
    content: bytes, numbers: Mapping[int, PageNumber], wanted: Mapping[int, str]
) -> bytes:
    """Set the marked numbers of a content stream to ``wanted`` and take the marks out.

    Keys are the numbers' places in the fragment. A wanted number has as many digits as the one
    that was drawn; one that is not wanted stays as it was drawn.
    """

    def reset(match: re.Match[bytes]) -> bytes:
        key = int(match[1])
        if key not in wanted:
            return match[2]
        digits = iter(wanted[key])
        glyphs = numbers[key].glyphs
        line = match[2]
        return _GLYPHS.sub(
            lambda shown: (
                b"<"
                + b"".join(glyphs[int(next(digits))].encode() for _ in range(len(shown[1]) // 4))
                + b">"
            ),
            line,
        )

    return _MARK.sub(reset, content)


def with_changeability(
    numbers: Sequence[PageNumber], contents: Iterable[bytes]
) -> list[PageNumber]:
    """Return the numbers, with the glyphs removed of those that cannot be changed after all.

    ``contents`` are the content streams as they go into the file. One that was rewritten for the
    press may have its text in another form than the engine's.
    """
    found: dict[int, int] = {}
    for content in contents:
        for match in _MARK.finditer(content):
            found[int(match[1])] = sum(len(shown[1]) for shown in _GLYPHS.finditer(match[2]))
    return [
        number if found.get(key) == _HEX_DIGITS * len(number.text) else replace(number, glyphs=())
        for key, number in enumerate(numbers)
    ]
