"""Places where a page may break long addresses and names in code.

A zero width space allows a break; it has no glyph, so text copied from a page is without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from makeready.book.model import Element

_BREAK, _NO_BREAK = "\u200b", "\u2060"
_OPTION = re.compile(r"(?:^|(?<=[\s\[(|=,\"'`]))--?(?=\w)")
_FIRST_SIGNS = re.compile(r"(?<!\S)[^\w\s]+(?=[^\W_])")
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)\S+|[\w.-]+\.\w+/\S+|\S+@\S+\.\w+")
_LONG_WORD = re.compile(r"\S{15,}")
# The Chicago Manual of Style, 7.46: after "//", before other marks, never beside a hyphen.
_IN_ADDRESS = re.compile(r"(?<=/)(?=[^/])|(?=[.?#%~_,&@])|(?<==)")
_IN_CODE = re.compile(r"(?<=[_\-/.:;,(\[{=&|+\\>])(?=\w)|(?<=[a-z])(?=[A-Z])")
_LEAST_LETTERS = 3
_LONG_LINE = 40
"""A shorter line of a listing fits, and is left as it is."""

_CODE = frozenset({"code", "kbd", "samp"})


def allow_breaks_in_long_words(tree: Element) -> None:
    """Allow breaks in the addresses that links show, and in long words of code."""
    for element in tree.iter("a", *_CODE):
        if element.tag == "a":
            address = element.text or ""
            if not len(element) and _ADDRESS.fullmatch(address.strip()):
                element.text = _with_breaks(address, _IN_ADDRESS)
                element.set("class", f"{element.get('class', '')} address".strip())
        elif not any(parent.tag == "pre" for parent in element.iterancestors()):
            _allow_in_code(element)
            if element.text:
                element.text = _FIRST_SIGNS.sub(_without_breaks, element.text)
        else:
            for line in element:
                if len("".join(map(str, line.itertext()))) >= _LONG_LINE:
                    _allow_in_code(line)
                    _keep_options_whole(line)


def _allow_in_code(element: Element) -> None:
    for part in element.iter():
        if part.text and isinstance(part.tag, str):
            part.text = _in_long_words(part.text)
        if part.tail and part is not element:
            part.tail = _in_long_words(part.tail)


def _keep_options_whole(line: Element) -> None:
    """Forbid a break after the hyphens that an option of a command begins with."""
    for part in line.iter():
        if part.text and "-" in part.text:
            part.text = _OPTION.sub(rf"\g<0>{_NO_BREAK}", part.text)
        if part.tail and "-" in part.tail and part is not line:
            part.tail = _OPTION.sub(rf"\g<0>{_NO_BREAK}", part.tail)


def _without_breaks(signs: re.Match[str]) -> str:
    """Return the signs that a word of code begins with, with no break before its first letter."""
    return "".join(sign + _NO_BREAK for sign in signs[0] if sign not in _BREAK + _NO_BREAK)


def _in_long_words(text: str) -> str:
    return _LONG_WORD.sub(lambda word: _with_breaks(word[0], _IN_CODE), text)


def _with_breaks(word: str, places: re.Pattern[str]) -> str:
    return _BREAK.join(_pieces(word.replace(_BREAK, ""), places))


def _pieces(word: str, places: re.Pattern[str]) -> Iterator[str]:
    start = 0
    for place in places.finditer(word):
        end = place.start()
        if end - start >= _LEAST_LETTERS and len(word) - end >= _LEAST_LETTERS:
            yield word[start:end]
            start = end
    yield word[start:]
