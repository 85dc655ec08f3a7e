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

from makeready.checks.reading.colour_spaces import (
    CMYK,
    GREY,
    RGB,
    ColourSpace,
    InkUse,
    ink_of,
    space_of,
)
from makeready.checks.reading.content import appearances, entry
from makeready.findings import Findings, SourceLocation

_OPERATORS = "q Q g G rg RG k K cs CS sc SC scn SCN sh gs Do BI ID EI"
_PLAIN = {"g": GREY, "rg": RGB, "k": CMYK}
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
_ORDINARY = frozenset({"/Normal", "/Compatible"})


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
        uses = self._of_content(page, page.resources) | _of_group(page.obj)
        for appearance in appearances(page):
            uses |= self._of_form(appearance, page.resources)
        return uses

    def _of_form(self, form: Any, resources: Any) -> frozenset[ColourUse]:
        key = form.objgen
        if key in self._read:
            return self._read[key]
        # Set before it is read: a form may draw itself.
        self._read[key] = frozenset()
        uses = self._of_content(form, form.get("/Resources", resources)) | _of_group(form)
        self._read[key] = uses
        return uses

    def _of_content(self, content: Any, resources: Any) -> frozenset[ColourUse]:
        uses: set[ColourUse] = set()
        # The spaces of what is filled and of what is stroked.
        chosen: tuple[ColourSpace | None, ColourSpace | None] = (GREY, GREY)
        saved: list[tuple[ColourSpace | None, ColourSpace | None]] = []
        for instruction in pikepdf.parse_content_stream(content, _OPERATORS):
            operator = str(instruction.operator)
            if operator == "q":
                saved.append(chosen)
            elif operator == "Q":
                chosen = saved.pop() if saved else chosen
            elif isinstance(instruction, pikepdf.ContentStreamInlineImage):
                uses.update(_uses(Use.IMAGE, _inline_space(instruction.iimage, resources)))
            elif not (operands := instruction.operands):
                # Broken content: nothing is painted with it.
                continue
            elif operator.lower() == "cs":
                space = space_of(operands[0], resources)
                chosen = (space, chosen[1]) if operator == "cs" else (chosen[0], space)
                uses.update(_named(Use.PAINT, space))
            elif operator.lower() in _PLAIN:
                space = _PLAIN[operator.lower()]
                chosen = (space, chosen[1]) if operator.islower() else (chosen[0], space)
                uses.update(_painted(space, operands))
            elif operator.lower() in ("sc", "scn"):
                space = chosen[0 if operator.islower() else 1]
                uses.update(self._of_colour(space, operands, resources))
            else:
                uses.update(self._of_painting(operator, operands[0], resources))
        return frozenset(uses)

    def _of_colour(
        self, space: ColourSpace | None, operands: Any, resources: Any
    ) -> Iterator[ColourUse]:
        if not isinstance(operands[-1], pikepdf.Name):
            yield from _painted(space, operands)
            return
        if space is not None and space.base is not None:
            # A pattern that is drawn in a colour given beside it.
            yield from _painted(space.base, operands[:-1])
        pattern = _resource(resources, "/Pattern", operands[-1])
        if pattern.get("/PatternType") == _TILING:
            yield from self._of_form(pattern, resources)
        elif "/Shading" in pattern:
            yield from _shaded(pattern["/Shading"], resources)

    def _of_painting(self, operator: str, name: Any, resources: Any) -> Iterator[ColourUse]:
        if operator == "sh":
            yield from _shaded(_resource(resources, "/Shading", name), resources)
        elif operator == "gs":
            state = _resource(resources, "/ExtGState", name)
            if _is_transparent(state):
                yield ColourUse(Use.TRANSPARENCY)
            if (mask := entry(state, "/SMask", "/G")) is not None:
                yield from self._of_form(mask, resources)
        elif operator == "Do":
            drawn = _resource(resources, "/XObject", name)
            if drawn.get("/Subtype") == "/Image":
                if "/SMask" in drawn:
                    yield ColourUse(Use.TRANSPARENCY)
                yield from _uses(Use.IMAGE, space_of(drawn.get("/ColorSpace"), resources))
            elif drawn.get("/Subtype") == "/Form":
                yield from self._of_form(drawn, resources)


def _of_group(holder: Any) -> frozenset[ColourUse]:
    is_one = entry(holder, "/Group", "/S") == "/Transparency"
    return frozenset([ColourUse(Use.GROUP)] if is_one else [])


def _is_transparent(state: Any) -> bool:
    modes = state.get("/BM", "/Normal")
    # Of several modes the first one that a program knows is taken.
    mode = modes[0] if isinstance(modes, pikepdf.Array) and len(modes) else modes
    opacity = min(float(state.get(key, 1)) for key in ("/ca", "/CA"))
    masked = isinstance(state.get("/SMask"), pikepdf.Dictionary)
    return opacity < 1 or masked or str(mode) not in _ORDINARY


def _resource(resources: Any, kind: str, name: Any) -> Any:
    return entry(resources, kind, str(name)) or pikepdf.Dictionary()


def _inline_space(image: Any, resources: Any) -> ColourSpace | None:
    """Return the space of an inline image, an unusual one under a name of our own."""
    try:
        return None if image.image_mask else space_of(image.colorspace, resources)
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
            yield ColourUse(use, part.called)


def _uses(use: Use, space: ColourSpace | None) -> Iterator[ColourUse]:
    """Yield what is used where any colour of a space may be."""
    yield from _named(use, space)
    if space is not None and any(part.holds_inks for part in space.parts()):
        yield ColourUse(use, "DeviceCMYK")


def _painted(space: ColourSpace | None, values: Any) -> Iterator[ColourUse]:
    """Yield what is used where one colour of a space is."""
    if space is RGB:
        yield ColourUse(Use.PAINT, "DeviceRGB")
        return
    ink = ink_of(space, values)
    if ink in (InkUse.MIXED, InkUse.FULL) or (
        ink is InkUse.TINT and _takes_other_than_black(space, values)
    ):
        yield ColourUse(Use.PAINT, "DeviceCMYK")
    elif ink is InkUse.TINT:
        yield ColourUse(Use.TINT, "DeviceGray")


def _takes_other_than_black(space: ColourSpace | None, values: Any) -> bool:
    if space is None or space.channels == 1:
        return space is not None and space.names not in ((), ("Black",))
    return ink_of(space, [*values[:3], 0]) is not InkUse.NONE


def _shaded(shading: Any, resources: Any) -> Iterator[ColourUse]:
    """Yield what a shading is painted in."""
    space = space_of(shading.get("/ColorSpace"), resources)
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
