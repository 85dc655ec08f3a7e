"""The colour spaces a PDF paints in: operators, images, shadings, patterns, forms.

A space that a page only lists and never uses is not counted: the typesetting engine lists
three on every page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pikepdf

from makeready.checks.painted import entry

_OPERATORS = "rg RG cs CS scn SCN sh gs Do BI ID EI"
_RGB_OPERATORS = frozenset({"rg", "RG"})
_INK_SPACES = frozenset({"/DeviceGray", "/DeviceCMYK", "/G", "/CMYK", "/Pattern"})
_ABBREVIATIONS = {"/RGB": "/DeviceRGB", "/I": "/Indexed"}
_BASED_ON_SECOND = frozenset({"/Indexed", "/I", "/Pattern"})
_BASED_ON_THIRD = frozenset({"/Separation", "/DeviceN"})
_TILING = 1


class Use(Enum):
    """What a colour is used for."""

    PAINT = "paint"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class ColourUse:
    """A colour space that is not of ink, and what it is used for."""

    use: Use
    space: str


class ColourReader:
    """Reads the pages of one PDF; what several pages share is read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], frozenset[ColourUse]] = {}

    def of_page(self, page: pikepdf.Page) -> frozenset[ColourUse]:
        """Return the spaces a page uses that are neither grey nor CMYK."""
        uses = self._of_content(page, page.resources)
        for annotation in page.obj.get("/Annots", ()):
            appearance = entry(annotation, "/AP", "/N")
            if isinstance(appearance, pikepdf.Stream):
                uses |= self._of_form(appearance, page.resources)
        return uses

    def _of_form(self, form: Any, resources: Any) -> frozenset[ColourUse]:
        key = form.objgen
        if key in self._read:
            return self._read[key]
        # Set before it is read: a form may draw itself.
        self._read[key] = frozenset()
        uses = self._of_content(form, form.get("/Resources", resources))
        self._read[key] = uses
        return uses

    def _of_content(self, content: Any, resources: Any) -> frozenset[ColourUse]:
        uses: set[ColourUse] = set()
        for instruction in pikepdf.parse_content_stream(content, _OPERATORS):
            uses.update(self._of_instruction(instruction, resources))
        return frozenset(uses)

    def _of_instruction(
        self,
        instruction: Any,
        resources: Any,
    ) -> Iterator[ColourUse]:
        operator = str(instruction.operator)
        if operator == "INLINE IMAGE":
            yield from _spaces(Use.IMAGE, _inline_space(instruction.iimage), resources)
            return
        operands = instruction.operands
        if not operands:
            # Broken content: nothing is painted with it.
            return
        if operator in _RGB_OPERATORS:
            yield ColourUse(Use.PAINT, "DeviceRGB")
        elif operator in ("cs", "CS"):
            yield from _spaces(Use.PAINT, operands[0], resources)
        elif operator == "sh":
            shading = _resource(resources, "/Shading", operands[0])
            yield from _spaces(Use.PAINT, shading.get("/ColorSpace"), resources)
        elif operator in ("scn", "SCN"):
            if isinstance(operands[-1], pikepdf.Name):
                pattern = _resource(resources, "/Pattern", operands[-1])
                yield from self._of_pattern(pattern, resources)
        elif operator == "gs":
            mask = entry(resources, "/ExtGState", str(operands[0]), "/SMask", "/G")
            if mask is not None:
                yield from self._of_form(mask, resources)
        elif operator == "Do":
            yield from self._of_object(_resource(resources, "/XObject", operands[0]), resources)

    def _of_pattern(self, pattern: Any, resources: Any) -> Iterator[ColourUse]:
        if pattern.get("/PatternType") == _TILING:
            yield from self._of_form(pattern, resources)
        elif "/Shading" in pattern:
            yield from _spaces(Use.PAINT, pattern["/Shading"].get("/ColorSpace"), resources)

    def _of_object(self, drawn: Any, resources: Any) -> Iterator[ColourUse]:
        if drawn.get("/Subtype") == "/Image":
            yield from _spaces(Use.IMAGE, drawn.get("/ColorSpace"), resources)
        elif drawn.get("/Subtype") == "/Form":
            yield from self._of_form(drawn, resources)


def _resource(resources: Any, kind: str, name: Any) -> Any:
    return entry(resources, kind, str(name)) or pikepdf.Dictionary()


def _inline_space(image: Any) -> Any:
    """Return the space of an inline image, an unusual one under a name of our own."""
    try:
        return None if image.image_mask else image.colorspace
    except NotImplementedError:
        return "/a space of its own"


def _spaces(use: Use, space: Any, resources: Any) -> Iterator[ColourUse]:
    """Yield the space, or those it is based on, where it is not one of ink."""
    if space is None:
        # A mask: it has the colour that is painted through it.
        return
    if isinstance(space, pikepdf.Array):
        family = str(space[0])
        if family in _BASED_ON_SECOND:
            if len(space) > 1:
                yield from _spaces(use, space[1], resources)
        elif family in _BASED_ON_THIRD:
            yield from _spaces(use, space[2], resources)
        elif family not in _INK_SPACES:
            yield ColourUse(use, family.removeprefix("/"))
        return
    name = str(space)
    if name in _INK_SPACES:
        return
    named = entry(resources, "/ColorSpace", name)
    if named is not None and str(named) != name:
        yield from _spaces(use, named, resources)
    else:
        yield ColourUse(use, _ABBREVIATIONS.get(name, name).removeprefix("/"))
