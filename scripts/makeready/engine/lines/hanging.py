"""How far a letter at the edge of a line hangs out of the measure."""

from __future__ import annotations

_AT_RIGHT = {
    ".": 0.7,
    ",": 0.7,
    "\u2010": 0.6,
    "-": 0.6,
    ";": 0.4,
    ":": 0.4,
    "!": 0.15,
    "?": 0.15,
    "\u201d": 0.5,
    "\u201c": 0.5,
    "\u2019": 0.6,
    "\u2018": 0.6,
    "\u00bb": 0.3,
    "\u00ab": 0.3,
    "\u203a": 0.3,
    "\u2039": 0.3,
    "\u2014": 0.15,
    "\u2013": 0.25,
    ")": 0.1,
}
_AT_LEFT = {
    "\u201c": 0.5,
    "\u201e": 0.4,
    "\u2018": 0.6,
    "\u201a": 0.5,
    "\u00ab": 0.3,
    "\u00bb": 0.3,
    "\u2039": 0.3,
    "\u203a": 0.3,
    "(": 0.1,
}
"""Shares of the letter's width, chosen by eye; letters with much white beside them hang most."""


def hanging_share(letter: str, *, at_left: bool) -> float:
    """Return the share of a letter's width that hangs out at the left or the right edge."""
    return (_AT_LEFT if at_left else _AT_RIGHT).get(letter, 0.0)
