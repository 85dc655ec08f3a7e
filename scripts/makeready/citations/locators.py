"""Locators: the part of a work that a citation names, ``p. 4`` or ``chap. 2``."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from makeready.citations.style import Style

_LABELS = {
    "book": "book bk. bks. books",
    "chapter": "chapter chapters chap. chaps. ch. chs.",
    "column": "column columns col. cols.",
    "figure": "figure figures fig. figs.",
    "folio": "folio folios fol. fols.",
    "issue": "issue issues no. nos. number numbers",
    "line": "line lines l. ll.",
    "note": "note notes n. nn.",
    "opus": "opus opera op. opp.",
    "page": "page pages p. pp. pg.",
    "paragraph": "paragraph paragraphs para. paras. par. ¶ ¶¶",
    "part": "part parts pt. pts.",
    "section": "section sections sec. secs. sect. § §§",
    "sub verbo": "s.v. s.vv.",
    "verse": "verse verses v. vv.",
    "volume": "volume volumes vol. vols.",
}
_SIGNS = frozenset("§¶")
_NUMBER = (
    r"(?:\d+(?:ff?|[A-Za-z])?(?!\w)(?:[.:/]\d+[a-z]?)*"
    r"|[ivxlcdm]+(?!\w)|[IVXLCDM]+(?!\w)|[A-Za-z]\d+(?!\w))"
)
_NUMBERS = re.compile(
    rf"{_NUMBER}(?:(?:\s*[-–—]+\s*|\s*[,&]\s*)(?=[\dIVXLCivxlc]){_NUMBER}){{0,40}}"
)
_WORD = re.compile(r"[^\W\d_]+\.?(?:\s?[^\W\d_]{1,3}\.)?|[§¶]{1,2}")
_PLAIN = re.compile(r"\s*,\s*(?=\d|[ivxlc]+\s*(?:[-–—,;]|$))")
_BRACES = re.compile(r"\s*,?\s*\{([^{}]{0,300})\}")
_START = re.compile(r"\s*,?\s*")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Suffix:
    """What follows a key: a locator, what it is a number of, and the other words."""

    locator: str
    label: str
    rest: str


def locator_labels(style: Style) -> dict[str, str]:
    """Return what the words for parts of works mean, in English and the language of a style."""
    labels = dict(_english())
    for name in _LABELS:
        for form in (None, "short", "symbol"):
            term = style.root.get_term(name, form)
            for text in () if term is None else (term.single, term.multiple):
                word = html.unescape(str(text)).strip().lower()
                if word:
                    labels.setdefault(word, name)
    return labels


@cache
def _english() -> Mapping[str, str]:
    return {word: name for name, words in _LABELS.items() for word in words.split()}


def divided_suffix(text: str, labels: Mapping[str, str]) -> Suffix:
    """Return the locator that a text begins with, and the rest of the text."""
    if braces := _BRACES.match(text):
        inner = divided_suffix(f", {braces[1]}", labels)
        whole = inner if inner.locator else Suffix(braces[1].strip(), "page", "")
        return Suffix(f"{whole.locator}{whole.rest}", whole.label, text[braces.end() :])
    start = _START.match(text)
    assert start is not None
    at = start.end()
    word = _WORD.match(text, at)
    for end in (word.end(), at + len(word[0].split()[0])) if word else ():
        label = labels.get(text[at:end].lower()) or labels.get(text[at:end].rstrip(".").lower())
        if label is None:
            continue
        after = len(text) - len(text[end:].lstrip())
        numbers = _NUMBERS.match(text, after)
        if numbers and (after > end or text[end - 1] in {".", *_SIGNS}):
            return Suffix(numbers[0][:_LONGEST], label, text[numbers.end() :])
    plain = _PLAIN.match(text)
    numbers = _NUMBERS.match(text, plain.end()) if plain else None
    if numbers:
        return Suffix(numbers[0][:_LONGEST], "page", text[numbers.end() :])
    return Suffix("", "page", text)
