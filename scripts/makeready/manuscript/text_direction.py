"""The direction of what is written the other way than the text around it."""

from __future__ import annotations

from makeready.book.model import Element
from makeready.book.writing import direction_of, is_right_to_left
from makeready.manuscript.allowed_html import NOTE_CALL

_FROM_LEFT = ("pre", "code", "kbd", "samp", "math", NOTE_CALL)


def set_directions(tree: Element, language: str) -> None:
    """Give passages in another language, and code, the direction they have, unless they say it.

    In a text from right to left, code, addresses and the numbers of notes stand apart, so that
    the punctuation beside them stays where it belongs.
    """
    _set_inside(tree, direction_of(language))


def _set_inside(parent: Element, around: str) -> None:
    for element in parent:
        if not isinstance(element.tag, str):
            continue
        own = element.get("dir") or _direction(element, around)
        if own != around or (around == "rtl" and _stands_apart(element)):
            element.set("dir", own)
        _set_inside(element, own if own in ("ltr", "rtl") else around)


def _direction(element: Element, around: str) -> str:
    if _stands_apart(element):
        return "ltr"
    language = element.get("lang")
    if language:
        return "rtl" if is_right_to_left(language) else "ltr"
    return around


def _stands_apart(element: Element) -> bool:
    if element.tag in _FROM_LEFT:
        return True
    # An address that is shown as it is.
    return element.tag == "a" and (element.text or "").partition(":")[0] in ("http", "https")
