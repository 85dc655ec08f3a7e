"""The colours a PDF paints in, and what is seen through: operators, images, patterns, forms.

A space that a page only lists and never uses is not counted: the typesetting engine lists
three on every page.
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
    Content,
    Operation,
    operations,
)
from makeready.pdf_content.resources import appearances, entry
from makeready.pdf_content.transparency import is_transparent

_TILING = 1
_MALFORMED = (
    pikepdf.PdfError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What content that keeps to no standard makes a reader of it say."""


class Use(Enum):
    """What a colour is used for; a spot colour, and a tint of black, for either.

    And without a colour: that something is seen through, or might be, in a group.
    """

    PAINT = "paint"
    IMAGE = "image"
    SPOT = "spot"
    TINT = "tint"
    TRANSPARENCY = "seen through"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class ColourUse:
    """A colour that is not plain black, by its space, and what it is used for.

    Of CMYK: a colour that takes another ink than black. A spot colour is given by its name.
    """

    use: Use
    space: str = ""


Colours = dict[ColourUse, list[int]]
"""The colours of a PDF, and the pages, from 1, that each is on."""


def colours_of(pdf: pikepdf.Pdf, findings: Findings, location: SourceLocation) -> Colours:
    """Read the colours of all pages; one that cannot be read is a finding."""
    reader = ColourReader()
    pages: Colours = defaultdict(list)
    for number, page in enumerate(pdf.pages, start=1):
        try:
            uses = reader.of_page(page)
        except _MALFORMED as error:
            reason = str(error) or type(error).__name__
            findings.add("PRN-013", location, reason=f"page {number}: {reason}")
            continue
        for use in uses:
            pages[use].append(number)
    return dict(pages)


class ColourReader:
    """Reads the pages of one PDF; what several pages share is read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], frozenset[ColourUse]] = {}

    def of_page(self, page: pikepdf.Page) -> frozenset[ColourUse]:
        """Return the colours a page uses that are not plain black."""
        content = Content(page, page.resources)
        uses = self._of_content(content) | _of_group(page.obj)
        for appearance in appearances(page):
            uses |= self._of_nested(content, appearance)
        return uses

    def _of_nested(self, content: Content, stream: Any) -> frozenset[ColourUse]:
        """Return the colours of a form, pattern or mask that a content paints with."""
        key = stream.objgen
        if key not in self._read:
            # Set before it is read: a form may draw itself.
            self._read[key] = frozenset()
            self._read[key] = self._of_content(content.nested(stream)) | _of_group(stream)
        return self._read[key]

    def _of_content(self, content: Content) -> frozenset[ColourUse]:
        uses: set[ColourUse] = set()
        # A form is read in no colour of the content around it, as it may be in several.
        for operation in operations(content, COLOUR_OPERATORS):
            if isinstance(operation.instruction, pikepdf.ContentStreamInlineImage):
                image = operation.instruction.iimage
                uses.update(_uses(Use.IMAGE, _inline_space(image, content.resources)))
            elif not operation.operands:
                # Broken content: nothing is painted with it.
                continue
            elif operation.chooses_colour:
                uses.update(self._of_choice(operation))
            else:
                uses.update(self._of_painting(operation))
        return frozenset(uses)

    def _of_choice(self, operation: Operation) -> Iterator[ColourUse]:
        space, operands = operation.colour.space, operation.operands
        if operation.operator in ("cs", "CS"):
            yield from _named(Use.PAINT, space)
        elif not isinstance(operands[-1], pikepdf.Name):
            yield from _painted(space, operands)
        else:
            yield from self._of_pattern(operation, space)

    def _of_pattern(self, operation: Operation, space: ColourSpace | None) -> Iterator[ColourUse]:
        if space is not None and space.base is not None:
            # A pattern that is drawn in a colour given beside it.
            yield from _painted(space.base, operation.operands[:-1])
        pattern = _resource(operation, "/Pattern")
        if pattern.get("/PatternType") == _TILING:
            yield from self._of_nested(operation.content, pattern)
        elif "/Shading" in pattern:
            yield from _shaded(pattern["/Shading"], operation.content.resources)

    def _of_painting(self, operation: Operation) -> Iterator[ColourUse]:
        content = operation.content
        if operation.operator == "sh":
            shading = _resource(operation, "/Shading")
            yield from _shaded(shading, content.resources)
        elif operation.operator == "gs":
            state = _resource(operation, "/ExtGState")
            if is_transparent(state):
                yield ColourUse(Use.TRANSPARENCY)
            if (mask := entry(state, "/SMask", "/G")) is not None:
                yield from self._of_nested(content, mask)
        elif operation.operator == "Do":
            drawn = _resource(operation, "/XObject")
            if drawn.get("/Subtype") == "/Image":
                if "/SMask" in drawn:
                    yield ColourUse(Use.TRANSPARENCY)
                space = read_colour_space(drawn.get("/ColorSpace"), content.resources)
                yield from _uses(Use.IMAGE, space)
            elif drawn.get("/Subtype") == "/Form":
                yield from self._of_nested(content, drawn)


def _resource(operation: Operation, category: str) -> Any:
    return operation.resource(category) or pikepdf.Dictionary()


def _of_group(holder: Any) -> frozenset[ColourUse]:
    is_one = entry(holder, "/Group", "/S") == "/Transparency"
    return frozenset([ColourUse(Use.GROUP)] if is_one else [])


def _inline_space(image: Any, resources: Any) -> ColourSpace | None:
    """Return the space of an inline image, an unusual one under a name of our own."""
    try:
        return None if image.image_mask else read_colour_space(image.colorspace, resources)
    except NotImplementedError:
        return ColourSpace("a space of its own")


def _named(use: Use, space: ColourSpace | None) -> Iterator[ColourUse]:
    """Yield what the choice of a space tells: that it is not of ink, or of a spot colour."""
    if space is None:
        return
    for part in space.parts():
        for name in part.spots:
            yield ColourUse(Use.SPOT, name)
        if not (part.is_ink or part.base is not None or part.names or part.family == "Pattern"):
            yield ColourUse(use, part.label)


def _uses(use: Use, space: ColourSpace | None) -> Iterator[ColourUse]:
    """Yield what is used where any colour of a space may be."""
    yield from _named(use, space)
    if space is not None and any(part.holds_inks for part in space.parts()):
        yield ColourUse(use, "DeviceCMYK")


def _painted(space: ColourSpace | None, values: Any) -> Iterator[ColourUse]:
    """Yield what is used where one colour of a space is."""
    if space == RGB:
        yield ColourUse(Use.PAINT, "DeviceRGB")
        return
    inks = ink_use(space, values)
    if inks in (InkUse.MIXED, InkUse.FULL) or (
        inks is InkUse.TINT and _takes_other_than_black(space, values)
    ):
        yield ColourUse(Use.PAINT, "DeviceCMYK")
    elif inks is InkUse.TINT:
        yield ColourUse(Use.TINT, "DeviceGray")


def _takes_other_than_black(space: ColourSpace | None, values: Any) -> bool:
    if space is None or space.channels == 1:
        return space is not None and space.names not in ((), ("Black",))
    return ink_use(space, [*values[:3], 0]) is not InkUse.NONE


def _shaded(shading: Any, resources: Any) -> Iterator[ColourUse]:
    """Yield what a shading is painted in."""
    space = read_colour_space(shading.get("/ColorSpace"), resources)
    yield from _named(Use.PAINT, space)
    if space is not None and any(part.holds_inks for part in space.parts()):
        ends = list(_ends(shading.get("/Function")))
        if not ends or any(_takes_other_than_black(space, end) for end in ends):
            yield ColourUse(Use.PAINT, "DeviceCMYK")


def _ends(function: Any, depth: int = 4) -> Iterator[Any]:
    """Yield the colours that a function goes between, as far as it names them."""
    if isinstance(function, pikepdf.Array) and depth:
        for one in function:
            yield from _ends(one, depth - 1)
        return
    for key in ("/C0", "/C1"):
        colour = entry(function, key)
        if isinstance(colour, pikepdf.Array):
            yield list(colour)
    if depth:
        yield from _ends(entry(function, "/Functions"), depth - 1)
