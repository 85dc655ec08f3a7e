"""Counts with their nouns, and the templates of messages."""

from __future__ import annotations

import json
import re
import string
from typing import Any

_COUNT = "count "
_OPTIONAL = frozenset({"suggestion", "note", "where", "words"})
"""Fields that begin with a space of their own, or are empty."""

_OWN_WORDS = frozenset({"suggestion", "hint", "known", "currencies", "accepted"})
"""Fields with words of makeready, such as lists of what is known, which are not cut."""

MAX_QUOTED = 200
_LEFT_OUT = " … "
_LAST_BYTE = 0xFF
_BREAKS = re.compile(r"[ ]*[\t\n\r\v\f]+[ ]*")
# Controls other than the line end, what changes the direction of text, what is no character.
_INVISIBLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_UNITS = ("mm", "pt", "in", "mb")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, as "1 page" or "2 pages"; ``plural`` for an irregular one."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


class _Template(string.Formatter):
    """``str.format`` with one more format: ``{pages:count page}``, ``{n:count entry|entries}``."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith(_COUNT):
            noun, _, plural = format_spec.removeprefix(_COUNT).partition("|")
            return counted(value, noun, plural)
        return str(super().format_field(value, format_spec))


_TEMPLATE = _Template()


def fill_in(template: str, **values: object) -> str:
    """Return the text of a template; ``{pages:count page}`` is a number with its noun.

    Of the values that may be the author's words, at most `MAX_QUOTED` characters are quoted.
    """
    names = {name for _, name, _, _ in _TEMPLATE.parse(template) if name}
    quoted = {
        name: one_line(str(value))
        for name, value in values.items()
        if name in names and name not in _OWN_WORDS and not isinstance(value, int | float)
    }
    return _TEMPLATE.vformat(template, (), values | _within_limit(quoted))


def _within_limit(quoted: dict[str, str]) -> dict[str, str]:
    """Cut the longest values so that all of them together have `MAX_QUOTED` characters."""
    left = MAX_QUOTED
    cut: dict[str, str] = {}
    by_length = sorted(quoted, key=lambda name: len(quoted[name]))
    for number, name in enumerate(by_length):
        cut[name] = clipped(quoted[name], left // (len(by_length) - number))
        left -= len(cut[name])
    return cut


def clipped(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters; what is left out of its middle is marked."""
    if len(text) <= limit:
        return text
    kept = max(limit - len(_LEFT_OUT), 0)
    tail = kept // 3
    return text[: kept - tail] + _LEFT_OUT + (text[-tail:] if tail else "")


def visible(text: str) -> str:
    """Return a text with characters escaped that a terminal would obey or hide."""
    return text if text.isprintable() else _INVISIBLE.sub(_escaped, text)


def one_line(text: str) -> str:
    """Return a text as `visible` does, with line ends and tabs as spaces."""
    return visible(_BREAKS.sub(" ", text))


def visible_json(data: object, indent: int | None = None) -> str:
    """Return data as JSON, with the characters escaped that `visible` escapes."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= _LAST_BYTE else f"\\u{code:04x}"


def with_placeholders(template: str) -> str:
    """Return a template as a reader can take it: ``{nearest_id}`` as ‹nearest id›."""
    text = []
    for literal, name, spec, _ in _TEMPLATE.parse(template):
        text.append(literal)
        if name is None:
            continue
        noun, _, plural = (spec or "").removeprefix(_COUNT).partition("|")
        unit = f" {plural or f'{noun}s'}" if (spec or "").startswith(_COUNT) else ""
        words = name.split("_")
        if words[-1] in _UNITS and len(words) > 1:
            words.pop()
        is_optional = name in _OPTIONAL or (not literal and len(text) > 1)
        space = " " if is_optional and not literal.endswith(" ") else ""
        text.append(f"{space}‹{' '.join(words)}›{unit}")
    return "".join(text)
