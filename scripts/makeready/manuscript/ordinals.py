"""Ordinal numbers at the start of a line, which Markdown would read as items of a list."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from makeready.manuscript.source import Lines

_NUMBER = re.compile(r"(?:[ ]{0,3}(?:>|[-*+] ))*[ ]{0,3}(\d{1,9})(\.)[ ]+\S")


@cache
def _ordinal(language: str) -> re.Pattern[str] | None:
    """Return the pattern of an ordinal number and a word after it; None if there are no words."""
    text = files("makeready.manuscript").joinpath("ordinals.toml").read_text("utf-8")
    words = tomllib.loads(text).get(language.split("-", maxsplit=1)[0].lower())
    if words is None:
        return None
    return re.compile(rf"\.[ ]+(?:{'|'.join(map(re.escape, words))})(?!\w)")


def escape_ordinals(lines: Lines, language: str) -> Lines:
    """Return the lines with a backslash after each ordinal number that does not begin a list.

    ``3. května`` is a date. Between ``2.`` and ``4.`` on the lines around it, it is an item.
    """
    pattern = _ordinal(language)
    if pattern is None:
        return lines
    out = Lines()
    for index, (text, origin) in enumerate(zip(lines.text, lines.origin, strict=True)):
        number = _NUMBER.match(text) if ". " in text else None
        if number and pattern.match(text, number.start(2)) and not _is_in_list(lines.text, index):
            out.add(f"{text[: number.start(2)]}\\{text[number.start(2) :]}", origin)
        else:
            out.add(text, origin)
    return out


def _is_in_list(text: list[str], index: int) -> bool:
    """Return whether the number before or after that of a line begins the line before or after."""
    number = _number_of(text[index])
    before = _number_of(text[index - 1]) if index else None
    after = _number_of(text[index + 1]) if index + 1 < len(text) else None
    return number is not None and (before == number - 1 or after == number + 1)


def _number_of(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match[1]) if match else None
