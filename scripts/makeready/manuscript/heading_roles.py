"""The roles of the headings of a whole manuscript: books, parts, chapters, and those of the text.

Their words tell more than their levels, which many files mix: “BOOK ONE”, “PART I”, “Chapter 12”.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from makeready.book.kinds import GROUPS
from makeready.book.labels import labels_in_all_languages
from makeready.manuscript.title_numbers import further_labels, number_in_title

CHAPTER = "chapter"
TEXT = ""
"""The role of a heading in the text of a chapter."""

_VOLUME, _BOOK, _PART = "volume", *GROUPS
_LEAST_CHAPTERS = 2


@dataclass(frozen=True, slots=True)
class ManuscriptHeading:
    """A heading: its level, its words, and whether text follows it before the next."""

    level: int
    text: str
    has_text: bool


@dataclass(frozen=True, slots=True)
class HeadingRoles:
    """The role of each heading, and the word that books and parts have in the text.

    ``words`` has “Volume” for books that are called so, by the kind of section.
    """

    roles: tuple[str, ...]
    words: dict[str, str]


def heading_roles(headings: Sequence[ManuscriptHeading]) -> HeadingRoles | None:
    """Return the roles of a manuscript's headings; None if their levels tell enough.

    They do where nothing is numbered with a word, and where all that is are titles of the first
    level: chapters. Of two words for what holds chapters, the one that comes first is the higher.
    """
    classes = [_class_of(heading.text) for heading in headings]
    found = list(dict.fromkeys(name for name in classes if name not in {"", CHAPTER}))
    chapters = [index for index, name in enumerate(classes) if name == CHAPTER]
    if not found and all(headings[index].level == 1 for index in chapters):
        return None
    kinds = dict.fromkeys(found, _PART)
    if found and (len(found) > 1 or found[0] != _PART):
        kinds[found[0]] = _BOOK
    if not chapters:
        chapters = _bare_chapters(headings, classes)
    lowest = "" if chapters or not found else found[-1]
    if lowest and _have_text(headings, classes, lowest):
        # “PART ONE” and the like are what the book calls its chapters.
        chapters = [index for index, name in enumerate(classes) if name == lowest]
        kinds[lowest] = CHAPTER
    roles = [kinds.get(name, TEXT) for name in classes]
    for index in chapters:
        roles[index] = CHAPTER
    titles = [heading.level for heading, role in zip(headings, roles, strict=True) if role]
    # Files mix the levels of chapters: that of most tells the others.
    levels = Counter([headings[index].level for index in chapters] or titles)
    usual = levels.most_common(1)[0][0]
    for index, heading in enumerate(headings):
        if roles[index] != TEXT or not heading.has_text:
            continue
        before = index - 1
        is_subtitle = before >= 0 and roles[before] == CHAPTER and not headings[before].has_text
        if not is_subtitle and heading.level <= usual:
            roles[index] = CHAPTER
    words = {
        kind: _word_of(headings[classes.index(name)].text)
        for name, kind in kinds.items()
        if name != kind
    }
    return HeadingRoles(tuple(roles), words)


def _bare_chapters(headings: Sequence[ManuscriptHeading], classes: Sequence[str]) -> list[int]:
    """Return the headings that begin with a number, of the highest level that has several."""
    by_level: dict[int, list[int]] = {}
    for index, (heading, name) in enumerate(zip(headings, classes, strict=True)):
        said = None if name else number_in_title(heading.text, CHAPTER, "")
        if said is not None and not said.is_word:
            by_level.setdefault(heading.level, []).append(index)
    several = [found for _, found in sorted(by_level.items()) if len(found) >= _LEAST_CHAPTERS]
    return several[0] if several else []


def _have_text(headings: Sequence[ManuscriptHeading], classes: Sequence[str], wanted: str) -> bool:
    """Return whether text follows most of the headings of a class at once."""
    own = [
        heading.has_text for heading, name in zip(headings, classes, strict=True) if name == wanted
    ]
    return 2 * sum(own) > len(own)


def _class_of(text: str) -> str:
    """Return what a heading calls its section, if it has a number: volume, book, part, chapter."""
    for name in (CHAPTER, _PART, _BOOK):
        said = number_in_title(text, name, "")
        if said is not None and said.is_labelled:
            return _VOLUME if name == _BOOK and _volume().search(text[: said.end]) else name
    return TEXT


@cache
def _volume() -> re.Pattern[str]:
    books = {label.casefold() for label in labels_in_all_languages(_BOOK)}
    labels = [label for label in further_labels()[_VOLUME] if label.casefold() not in books]
    return re.compile("|".join(map(re.escape, labels)), re.IGNORECASE)


def _word_of(text: str) -> str:
    """Return the word for a section in a heading, without its number."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in {"the"}]
    return words[0].capitalize() if words else ""
