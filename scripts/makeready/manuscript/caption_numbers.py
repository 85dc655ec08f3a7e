"""Numbers that authors write into captions, "Fig. 4: The Pot", and that layouts set too.

A typed number is the number of its figure, table or listing, as the text refers to it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from makeready.book.labels import labels_in_titles
from makeready.book.model import Element
from makeready.manuscript.sanitise import remove_element

_ABBREVIATIONS = {
    "figure": ("fig.", "fig", "figs.", "abb.", "abb", "ill.", "рис."),
    "table": ("tab.", "tab", "tbl.", "табл."),
    "listing": ("lst.", "code", "example"),
}
_NUMBER = r"(?P<number>(?:\d{1,3}|(?-i:[A-Z])(?=[.-]?\d))(?:[.-]?\d{1,3}){0,3}(?-i:[a-z])?)"
_ASIDE = r"(?P<aside>[ \u00a0]\([^()\n]{1,40}\))?"
_AFTER = r"[ \u00a0]*(?:[.:|)–—](?!\d)|-(?=[ \u00a0]))[ \u00a0\n]*"
_AFTER_MARKUP = re.compile(_AFTER)
_MARKUP = frozenset({"b", "cite", "em", "i", "p", "small", "span", "strong", "u"})


class SaidNumber(NamedTuple):
    """A number that was in a caption, and what stood after it in brackets, with its space."""

    number: str = ""
    aside: str = ""


def take_number(caption: Element, kind: str) -> SaidNumber:
    """Take the word for a kind and the number from the start of a caption; return the number.

    ``Figure 1 shows …`` is a sentence, and stays as it is.
    """
    first = caption
    while not (first.text or "").strip() and len(first) and first[0].tag in _MARKUP:
        first = first[0]
    text = (first.text or "").lstrip()
    found = _start(kind).match(text)
    if found is None:
        return SaidNumber()
    rest = text[found.end() :]
    separator = _AFTER_MARKUP.match(rest)
    is_marked = first is not caption and first.tag != "p" and not len(first)
    if separator is None and (rest.strip() or len(first)):
        return SaidNumber()
    first.text = rest[separator.end() :] if separator else ""
    if not first.text and is_marked:
        tail = first.tail or ""
        separator = _AFTER_MARKUP.match(tail)
        first.tail = tail[separator.end() :] if separator else tail.lstrip()
        remove_element(first, keep_content=True)
    return SaidNumber(found["number"], found["aside"] or "")


@cache
def _start(kind: str) -> re.Pattern[str]:
    words = {*labels_in_titles(kind), *_ABBREVIATIONS.get(kind, ())} - {""}
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?:{either})[ \u00a0]*{_NUMBER}(?!\w){_ASIDE}", re.IGNORECASE)
