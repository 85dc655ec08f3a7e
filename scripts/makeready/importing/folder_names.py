"""Names of folders and files that say which part of a book they hold."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^\d+[ ._)-]*")
_SEPARATORS = re.compile(r"[\s._-]+")
_FRONT = frozenset({"front", "front matter", "frontmatter", "preliminaries", "prelims"})
_BACK = frozenset({"back", "back matter", "backmatter", "end matter", "endmatter"})
_WHOLE_TEXT = frozenset(
    {
        *("manuscript", "text", "texts", "body", "body matter", "bodymatter", "main"),
        *("main matter", "mainmatter", "chapters", "content", "contents", "draft", "book"),
        *("novel", "story", "src", "source", "markdown", "md", "kapitel", "chapitres"),
        *("capitulos", "capítulos", "capitoli", "главы"),
    }
)
_PART = re.compile(r"(?:part|book|volume|act|teil|band|livre|partie|parte|tome|часть)\b")
_GENERATED = frozenset(
    {
        *("title", "title page", "titlepage", "full title", "half title", "halftitle"),
        *("half title page", "halftitlepage", "bastard title", "toc", "table of contents"),
    }
)
_COPYRIGHT = frozenset(
    {
        *("copyright", "copyright page", "copyright statement", "copyright notice", "legal"),
        *("legal notice", "legal notices", "impressum", "mentions légales"),
    }
)


def division_of_folder(name: str) -> str:
    """Return the division of a book that a folder's name says: front, back, or empty."""
    words = _words(name)
    return "front" if words in _FRONT else "back" if words in _BACK else ""


def holds_whole_text(name: str, *, is_alone: bool) -> bool:
    """Return whether a folder is no part of a book, but the place of all its text.

    ``is_alone``: nothing is beside it.
    """
    words = _words(name)
    return words in _WHOLE_TEXT or (is_alone and not _PART.match(words))


def is_generated_page(name: str) -> bool:
    """Return whether a file is by its name a page that a build makes of the metadata."""
    return _words(name) in _GENERATED


def is_copyright_page(name: str) -> bool:
    """Return whether a file is by its name what stands on the copyright page."""
    return _words(name) in _COPYRIGHT


def _words(name: str) -> str:
    return _SEPARATORS.sub(" ", _NUMBER.sub("", name)).strip().casefold()
