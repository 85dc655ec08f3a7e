"""Pages finished for the press: in the edition's inks, with nothing that does not print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Object, Operator

from makeready.pdf.inks import InkConverter
from makeready.pdf.shadings import convert_shading
from makeready.pdf_content.boxes import read_box
from makeready.pdf_content.colour_spaces import RGB
from makeready.pdf_content.graphics_state import Content, Instruction, operations
from makeready.pdf_content.resources import entries, entry
from makeready.pdf_content.transparency import is_transparent

_RGB = re.compile(rb"/DeviceRGB\b|\b(?:rg|RG)\b")
_SPACE = re.compile(rb"/(\S+) (?:cs|CS)\b")
_STATE = re.compile(rb"/(\S+) gs\n?")
_OPACITY = frozenset({"/ca", "/CA"})


def finish_pages(pdf: pikepdf.Pdf, ink: InkConverter) -> None:
    """Finish the pages of a file for the press, in place.

    Links and tags are removed (specifications section 1.3: KDP wants none), RGB colours and
    gradients converted to the inks, unused colour spaces and graphics states removed, and pages
    moved so that their boxes start at zero. Colours that are not RGB stay as they are, and so do
    images, which are in the inks already.
    """
    shared: dict[tuple[int, int], tuple[pikepdf.Object, set[str]]] = {}
    finisher = _ContentFinisher(ink)
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/StructParents", "/Tabs", "/Metadata"):
            if key in page.obj:
                del page.obj[key]
        resources = page.obj.Resources
        used = shared.setdefault(resources.objgen, (resources, set()))[1]
        used |= finisher.finish(page.obj.Contents, resources)
        _move_to_origin(page)
    for resources, used in shared.values():
        _keep_used(resources, used)


def _keep_used(resources: Object, used: set[str]) -> None:
    """Remove all colour spaces and graphics states but those used, given by name."""
    for family in ("/ColorSpace", "/ExtGState"):
        kept = {k: v for k, v in resources.get(family, {}).items() if k in used}
        if family in resources:
            del resources[family]
        if kept:
            resources[family] = pikepdf.Dictionary(kept)


class _ContentFinisher:
    """A finisher of content streams and of the forms, patterns and masks they use, each once."""

    def __init__(
        self,
        ink: InkConverter,
        seen: set[tuple[int, int]] | None = None,
        blending_space: str = "/DeviceCMYK",
    ) -> None:
        self._ink = ink
        # Blended in grey, a group would become four inks where a page is in CMYK.
        self._blending_space = blending_space
        self._seen: set[tuple[int, int]] = set() if seen is None else seen

    def finish(self, stream: Object, resources: Object) -> set[str]:
        """Finish a stream and what it can use; return the names of its colour spaces and states."""
        content = old = stream.read_bytes()
        if _RGB.search(content):
            instructions = _in_inks(Content(stream, resources), self._ink)
            content = pikepdf.unparse_content_stream(list(instructions))
        content = _without_opaque_states(content, dict(resources.get("/ExtGState", {}).items()))
        if content != old:
            stream.write(content)
        names = (*_SPACE.findall(content), *_STATE.findall(content))
        used = {f"/{name.decode()}" for name in names}
        self._finish_masks(resources)
        for shading in entries(resources, "/Shading"):
            convert_shading(shading, self._ink)
        for family in ("/XObject", "/Pattern"):
            for child in entries(resources, family):
                used |= self._finish_child(child, resources)
        return used

    def _finish_masks(self, resources: Object) -> None:
        """Finish the soft masks of graphics states in grey, which is the transparency they give."""
        for state in entries(resources, "/ExtGState"):
            mask = entry(state, "/SMask", "/G")
            if mask is not None:
                _ContentFinisher(InkConverter(), self._seen, "/DeviceGray").finish_mask(mask)

    def finish_mask(self, mask: pikepdf.Stream) -> None:
        """Finish the form of a soft mask."""
        self._finish_child(mask, Dictionary())

    def _finish_child(self, child: Object, resources: Object) -> set[str]:
        if not isinstance(child, pikepdf.Stream) or child.get("/Subtype") == "/Image":
            return set()
        if child.objgen in self._seen:
            return set()
        self._seen.add(child.objgen)
        if entry(child, "/Group", "/CS") == "/DeviceRGB":
            child.Group.CS = Name(self._blending_space)
        own = child.get("/Resources")
        used = self.finish(child, own if own is not None else resources)
        if own is not None and own.objgen != resources.objgen:
            _keep_used(own, used)
        return used


def _without_opaque_states(content: bytes, states: Mapping[str, Object]) -> bytes:
    """Remove graphics states that only set full opacity, if the content sets no others."""
    # The engine sets an opacity of 1 before it draws, and PDF 1.3, which X-1a and X-3 ask for, has
    # no opacity at all. No upstream issue known; once the engine leaves it out, this can go.
    named = {f"/{name.decode()}" for name in _STATE.findall(content)}
    opaque = all(
        set(states[name].keys()) <= _OPACITY and not is_transparent(states[name]) for name in named
    )
    return _STATE.sub(b"", content) if named and opaque else content


def _in_inks(content: Content, ink: InkConverter) -> Iterator[Instruction]:
    """Yield the instructions with every RGB colour converted to the inks."""
    for operation in operations(content):
        if not (operation.chooses_colour and operation.colour.space == RGB):
            yield operation.instruction
        elif operation.operator in ("cs", "CS"):
            yield ContentStreamInstruction([Name(ink.space)], operation.instruction.operator)
        elif operation.operator in ("rg", "RG"):
            operator = Operator(ink.operator(operation.operator))
            yield ContentStreamInstruction(_converted(operation.operands, ink), operator)
        else:
            yield ContentStreamInstruction(
                _converted(operation.operands, ink), operation.instruction.operator
            )


def _converted(operands: Sequence[Any], ink: InkConverter) -> list[float]:
    red, green, blue = (float(value) for value in operands)
    return ink.colour(red, green, blue)


def _move_to_origin(page: pikepdf.Page) -> None:
    """Move a page so that its media box starts at zero, and make that its bleed box."""
    # The engine gives pages with bleed a media box that starts below zero, which some programs
    # show shifted (WeasyPrint #2685). Once it starts at zero, the shift can go.
    media = read_box(page.mediabox)
    left, bottom = media.left, media.bottom
    if not left and not bottom:
        return
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if key in page.obj:
            page.obj[key] = pikepdf.Array(astuple(read_box(page.obj[key]).moved(-left, -bottom)))
    # The engine's bleed box is at most 10 pt wider than the trim; no upstream issue known.
    page.obj.BleedBox = page.obj.MediaBox
    page.contents_add(f"q 1 0 0 1 {-left:g} {-bottom:g} cm".encode(), prepend=True)
    page.contents_add(b"Q")
