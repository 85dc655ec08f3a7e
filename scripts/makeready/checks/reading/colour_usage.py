"""The colours and the transparency used in a PDF: operators, images, patterns, forms.

A colour space that a page only lists does not count: the engine lists three on every page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pikepdf

from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.colour_spaces import (
    RGB,
    ColourSpace,
    InkUse,
    ink_use,
    read_colour_space,
)
from makeready.pdf_content.graphics_state import (
    COLOUR_OPERATORS,
    MALFORMED_CONTENT,
    Content,
    Operation,
    operations,
)
from makeready.pdf_content.resources import appearances, entry
from makeready.pdf_content.transparency import is_transparent

_TILING = 1


class UseKind(Enum):
    """How a colour is used, to paint or in an image, or that it is a spot colour or a tint.

    Transparency and transparency groups have no colour.
    """

    PAINT = "paint"
    IMAGE = "image"
    SPOT = "spot"
    TINT = "tint"
    TRANSPARENCY = "transparency"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ColourUse:
    """A use of colours other than plain black, by their colour space.

    CMYK counts only with an ink other than black. The space of a spot colour is its name.
    """

    kind: UseKind
    space: str = ""


Colours = dict[ColourUse, list[int]]
"""The colour uses of a PDF, each with its pages from 1."""


def read_colours(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> Colours:
    """Read the colours of all pages; report a page that cannot be read."""
    reader = ColourReader()
    pages: Colours = defaultdict(list)
    for number, page in enumerate(pdf.pages, start=1):
        try:
            uses = reader.page_colours(page)
        except MALFORMED_CONTENT as error:
            reason = str(error) or type(error).__name__
            findings.add("PRN-013", location, reason=f"page {number}: {reason}")
            continue
        for use in uses:
            pages[use].append(number)
    return dict(pages)


class ColourReader:
    """A reader of one PDF's pages, which reads what several pages share once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], frozenset[ColourUse]] = {}

    def page_colours(self, page: pikepdf.Page) -> frozenset[ColourUse]:
        """Return the colours of a page that are not plain black."""
        content = Content(page, page.resources)
        uses = self._content_colours(content) | _group_use(page.obj)
        for appearance in appearances(page):
            uses |= self._nested_colours(content, appearance)
        return uses

    def _nested_colours(self, content: Content, stream: Any) -> frozenset[ColourUse]:
        """Return the colours of a form, pattern or mask that a content paints with."""
        key = stream.objgen
        if key not in self._read:
            # Set before it is read: a form may paint itself.
            self._read[key] = frozenset()
            self._read[key] = self._content_colours(content.nested(stream)) | _group_use(stream)
        return self._read[key]

    def _content_colours(self, content: Content) -> frozenset[ColourUse]:
        uses: set[ColourUse] = set()
        # Content begins in black: a form may be painted from several places, in any colour.
        for operation in operations(content, COLOUR_OPERATORS):
            if isinstance(operation.instruction, pikepdf.ContentStreamInlineImage):
                image = operation.instruction.iimage
                uses.update(
                    _uses_of_any_colour(UseKind.IMAGE, _inline_space(image, content.resources))
                )
            elif not operation.operands:
                # Broken content, which paints nothing.
                continue
            elif operation.chooses_colour:
                uses.update(self._choice_colours(operation))
            else:
                uses.update(self._painting_colours(operation))
        return frozenset(uses)

    def _choice_colours(self, operation: Operation) -> Iterator[ColourUse]:
        space, operands = operation.colour.space, operation.operands
        if operation.operator in ("cs", "CS"):
            yield from _uses_of_space(UseKind.PAINT, space)
        elif not isinstance(operands[-1], pikepdf.Name):
            yield from _uses_of_colour(space, operands)
        else:
            yield from self._pattern_colours(operation, space)

    def _pattern_colours(
        self, operation: Operation, space: ColourSpace | None
    ) -> Iterator[ColourUse]:
        if space is not None and space.base is not None:
            # An uncoloured pattern: the operands before its name are its colour.
            yield from _uses_of_colour(space.base, operation.operands[:-1])
        pattern = _resource(operation, "/Pattern")
        if pattern.get("/PatternType") == _TILING:
            yield from self._nested_colours(operation.content, pattern)
        elif "/Shading" in pattern:
            yield from _uses_of_shading(pattern["/Shading"], operation.content.resources)

    def _painting_colours(self, operation: Operation) -> Iterator[ColourUse]:
        content = operation.content
        if operation.operator == "sh":
            shading = _resource(operation, "/Shading")
            yield from _uses_of_shading(shading, content.resources)
        elif operation.operator == "gs":
            state = _resource(operation, "/ExtGState")
            if is_transparent(state):
                yield ColourUse(UseKind.TRANSPARENCY)
            if (mask := entry(state, "/SMask", "/G")) is not None:
                yield from self._nested_colours(content, mask)
        elif operation.operator == "Do":
            drawn = _resource(operation, "/XObject")
            if drawn.get("/Subtype") == "/Image":
                if "/SMask" in drawn:
                    yield ColourUse(UseKind.TRANSPARENCY)
                space = read_colour_space(drawn.get("/ColorSpace"), content.resources)
                yield from _uses_of_any_colour(UseKind.IMAGE, space)
            elif drawn.get("/Subtype") == "/Form":
                yield from self._nested_colours(content, drawn)


def _resource(operation: Operation, category: str) -> Any:
    return operation.resource(category) or pikepdf.Dictionary()


def _group_use(holder: Any) -> frozenset[ColourUse]:
    is_group = entry(holder, "/Group", "/S") == "/Transparency"
    return frozenset([ColourUse(UseKind.GROUP)] if is_group else [])


def _inline_space(image: Any, resources: Any) -> ColourSpace | None:
    """Return the colour space of an inline image; one that pikepdf cannot read has no name."""
    try:
        return None if image.image_mask else read_colour_space(image.colorspace, resources)
    except NotImplementedError:
        return ColourSpace("a space of its own")


def _uses_of_space(kind: UseKind, space: ColourSpace | None) -> Iterator[ColourUse]:
    """Yield the uses in choosing a space: of a space without inks, of spot colours."""
    if space is None:
        return
    for part in space.parts():
        for name in part.spots:
            yield ColourUse(UseKind.SPOT, name)
        if not (part.is_ink or part.base is not None or part.names or part.family == "Pattern"):
            yield ColourUse(kind, part.label)


def _uses_of_any_colour(kind: UseKind, space: ColourSpace | None) -> Iterator[ColourUse]:
    """Yield the uses where any colour of a space may occur."""
    yield from _uses_of_space(kind, space)
    if space is not None and any(part.is_cmyk for part in space.parts()):
        yield ColourUse(kind, "DeviceCMYK")


def _uses_of_colour(space: ColourSpace | None, values: Any) -> Iterator[ColourUse]:
    """Yield the uses in painting in one colour of a space."""
    if space == RGB:
        yield ColourUse(UseKind.PAINT, "DeviceRGB")
        return
    inks = ink_use(space, values)
    if inks in (InkUse.MIXED, InkUse.FULL) or (
        inks is InkUse.TINT and _takes_other_than_black(space, values)
    ):
        yield ColourUse(UseKind.PAINT, "DeviceCMYK")
    elif inks is InkUse.TINT:
        yield ColourUse(UseKind.TINT, "DeviceGray")


def _takes_other_than_black(space: ColourSpace | None, values: Any) -> bool:
    if space is None or space.channels == 1:
        return space is not None and space.names not in ((), ("Black",))
    return ink_use(space, [*values[:3], 0]) is not InkUse.NONE


def _uses_of_shading(shading: Any, resources: Any) -> Iterator[ColourUse]:
    """Yield the uses in painting a shading."""
    space = read_colour_space(shading.get("/ColorSpace"), resources)
    yield from _uses_of_space(UseKind.PAINT, space)
    if space is not None and any(part.is_cmyk for part in space.parts()):
        ends = list(_end_colours(shading.get("/Function")))
        if not ends or any(_takes_other_than_black(space, end) for end in ends):
            yield ColourUse(UseKind.PAINT, "DeviceCMYK")


def _end_colours(function: Any, depth: int = 4) -> Iterator[Any]:
    """Yield the colours at the ends of a function, as far as it names them."""
    if isinstance(function, pikepdf.Array) and depth:
        for one in function:
            yield from _end_colours(one, depth - 1)
        return
    for key in ("/C0", "/C1"):
        colour = entry(function, key)
        if isinstance(colour, pikepdf.Array):
            yield list(colour)
    if depth:
        yield from _end_colours(entry(function, "/Functions"), depth - 1)
