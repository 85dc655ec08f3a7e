"""The print interior made print-true: black ink only, nothing in it but what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Object, Operator

_SPACE_OPERATORS = {"cs": "scn", "CS": "SCN"}
_COLOUR_OPERATORS = {"sc": "cs", "scn": "cs", "SC": "CS", "SCN": "CS"}
_RGB_COMPONENTS = 3
_RGB = re.compile(rb"/DeviceRGB\b|\b(?:rg|RG)\b")
_SPACE = re.compile(rb"/(\S+) (?:cs|CS)\b")


def finish_pages(pdf: pikepdf.Pdf) -> None:
    """Finish the pages of a file for the press.

    Links and tags go (specifications section 1.3: KDP wants none); RGB operators become grey;
    colour spaces that nothing uses leave the resources; boxes start at zero. Text keeps its
    pure black as it is.
    """
    shared: dict[tuple[int, int], tuple[pikepdf.Object, set[str]]] = {}
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/StructParents", "/Tabs", "/Metadata"):
            if key in page.obj:
                del page.obj[key]
        resources = page.obj.Resources
        used = shared.setdefault(resources.objgen, (resources, set()))[1]
        used |= _blacken(page.obj.Contents, resources, seen)
        _rebase(page)
    for resources, used in shared.values():
        _keep_spaces(resources, used)


def _keep_spaces(resources: Object, used: set[str]) -> None:
    """Leave only the colour spaces that are used."""
    spaces = {k: v for k, v in resources.get("/ColorSpace", {}).items() if k in used}
    if "/ColorSpace" in resources:
        del resources["/ColorSpace"]
    if spaces:
        resources["/ColorSpace"] = pikepdf.Dictionary(spaces)


def _blacken(stream: Object, resources: Object, seen: set[tuple[int, int]]) -> set[str]:
    """Make one content stream black and grey, and the forms it can use; name its spaces."""
    content = stream.read_bytes()
    if _RGB.search(content):
        used: set[str] = set()
        stream.write(
            pikepdf.unparse_content_stream(list(_grey(pikepdf.parse_content_stream(stream), used)))
        )
    else:
        used = {f"/{name.decode()}" for name in _SPACE.findall(content)}
    for family in ("/XObject", "/Pattern"):
        for child in dict(resources.get(family, {}).items()).values():
            is_stream = isinstance(child, pikepdf.Stream)
            if not is_stream or child.objgen in seen or child.get("/Subtype") == "/Image":
                continue
            seen.add(child.objgen)
            own = child.get("/Resources")
            inner = _blacken(child, own if own is not None else resources, seen)
            if own is not None and own.objgen != resources.objgen:
                _keep_spaces(own, inner)
            used |= inner
    return used


def _grey(
    instructions: object, used: set[str]
) -> Iterator[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]:
    """Yield the instructions with every RGB colour as the grey of its lightness."""
    spaces = {"cs": "/DeviceGray", "CS": "/DeviceGray"}
    stack: list[dict[str, str]] = []
    for instruction in instructions:  # type: ignore[attr-defined]
        operator = str(instruction.operator)
        operands = list(instruction.operands)
        if operator == "q":
            stack.append(dict(spaces))
        elif operator == "Q" and stack:
            spaces = stack.pop()
        if operator in {"rg", "RG"}:
            grey = "g" if operator == "rg" else "G"
            yield ContentStreamInstruction([_lightness(operands)], Operator(grey))
            continue
        if operator in _SPACE_OPERATORS:
            spaces[operator] = str(operands[0])
            if spaces[operator] == "/DeviceRGB":
                yield ContentStreamInstruction([Name("/DeviceGray")], instruction.operator)
                continue
            used.add(spaces[operator])
        elif operator in _COLOUR_OPERATORS and _is_rgb(spaces, operator, operands):
            yield ContentStreamInstruction([_lightness(operands)], instruction.operator)
            continue
        yield instruction


def _is_rgb(spaces: dict[str, str], operator: str, operands: list[Object]) -> bool:
    return spaces[_COLOUR_OPERATORS[operator]] == "/DeviceRGB" and len(operands) == _RGB_COMPONENTS


def _lightness(operands: list[Object]) -> float:
    """Weigh red, green and blue by ITU-R BT.601, as a grey from 0 (black) to 1."""
    red, green, blue = (float(value) for value in operands)
    return round(0.299 * red + 0.587 * green + 0.114 * blue, 4)


def _rebase(page: pikepdf.Page) -> None:
    """Move a page so that its media box starts at zero."""
    left, bottom = float(page.mediabox[0]), float(page.mediabox[1])
    if not left and not bottom:
        return
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if key in page.obj:
            x0, y0, x1, y1 = (float(value) for value in page.obj[key])
            page.obj[key] = pikepdf.Array([x0 - left, y0 - bottom, x1 - left, y1 - bottom])
    page.contents_add(f"q 1 0 0 1 {-left:g} {-bottom:g} cm".encode(), prepend=True)
    page.contents_add(b"Q")
