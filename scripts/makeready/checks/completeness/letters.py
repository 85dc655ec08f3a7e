"""The letters of a text that are the same in every form in which it can be shown."""

from __future__ import annotations

import re
import string
from collections import Counter
from unicodedata import normalize

_NO_LETTERS = re.compile(r"[\W\d_]+")
_NO_DIGITS = re.compile(r"\D+")
# Scripts written from the right, and those that reorder or combine letters: their glyphs neither
# have the order of the letters nor stand for one letter each.
_COMPLEX = re.compile(
    "[\u0590-\u109f\u1700-\u18af\u1900-\u1aff\u1b00-\u1c7f\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U00011000-\U00011fff\U0001e800-\U0001efff]+"
)
_ASCII = "".join(map(chr, range(0x80)))
_ONLY_LETTERS = {ord(c): None for c in _ASCII if c not in string.ascii_letters}


def letters_of(text: str) -> str:
    """Return the letters of a text in lower case, without accents, digits and complex scripts."""
    if text.isascii():
        return text.translate(_ONLY_LETTERS).lower()
    folded = normalize("NFKD", _COMPLEX.sub("", text)).casefold()
    return _NO_LETTERS.sub("", normalize("NFKD", folded).replace("ı", "i"))


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return _NO_DIGITS.sub("", text)


def complex_letters_of(text: str) -> Counter[str]:
    """Return how often each letter of a complex script occurs in a text."""
    if text.isascii():
        return Counter()
    found = "".join(_COMPLEX.findall(text))
    return Counter(_NO_LETTERS.sub("", normalize("NFKD", found))) if found else Counter()
