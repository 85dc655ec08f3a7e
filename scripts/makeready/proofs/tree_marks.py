"""Marks put into the trees of a section: calls, tints, notes after blocks, borders of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from lxml import etree

from makeready.book.model import Element
from makeready.book.text_position import GENERATED, IMAGE, IMAGES, counted_letters

_BLOCKS_AROUND = frozenset(
    [
        "div",
        "section",
        "blockquote",
        "li",
        "td",
        "th",
        "dd",
        "figure",
        "figcaption",
        "caption",
        "aside",
        "body",
    ]
)
"""Elements that a note may stand in."""


class _Piece(NamedTuple):
    """Text of a block: of an element or after it, or an image; and the letters before it."""

    text: str
    element: Element
    part: Literal["text", "tail", "image"]
    before: int

    @property
    def after(self) -> int:
        """The letters up to its end."""
        return self.before + (1 if self.part == "image" else len(counted_letters(self.text)))


def _pieces(block: Element) -> list[_Piece]:
    pieces: list[_Piece] = []
    total = 0
    for text, element, part in _texts(block):
        piece = _Piece(text, element, part, total)
        pieces.append(piece)
        total = piece.after
    return pieces


def _texts(element: Element) -> Iterator[tuple[str, Element, Literal["text", "tail", "image"]]]:
    """Yield the texts of a block in their order, without blocks and what is put into it."""
    yield element.text or "", element, "text"
    for child in element.iterchildren("*"):
        if child.get("data-line") is None and GENERATED not in child.attrib:
            if child.tag in IMAGES:
                yield IMAGE, child, "image"
            else:
                yield from _texts(child)
        yield child.tail or "", child, "tail"


def insert_call(block: Element, letters: int, call: Element) -> None:
    """Insert an element after so many letters of a block."""
    call.set(GENERATED, "")
    chosen = None
    for piece in _pieces(block):
        if piece.part != "image" and piece.before <= letters <= piece.after:
            chosen = piece
            break
    if chosen is None:
        block.append(call)
        return
    index = _index_after(chosen.text, letters - chosen.before)
    _put(chosen, index, index, lambda _: call)


def mark_range(block: Element, start: int, end: int, make: Callable[[], Element]) -> None:
    """Put the letters of a block into elements, one for each piece of its text."""
    for piece in reversed(_pieces(block)):
        first, last = max(start, piece.before), min(end, piece.after)
        if piece.part == "image" or first >= last:
            continue
        begins = _index_before(piece.text, first - piece.before)
        ends = _index_after(piece.text, last - piece.before)

        def marked(text: str) -> Element:
            element = make()
            element.text = text
            return element

        _put(piece, begins, ends, marked)


def _put(piece: _Piece, start: int, end: int, make: Callable[[str], Element]) -> None:
    """Replace part of a piece by an element made of it."""
    text, element = piece.text, piece.element
    new = make(text[start:end])
    new.tail = text[end:]
    if piece.part == "text":
        element.text = text[:start]
        element.insert(0, new)
        return
    element.tail = text[:start]
    parent = element.getparent()
    assert parent is not None
    parent.insert(parent.index(element) + 1, new)


def _index_after(text: str, letters: int) -> int:
    """Return the index right after so many letters of a text."""
    if letters <= 0:
        return 0
    for index, sign in enumerate(text):
        letters -= bool(counted_letters(sign))
        if not letters:
            return index + 1
    return len(text)


def _index_before(text: str, letters: int) -> int:
    """Return the index of the letter after so many letters of a text."""
    for index, sign in enumerate(text):
        if counted_letters(sign):
            if not letters:
                return index
            letters -= 1
    return len(text)


def add_note_after(block: Element, note: Element) -> None:
    """Add a note after a block, or at its end if nothing may follow it where it is."""
    note.set(GENERATED, "")
    inner = block
    parent = inner.getparent()
    while parent is not None and inner.tag not in _BLOCKS_AROUND:
        if parent.tag in _BLOCKS_AROUND:
            _after_notes(inner, note)
            return
        inner, parent = parent, parent.getparent()
    if parent is None and inner is not block:
        inner.append(note)
    elif inner.tag in ("figcaption", "caption") and inner is not block and parent is not None:
        _after_notes(inner, note)
    else:
        inner.append(note)


def _after_notes(element: Element, note: Element) -> None:
    """Add a note after an element and the notes that follow it."""
    following = element.getnext()
    while following is not None and GENERATED in following.attrib:
        element, following = following, following.getnext()
    note.tail, element.tail = element.tail, None
    parent = element.getparent()
    assert parent is not None
    parent.insert(parent.index(element) + 1, note)


def add_class(element: Element, name: str) -> None:
    """Add a class to an element."""
    names = (element.get("class") or "").split()
    if name not in names:
        element.set("class", " ".join([*names, name]))


def new_element(tag: str, name: str, text: str = "", **attributes: str) -> Element:
    """Return an element of a class, with text."""
    element = etree.Element(tag, {"class": name, **attributes})
    element.text = text
    return element
