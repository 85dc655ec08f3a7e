"""How the chapters of an imported book are numbered, by the numbers in their titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from makeready.book.kinds import GROUPS
from makeready.importing.imported_book import Entry
from makeready.manuscript.title_numbers import SaidNumber, number_in_title

_CHAPTER = "chapter"
_BOOK, _PART = GROUPS
_LEAST_PARTS = 2


def numbering_of(body: Sequence[Entry], label: str) -> dict[str, str]:
    """Return the values of ``numbering`` for the body of a book; none if the default is right.

    Chapters begin again in each part if the titles of several parts do; parts have no numbers if
    none has one in its title while chapters begin again. ``label`` is the word for a chapter.
    """
    said = [(entry, _said(entry, label)) for entry in body]
    values: dict[str, str] = {}
    for kind in GROUPS:
        groups = [entry for entry in body if entry.kind == kind]
        values |= _form(kind, [_number_of_group(entry) for entry in groups])
    values |= _form(_CHAPTER, [number for _, number in said])
    if restart := _restart(said):
        parts = [entry for entry in body if entry.kind in GROUPS]
        if not any(map(_number_of_group, parts)):
            values |= {kind: "none" for kind in GROUPS if any(p.kind == kind for p in parts)}
        values["restart"] = restart
    return values


def _form(kind: str, numbers: Sequence[SaidNumber | None]) -> dict[str, str]:
    """Return the form that most numbers have which a word is with, if it is not the usual one."""
    forms = Counter(number.form for number in numbers if number is not None and number.is_labelled)
    form = forms.most_common(1)[0][0] if forms else ""
    return {kind: form} if form in {"roman", "words"} else {}


def _number_of_group(entry: Entry) -> SaidNumber | None:
    """Return the number in the title of a part or book, which may be called by either word."""
    said = (number_in_title(entry.title, kind, "") for kind in GROUPS)
    return next((number for number in said if number is not None and number.is_labelled), None)


def _said(entry: Entry, label: str) -> SaidNumber | None:
    if entry.kind != _CHAPTER or entry.is_numbered is False:
        return None
    return number_in_title(entry.title, _CHAPTER, label)


def _restart(said: Sequence[tuple[Entry, SaidNumber | None]]) -> str:
    """Return the kind in which numbers begin again at 1, empty if they run on."""
    starts: Counter[str] = Counter()
    opened = ""
    for entry, number in said:
        if entry.kind in GROUPS:
            # A part that follows its book at once is within it.
            opened = entry.kind
        elif number is not None and opened:
            starts[opened] += number.value == 1
            opened = ""
    if starts[_PART] >= _LEAST_PARTS:
        return _PART
    return _BOOK if starts[_BOOK] + starts[_PART] >= _LEAST_PARTS else ""
