"""Finding the manuscript line of a text or an image on a page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote

from makeready.book.model import Book, Element
from makeready.checks.reading.image_header import image_facts
from makeready.checks.reading.page_objects import ObjectKind, PageObject
from makeready.findings import SourceLocation

_NOT_LETTERS = re.compile(r"[\W_]+")
_LEAST_LETTERS = 12
"""A shorter text could be from anywhere."""


class ManuscriptLocator:
    """Finds the line of a text or an image; the location of the PDF where it is unknown."""

    def __init__(self, pdf: SourceLocation, book: Book | None = None) -> None:
        self._pdf = pdf
        self._book = book
        self._blocks: list[tuple[str, SourceLocation]] | None = None
        self._images: dict[tuple[int, int], set[SourceLocation]] | None = None

    def location_of(self, page_object: PageObject) -> SourceLocation:
        """Return the location of an object: of a text or an image, the line its block begins on."""
        if page_object.kind is ObjectKind.IMAGE and self._book is not None:
            if self._images is None:
                self._images = _images(self._book)
            shown = self._images.get(page_object.pixels, set())
            # Images with as many pixels cannot be told apart.
            return next(iter(shown)) if len(shown) == 1 else self._pdf
        letters = _letters(page_object.text) if page_object.kind is ObjectKind.TEXT else ""
        if self._book is None or len(letters) < _LEAST_LETTERS:
            return self._pdf
        if self._blocks is None:
            self._blocks = list(_blocks(self._book))
        locations = {location for text, location in self._blocks if letters in text}
        # A text that occurs several times, such as a running head, has no location.
        return locations.pop() if len(locations) == 1 else self._pdf


def _blocks(book: Book) -> Iterator[tuple[str, SourceLocation]]:
    """Yield the letters and the location of every block, without the blocks inside it."""
    for section in book.sections:
        texts_by_line: dict[int, list[str]] = defaultdict(list)
        line = 0
        stack = [(section.tree, 0, False)]
        while stack:
            element, line, is_tail = stack.pop()
            if is_tail:
                texts_by_line[line].append(element.tail or "")
                continue
            line_text = element.get("data-line") or ""
            inner = int(line_text) if line_text.isdigit() else line
            texts_by_line[inner].append(element.text or "")
            for child in reversed(element):
                stack += [(child, inner, True), (child, inner, False)]
        for note in section.notes:
            texts_by_line[note.line] += [str(text) for text in note.tree.itertext()]
        for number, texts in texts_by_line.items():
            if number and section.source_path:
                location = section.origins.location(number)
                yield _letters("".join(texts)), location


def _images(book: Book) -> dict[tuple[int, int], set[SourceLocation]]:
    """Return where raster images are shown, by their pixels; an image may be turned."""
    sizes: dict[str, tuple[int, int]] = {}
    for resource in book.resources:
        try:
            with (book.root / resource.path).open("rb") as file:
                facts = image_facts(file)
        except OSError:
            continue
        if facts is not None and not facts.is_drawing:
            sizes[resource.path] = facts.width, facts.height
    shown: dict[tuple[int, int], set[SourceLocation]] = defaultdict(set)
    for section in book.sections:
        for tree in (section.tree, *(note.tree for note in section.notes)):
            for image in tree.iter("img"):
                size = sizes.get(unquote(image.get("src") or ""))
                line = _line_of(image)
                if size is not None and line and section.source_path:
                    location = section.origins.location(line)
                    shown[size].add(location)
                    shown[size[::-1]].add(location)
    return shown


def _line_of(element: Element) -> int:
    lines = (one.get("data-line") or "" for one in (element, *element.iterancestors()))
    return next((int(line) for line in lines if line.isdigit()), 0)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
