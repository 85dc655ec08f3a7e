"""A work as citeproc-py has it, from the data of CSL's JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from citeproc import NAMES
from citeproc.source import Date, DateRange, LiteralDate, Name, Reference
from citeproc.string import MixedString, NoCase, String


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LONGEST_TEXT = 5_000
_LONGEST_NUMBER = 200
_MOST_NAMES = 500
_NUMBERS = _words(
    """
    chapter-number citation-number collection-number edition first-reference-note-number issue
    locator number number-of-pages number-of-volumes page page-first part-number printing-number
    section supplement-number version volume
    """
)
_DATES = frozenset({"accessed", "available-date", "event-date", "issued", "original-date"}) | {
    "submitted"
}
_OTHER_NAMES = {
    "shortTitle": "title-short",
    "journalAbbreviation": "container-title-short",
    "event": "event-title",
}
_UNREAD = _words("id type abstract custom citation-key")
_NAME_PARTS = ("family", "given", "dropping-particle", "non-dropping-particle", "suffix")
_NO_CASE = re.compile(r'<span class="nocase">(.*?)</span>', re.DOTALL)
_SMALL_CAPITALS = re.compile(r'<span style="font-variant: ?small-caps;?">')
_MARKUP = re.compile(
    r'</?(?:i|b|sup|sub|sc)>|<span class="(?:nocase|smallcaps)">|</span>|&(?=#?\w{1,8};)'
)
_OTHER_TAG = re.compile(
    r"<(?!/?(?:i|b|sup|sub|sc|span)>|span class=\"(?:nocase|smallcaps)\">"
    r"|span style=\"font-variant: ?small-caps;?\">)/?[A-Za-z][^<>]{0,500}>"
)
_TAG = re.compile(r"<(/?)(\w+)[^<>]*>")
_BRACKET = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


class Work(Reference):  # type: ignore[misc]
    """A work and its variables, under CSL's names and those of citeproc-py."""

    def __init__(self, key: str, data: Mapping[str, Any]) -> None:
        dict.__init__(self)
        values: dict[str, Any] = {}
        for name, value in data.items():
            variable = _OTHER_NAMES.get(name, name)
            if variable in _UNREAD:
                continue
            if (read := _value(variable, value)) is not None:
                values[variable] = read
        if "event-title" in values:
            values["event"] = values["event-title"]
        for variable, value in values.items():
            self[variable] = self[variable.replace("-", "_")] = value
        self.key, self.type = key, str(data.get("type", "document"))[:100].lower()


def _value(variable: str, value: Any) -> Any:
    if variable in _DATES:
        return _date(value) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        is_names = variable.replace("-", "_") in NAMES or all(isinstance(v, Mapping) for v in value)
        return (_names(value) or None) if is_names else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _text(variable, str(value)) if str(value).strip() else None


def _text(variable: str, text: str) -> Any:
    if variable == "language":
        return text[:20]
    if variable in _NUMBERS:
        return String(_escaped(text[:_LONGEST_NUMBER]))
    return rich_text(text)


def rich_text(text: str) -> Any:
    """Return a text with CSL's markup as citeproc-py has it."""
    text = _balanced(_escaped(text[:_LONGEST_TEXT]))
    pieces = MixedString()
    end = 0
    for found in _NO_CASE.finditer(text):
        if _balanced(found[1]) != found[1]:
            continue
        if found.start() > end:
            pieces.append(String(text[end : found.start()]))
        if found[1]:
            pieces.append(NoCase(found[1]))
        end = found.end()
    if end < len(text) or not pieces:
        pieces.append(String(text[end:]))
    return pieces


def _escaped(text: str) -> str:
    """Return markup in which only that of CSL is left."""
    text = _OTHER_TAG.sub("", text)
    text = _SMALL_CAPITALS.sub('<span class="smallcaps">', text)
    pieces: list[str] = []
    end = 0
    for found in _MARKUP.finditer(text):
        pieces += [_plain(text[end : found.start()]), found[0]]
        end = found.end()
    joined = "".join([*pieces, _plain(text[end:])])
    return joined.replace("<sc>", '<span class="smallcaps">').replace("</sc>", "</span>")


def _plain(text: str) -> str:
    return "".join(_BRACKET.get(letter, letter) for letter in text)


def _balanced(text: str) -> str:
    """Return markup without tags that are not closed, or that close nothing."""
    opened: list[tuple[str, tuple[int, int]]] = []
    wrong: list[tuple[int, int]] = []
    for tag in _TAG.finditer(text):
        if not tag[1]:
            opened.append((tag[2], tag.span()))
        elif opened and opened[-1][0] == tag[2]:
            opened.pop()
        else:
            wrong.append(tag.span())
    for start, end in sorted([*wrong, *(span for _, span in opened)], reverse=True):
        text = text[:start] + text[end:]
    return text


def _names(value: list[Any]) -> list[Any]:
    names: list[Any] = []
    for person in value[:_MOST_NAMES]:
        if not isinstance(person, Mapping):
            continue
        parts = {
            part: _plain(str(person[part])[:_LONGEST_NUMBER])
            for part in (*_NAME_PARTS, "literal")
            if isinstance(person.get(part), str) and person[part].strip()
        }
        if "literal" in parts or ("family" not in parts and "given" in parts):
            names.append(Name(literal=parts.get("literal") or parts["given"]))
        elif "family" in parts:
            names.append(Name(**parts))
    return names


def _date(value: Mapping[str, Any]) -> Any:
    is_circa = bool(value.get("circa"))
    dates = [_single(parts) for parts in _parts(value)[:2]]
    known = [date for date in dates if date]
    season = value.get("season")
    if known and isinstance(season, int | str) and str(season).isdigit():
        known[0]["season"] = int(str(season)[:2])
    if len(known) > 1:
        return DateRange(begin=Date(**known[0]), end=Date(**known[1]), circa=is_circa)
    if len(known) == 1 and known[0]["year"]:
        return Date(circa=is_circa, **known[0])
    literal = value.get("literal") or value.get("raw")
    if isinstance(literal, str | int) and str(literal).strip():
        return LiteralDate(String(_plain(str(literal)[:_LONGEST_NUMBER])), circa=is_circa)
    return None


def _parts(value: Mapping[str, Any]) -> list[Any]:
    parts = value.get("date-parts")
    return parts if isinstance(parts, list) else []


def _single(parts: Any) -> dict[str, int]:
    numbers: list[int] = []
    for part in parts[:3] if isinstance(parts, list) else []:
        try:
            numbers.append(int(str(part)[:6]))
        except ValueError:
            break
    return dict(zip(("year", "month", "day"), numbers, strict=False))
