"""The print interior made print-true: in its ink only, nothing in it but what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Object, Operator
from PIL import Image

from makeready.pdf.inks import InkConverter

_SPACE_OPERATORS = {"cs": "scn", "CS": "SCN"}
_COLOUR_OPERATORS = {"sc": "cs", "scn": "cs", "SC": "CS", "SCN": "CS"}
_RGB_COMPONENTS = 3
_RGB = re.compile(rb"/DeviceRGB\b|\b(?:rg|RG)\b")
_SPACE = re.compile(rb"/(\S+) (?:cs|CS)\b")
_STATE = re.compile(rb"/(\S+) gs\n?")
_OPACITY = frozenset({"/ca", "/CA"})


def finish_pages(pdf: pikepdf.Pdf, ink: InkConverter) -> None:
    """Finish the pages of a file for the press.

    Links and tags go (specifications section 1.3: KDP wants none); RGB operators and images are
    given in the ink; colour spaces and graphics states that change nothing leave the resources
    (PDF 1.3 knows no opacity, not even a full one); boxes start at zero. Text keeps its pure
    black as it is.
    """
    shared: dict[tuple[int, int], tuple[pikepdf.Object, set[str]]] = {}
    finishing = _PagePreparation(ink)
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/StructParents", "/Tabs", "/Metadata"):
            if key in page.obj:
                del page.obj[key]
        resources = page.obj.Resources
        used = shared.setdefault(resources.objgen, (resources, set()))[1]
        used |= finishing.finish(page.obj.Contents, resources)
        _rebase(page)
    for resources, used in shared.values():
        _keep(resources, used)


def _keep(resources: Object, used: set[str]) -> None:
    """Leave only the colour spaces and graphics states that are used."""
    for family in ("/ColorSpace", "/ExtGState"):
        kept = {k: v for k, v in resources.get(family, {}).items() if k in used}
        if family in resources:
            del resources[family]
        if kept:
            resources[family] = pikepdf.Dictionary(kept)


class _PagePreparation:
    """Finishes content streams, and the forms, patterns and images that they can use, once."""

    def __init__(self, ink: InkConverter) -> None:
        self._ink = ink
        self._seen: set[tuple[int, int]] = set()

    def finish(self, stream: Object, resources: Object) -> set[str]:
        """Finish one stream and what it can use; name the spaces and states it uses."""
        content = old = stream.read_bytes()
        if _RGB.search(content):
            instructions = pikepdf.parse_content_stream(stream)
            content = pikepdf.unparse_content_stream(list(_in_ink(instructions, self._ink)))
        content = _without_full_opacity(content, dict(resources.get("/ExtGState", {}).items()))
        if content != old:
            stream.write(content)
        names = (*_SPACE.findall(content), *_STATE.findall(content))
        used = {f"/{name.decode()}" for name in names}
        for family in ("/XObject", "/Pattern"):
            for child in dict(resources.get(family, {}).items()).values():
                if isinstance(child, pikepdf.Stream) and child.objgen not in self._seen:
                    self._seen.add(child.objgen)
                    used |= self._finish_child(child, resources)
        return used

    def _finish_child(self, child: pikepdf.Stream, resources: Object) -> set[str]:
        if child.get("/Subtype") == "/Image":
            if not self._ink.black_only:
                _ink_image(child, self._ink)
            return set()
        own = child.get("/Resources")
        used = self.finish(child, own if own is not None else resources)
        if own is not None and own.objgen != resources.objgen:
            _keep(own, used)
        return used


def _without_full_opacity(content: bytes, states: Mapping[str, Object]) -> bytes:
    """Take out graphics states that only say what holds anyway, where no other is set."""
    named = {f"/{name.decode()}" for name in _STATE.findall(content)}
    full = all(
        set(states[name].keys()) <= _OPACITY and all(float(v) == 1 for _, v in states[name].items())
        for name in named
    )
    return _STATE.sub(b"", content) if named and full else content


def _ink_image(image: pikepdf.Stream, ink: InkConverter) -> None:
    """Give an image of screen colours in inks, transparency laid on white."""
    space = image.get("/ColorSpace")
    if space is None or str(space) in {"/DeviceGray", "/DeviceCMYK"}:
        return
    picture = pikepdf.PdfImage(image).as_pil_image()
    mask = image.get("/SMask")
    if isinstance(mask, pikepdf.Stream):
        paper = Image.new("RGB", picture.size, "white")
        soft = pikepdf.PdfImage(mask).as_pil_image().convert("L").resize(picture.size)
        paper.paste(picture.convert("RGB"), mask=soft)
        picture = paper
    for key in ("/SMask", "/DecodeParms", "/Decode", "/Filter"):
        if key in image:
            del image[key]
    image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
    image.write(ink.picture(picture).tobytes())


def _in_ink(
    instructions: object, ink: InkConverter
) -> Iterator[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]:
    """Yield the instructions with every RGB colour as it is in the ink."""
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
            yield ContentStreamInstruction(_inked(operands, ink), Operator(ink.operator(operator)))
            continue
        if operator in _SPACE_OPERATORS:
            spaces[operator] = str(operands[0])
            if spaces[operator] == "/DeviceRGB":
                yield ContentStreamInstruction([Name(ink.space)], instruction.operator)
                continue
        elif operator in _COLOUR_OPERATORS and _is_rgb(spaces, operator, operands):
            yield ContentStreamInstruction(_inked(operands, ink), instruction.operator)
            continue
        yield instruction


def _inked(operands: list[Object], ink: InkConverter) -> list[float]:
    red, green, blue = (float(value) for value in operands)
    return ink.of(red, green, blue)


def _is_rgb(spaces: dict[str, str], operator: str, operands: list[Object]) -> bool:
    return spaces[_COLOUR_OPERATORS[operator]] == "/DeviceRGB" and len(operands) == _RGB_COMPONENTS


def _rebase(page: pikepdf.Page) -> None:
    """Move a page so that its media box starts at zero; what is over the trim is all bleed."""
    left, bottom = float(page.mediabox[0]), float(page.mediabox[1])
    if not left and not bottom:
        return
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if key in page.obj:
            x0, y0, x1, y1 = (float(value) for value in page.obj[key])
            page.obj[key] = pikepdf.Array([x0 - left, y0 - bottom, x1 - left, y1 - bottom])
    # The engine's own is never wider than 10 pt.
    page.obj.BleedBox = page.obj.MediaBox
    page.contents_add(f"q 1 0 0 1 {-left:g} {-bottom:g} cm".encode(), prepend=True)
    page.contents_add(b"Q")
