"""The texts of glyphs that are drawn from right to left, for copying from the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby, pairwise

_MIRRORED = str.maketrans("()[]{}<>«»‹›≤≥⟨⟩", ")(][}{><»«›‹≥≤⟩⟨")
"""Signs whose glyphs are those of each other: what is seen is what is copied, and turned round."""


def rtl_glyph_texts(octets: bytes, clusters: Sequence[int], widths: Sequence[int]) -> list[str]:
    """Return the text of each glyph of one of Pango's items, which are in the order of the page.

    Marks above and below letters belong to glyphs without a width, letters to the others.
    """
    ends = dict(pairwise(sorted({*clusters, len(octets)})))
    texts: list[str] = []
    first = 0
    for cluster, glyphs in groupby(clusters):
        letters = octets[cluster : ends[cluster]].decode().translate(_MIRRORED)
        last = first + len(list(glyphs))
        texts += _texts(letters, widths[first:last])
        first = last
    return texts


def _texts(letters: str, widths: Sequence[int]) -> list[str]:
    """Return the texts of the glyphs of one cluster, from left to right."""
    if len(widths) == 1:
        return [letters]
    marks = "".join(letter for letter in letters if unicodedata.combining(letter))
    bases = "".join(letter for letter in letters if not unicodedata.combining(letter))
    texts = [""] * len(widths)
    of_marks = [index for index, width in enumerate(widths) if not width]
    of_bases = [index for index, width in enumerate(widths) if width]
    if not of_marks or not of_bases:
        of_marks, of_bases, bases, marks = [], list(range(len(widths))), letters, ""
    for own, places in ((bases, of_bases), (marks, of_marks)):
        if len(own) == len(places):
            for place, letter in zip(places, reversed(own), strict=True):
                texts[place] = letter
        else:
            texts[places[-1]] = own
    return texts
