"""The print interior made print-true: black ink only, nothing in it but what is printed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import ContentStreamInstruction, Name, Object, Operator

_FORBIDDEN_IN_CATALOG = (
    "/Outlines",
    "/Names",
    "/Dests",
    "/PageMode",
    "/OpenAction",
    "/AcroForm",
    "/AA",
    "/StructTreeRoot",
    "/MarkInfo",
    "/PieceInfo",
    "/Metadata",
)
_SPACE_OPERATORS = {"cs": "scn", "CS": "SCN"}
_COLOUR_OPERATORS = {"sc": "cs", "scn": "cs", "SC": "CS", "SCN": "CS"}
_RGB_COMPONENTS = 3


def finish_interior(content: bytes) -> bytes:
    """Finish a typeset interior for the press.

    Links, bookmarks, names and metadata streams go (specifications section 1.3: KDP wants
    none); RGB operators become grey; colour spaces that nothing uses leave the resources;
    boxes start at zero. Text keeps its pure black as it is.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for key in _FORBIDDEN_IN_CATALOG:
            if key in pdf.Root:
                del pdf.Root[key]
        seen: set[tuple[int, int]] = set()
        for page in pdf.pages:
            for key in ("/Annots", "/AA", "/StructParents", "/Tabs", "/Metadata"):
                if key in page.obj:
                    del page.obj[key]
            page.contents_coalesce()
            used = _blacken(pdf, page.obj, page.obj.Contents)
            _finish_resources(pdf, page.obj, used, seen)
            _rebase(page)
        pdf.docinfo["/Trapped"] = Name("/False")
        pdf.remove_unreferenced_resources()
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            recompress_flate=False,
        )
    return out.getvalue()


def _finish_resources(
    pdf: pikepdf.Pdf, holder: Object, used: set[str], seen: set[tuple[int, int]]
) -> None:
    """Give a stream's resources only the colour spaces it uses, and finish the forms in them."""
    resources = holder.get("/Resources")
    if resources is None:
        return
    if "/ColorSpace" in resources:
        own = pikepdf.Dictionary(dict(resources.items()))
        spaces = {k: v for k, v in resources.ColorSpace.items() if k in used}
        del own["/ColorSpace"]
        if spaces:
            own["/ColorSpace"] = pikepdf.Dictionary(spaces)
        holder["/Resources"] = own
    for family in ("/XObject", "/Pattern"):
        for child in dict(resources.get(family, {}).items()).values():
            is_stream = isinstance(child, pikepdf.Stream)
            if not is_stream or child.objgen in seen or child.get("/Subtype") == "/Image":
                continue
            seen.add(child.objgen)
            _finish_resources(pdf, child, _blacken(pdf, child, child), seen)


def _blacken(pdf: pikepdf.Pdf, holder: Object, stream: Object) -> set[str]:
    """Rewrite the RGB colours of one content stream as grey; return the spaces it names."""
    used: set[str] = set()
    instructions = list(_grey(pikepdf.parse_content_stream(holder), used))
    content = pikepdf.unparse_content_stream(instructions)
    if isinstance(stream, pikepdf.Stream):
        stream.write(content)
    else:
        holder["/Contents"] = pdf.make_stream(content)
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
