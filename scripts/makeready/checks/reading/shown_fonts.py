"""The fonts that the text of a PDF is shown in.

A font that a page only lists does not count, and neither does one that its content chooses without
showing text in it: many programs list the same fonts on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf

from makeready.pdf_content.graphics_state import (
    MALFORMED_CONTENT,
    Content,
    GraphicsState,
    Operation,
    font_and_size,
    operations,
)
from makeready.pdf_content.resources import (
    VisitedObjects,
    appearances,
    entries,
    entry,
    painting_objects,
)

_OPERATORS = "q Q gs Tf Tj TJ ' \" Do scn SCN"
_SHOWING = frozenset({"Tj", "TJ", "'", '"'})


def listed_fonts(pages: Iterable[pikepdf.Page]) -> Iterator[Any]:
    """Yield the fonts in the resources of pages and of their forms and patterns, each once."""
    keys: set[object] = set()
    read = VisitedObjects()
    for _, resources in painting_objects(pages):
        # Those of many pages are one object.
        if isinstance(resources, pikepdf.Dictionary) and read.seen_before(resources):
            continue
        states = entries(resources, "/ExtGState")
        chosen = (font_and_size(state.get("/Font"))[0] for state in states)
        for font in (*entries(resources, "/Font"), *filter(None, chosen)):
            key = _key(font)
            if key not in keys:
                keys.add(key)
                yield font


def shown_fonts(pdf: pikepdf.Pdf, fonts: Iterable[Any]) -> list[Any]:
    """Return those of some fonts that text is shown in.

    On a page that cannot be read, all fonts count as shown.
    """
    wanted = {_key(font): font for font in fonts}
    if not wanted:
        return []
    reader = _FontReader()
    for page in pdf.pages:
        if reader.keys.issuperset(wanted):
            break
        try:
            reader.read_page(page)
        except MALFORMED_CONTENT:
            reader.keys.update(_key(font) for font in listed_fonts([page]))
    return [font for key, font in wanted.items() if key in reader.keys]


def _key(font: Any) -> object:
    """Return what identifies a font: its number, or all of it if it is a direct object."""
    return font.objgen if font.is_indirect else font.unparse()


class _FontReader:
    """A reader of one PDF's pages; ``keys`` are those of the fonts that it found in use."""

    def __init__(self) -> None:
        self.keys: set[object] = set()
        self._read: set[tuple[tuple[int, int], object]] = set()

    def read_page(self, page: pikepdf.Page) -> None:
        """Read a page, and the appearances of its annotations."""
        content = Content(page, page.resources)
        self._read_content(content, GraphicsState())
        for appearance in appearances(page):
            self._read_nested(content, appearance, GraphicsState())

    def _read_nested(self, content: Content, stream: Any, state: GraphicsState) -> None:
        """Read a form, pattern, mask or glyph; a form begins with the font around it."""
        if not isinstance(stream, pikepdf.Stream):
            return
        key = (stream.objgen, None if state.font is None else _key(state.font))
        if key not in self._read:
            # Set before it is read: a form may paint itself.
            self._read.add(key)
            self._read_content(content.nested(stream), state)

    def _read_content(self, content: Content, state: GraphicsState) -> None:
        for operation in operations(content, _OPERATORS, state):
            if not operation.operands:
                continue
            if operation.operator in _SHOWING:
                if _shows_text(operation):
                    self._add(content, operation.state.font)
            elif operation.operator == "Do":
                form = operation.resource("/XObject")
                if entry(form, "/Subtype") == "/Form":
                    self._read_nested(content, form, operation.state)
            elif operation.operator == "gs":
                mask = entry(operation.resource("/ExtGState"), "/SMask", "/G")
                self._read_nested(content, mask, GraphicsState())
            elif operation.operator in ("scn", "SCN"):
                self._read_nested(content, operation.resource("/Pattern"), GraphicsState())

    def _add(self, content: Content, font: Any) -> None:
        if not isinstance(font, pikepdf.Dictionary) or _key(font) in self.keys:
            return
        self.keys.add(_key(font))
        for glyph in entries(font, "/CharProcs"):
            # The glyphs of a Type 3 font are content, which may show text in other fonts.
            resources = font.get("/Resources", content.resources)
            self._read_nested(Content(glyph, resources, content.depth), glyph, GraphicsState())


def _shows_text(operation: Operation) -> bool:
    """Return whether an operator shows at least one character."""
    shown = operation.operands[-1]
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    return any(isinstance(part, pikepdf.String) and len(bytes(part)) for part in parts)
