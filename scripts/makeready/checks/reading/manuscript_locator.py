"""Where in the manuscript what is seen on a page comes from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from makeready.book.model import Book
from makeready.checks.reading.page_objects import ObjectKind, PageObject
from makeready.findings import SourceLocation

_UNSEEN = re.compile(r"[\W_]+")
_LEAST_LETTERS = 12
"""A text of fewer letters says nothing of where it is from."""


class ManuscriptLocator:
    """Finds the line of the manuscript of a text; the PDF itself where it cannot be told."""

    def __init__(self, pdf: SourceLocation, book: Book | None = None) -> None:
        self._pdf = pdf
        self._book = book
        self._blocks: list[tuple[str, SourceLocation]] | None = None

    def of(self, thing: PageObject) -> SourceLocation:
        """Return the place of a thing: of a text the line its block begins on."""
        letters = _letters(thing.text) if thing.kind is ObjectKind.TEXT else ""
        if self._book is None or len(letters) < _LEAST_LETTERS:
            return self._pdf
        if self._blocks is None:
            self._blocks = list(_blocks(self._book))
        found = {place for text, place in self._blocks if letters in text}
        # What stands in several places, a running head say, is of none of them.
        return found.pop() if len(found) == 1 else self._pdf


def _blocks(book: Book) -> Iterator[tuple[str, SourceLocation]]:
    """Yield the letters of every block of the text, without those of blocks inside it."""
    for section in book.sections:
        own: dict[int, list[str]] = defaultdict(list)
        line = 0
        stack = [(section.tree, 0, False)]
        while stack:
            element, line, is_tail = stack.pop()
            if is_tail:
                own[line].append(element.tail or "")
                continue
            given = element.get("data-line") or ""
            inner = int(given) if given.isdigit() else line
            own[inner].append(element.text or "")
            for child in reversed(element):
                stack += [(child, inner, True), (child, inner, False)]
        for note in section.notes:
            own[note.line] += [str(text) for text in note.tree.itertext()]
        for number, texts in own.items():
            if number and section.source_path:
                place = SourceLocation(section.source_path, number)
                yield _letters("".join(texts)), place


def _letters(text: str) -> str:
    return _UNSEEN.sub("", text).casefold()
