"""Acronyms, marked for small capitals as ``abbr.caps``, without a plural's s."""

from __future__ import annotations

import re

from lxml import etree

from makeready.book.model import Element
from makeready.manuscript.editable_text import EditableText
from makeready.manuscript.figures import classes

# Latin and Cyrillic capitals, with the Kazakh ones; digits may follow three of them. The O’ of a
# name and the ’S of a possessive are set like the capitals they belong to. FAQ.md is no acronym.
_CAPITAL = "A-ZÀ-ÖØ-ÞЀ-ЯҒҚҢӨҰҮҺӘ"
_ACRONYM = re.compile(
    rf"(?<!\w)(?P<caps>(?:O’)?[{_CAPITAL}]{{3,8}}(?:’S|\d{{0,3}}))(?=s?(?!\w|\.\w))"
)
# Next to another word in capitals it is not an acronym: a shout, an inscription.
_CAPS_BEFORE = re.compile(rf"[{_CAPITAL}]{{2,}}[ \u00a0]$")
_CAPS_AFTER = re.compile(rf"s?[ \u00a0][{_CAPITAL}]{{2,}}(?!\w)")
_NEAR = 16


def mark_acronyms(block_text: EditableText) -> None:
    """Wrap the acronyms of a text, which must have been written back to the tree."""
    text = block_text.text
    if not _ACRONYM.search(text) or _is_all_capitals(text):
        return
    for match in reversed(list(_ACRONYM.finditer(text))):
        start, end = match.span("caps")
        if _CAPS_BEFORE.search(text, max(0, start - _NEAR), start) or _CAPS_AFTER.match(text, end):
            continue
        piece, piece_start = block_text.piece_at(start)
        if piece.element is None or end > piece_start + len(piece.text):
            continue
        element = piece.element
        container = element.getparent() if piece.is_tail else element
        if container is None or "smallcaps" in classes(container):
            continue
        is_whole_piece = not piece.is_tail and (start, end) == (
            piece_start,
            piece_start + len(piece.text),
        )
        if container.tag == "abbr":
            if is_whole_piece:
                container.set("class", " ".join([*classes(container), "caps"]))
            continue
        _wrap(element, start - piece_start, end - piece_start, is_tail=piece.is_tail)


def _is_all_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) > _NEAR


def _wrap(element: Element, start: int, end: int, *, is_tail: bool) -> None:
    text = (element.tail if is_tail else element.text) or ""
    abbreviation = etree.Element("abbr", {"class": "caps"})
    abbreviation.text = text[start:end]
    abbreviation.tail = text[end:]
    if is_tail:
        parent = element.getparent()
        assert parent is not None
        element.tail = text[:start]
        rest, abbreviation.tail = abbreviation.tail, None
        parent.insert(parent.index(element) + 1, abbreviation)
        abbreviation.tail = rest
    else:
        element.text = text[:start]
        element.insert(0, abbreviation)
