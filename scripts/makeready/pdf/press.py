"""The print interior made print-true: in its ink only, nothing in it but what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Object, Operator
from PIL import Image

from makeready.pdf.inks import InkConverter
from makeready.pdf_content.boxes import read_box
from makeready.pdf_content.colour_spaces import RGB
from makeready.pdf_content.graphics_state import Content, Instruction, operations
from makeready.pdf_content.transparency import is_transparent

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
            instructions = _in_ink(Content(stream, resources), self._ink)
            content = pikepdf.unparse_content_stream(list(instructions))
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
    opaque = all(
        set(states[name].keys()) <= _OPACITY and not is_transparent(states[name]) for name in named
    )
    return _STATE.sub(b"", content) if named and opaque else content


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


def _in_ink(content: Content, ink: InkConverter) -> Iterator[Instruction]:
    """Yield the instructions with every RGB colour as it is in the ink."""
    for operation in operations(content):
        if not (operation.chooses_colour and operation.colour.space == RGB):
            yield operation.instruction
        elif operation.operator in ("cs", "CS"):
            yield ContentStreamInstruction([Name(ink.space)], operation.instruction.operator)
        elif operation.operator in ("rg", "RG"):
            operator = Operator(ink.operator(operation.operator))
            yield ContentStreamInstruction(_inked(operation.operands, ink), operator)
        else:
            yield ContentStreamInstruction(
                _inked(operation.operands, ink), operation.instruction.operator
            )


def _inked(operands: Sequence[Any], ink: InkConverter) -> list[float]:
    red, green, blue = (float(value) for value in operands)
    return ink.of(red, green, blue)


def _rebase(page: pikepdf.Page) -> None:
    """Move a page so that its media box starts at zero; what is over the trim is all bleed."""
    media = read_box(page.mediabox)
    left, bottom = media.left, media.bottom
    if not left and not bottom:
        return
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if key in page.obj:
            page.obj[key] = pikepdf.Array(astuple(read_box(page.obj[key]).moved(-left, -bottom)))
    # The engine's own is never wider than 10 pt.
    page.obj.BleedBox = page.obj.MediaBox
    page.contents_add(f"q 1 0 0 1 {-left:g} {-bottom:g} cm".encode(), prepend=True)
    page.contents_add(b"Q")
