"""The mark of a draft: a word in plain type at the upper edge of each page."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

MARK = "Draft"

_SIZE_PT = 8.0
_FROM_EDGE_PT = 9.0
# The widths of the letters are those of Helvetica, in thousandths of an em (Adobe's metrics).
_WIDTH_PT = (722 + 333 + 556 + 278 + 278) / 1000 * _SIZE_PT
_PADDING_PT = 3.0
_CENTRE, _PANELS = (0.5,), (0.25, 0.75)
_PRESS_CLAIMS = ("/GTS_PDFXVersion", "/GTS_PDFXConformance")


def with_draft_mark(content: bytes, *, on_cover: bool = False) -> bytes:
    """Return a PDF with the mark of a draft on each page, on a cover on its back and its front.

    It claims no standard of the press any more.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        forms: dict[tuple[float, ...], pikepdf.Object] = {}
        for page in pdf.pages:
            box = tuple(float(edge) for edge in page.trimbox)
            if box not in forms:
                forms[box] = _form(pdf, box, font, _PANELS if on_cover else _CENTRE)
            _show(page, forms[box])
        for key in _PRESS_CLAIMS:
            if key in pdf.docinfo:
                del pdf.docinfo[key]
        if "/MarkInfo" not in pdf.Root and "/Metadata" in pdf.Root:
            # The XMP packet of a file for the press repeats the claim, and says little else.
            del pdf.Root["/Metadata"]
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _form(
    pdf: pikepdf.Pdf, box: tuple[float, ...], font: pikepdf.Object, shares: tuple[float, ...]
) -> pikepdf.Object:
    """Return a form with the mark, centred at each of these shares of the width of a page."""
    left, _, right, top = box
    baseline = top - _FROM_EDGE_PT - _SIZE_PT * 0.7
    lines = []
    for share in shares:
        start = left + (right - left) * share - _WIDTH_PT / 2
        ground = (
            f"{start - _PADDING_PT:.2f} {baseline - _PADDING_PT:.2f} "
            f"{_WIDTH_PT + 2 * _PADDING_PT:.2f} {_SIZE_PT * 0.7 + 2 * _PADDING_PT:.2f} re f"
        )
        text = f"BT /Mark {_SIZE_PT:g} Tf {start:.2f} {baseline:.2f} Td ({MARK}) Tj ET"
        lines.append(f"1 g {ground} 0 g {text}")
    form = pdf.make_stream("\n".join(lines).encode("ascii"))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array(list(box))
    form.Resources = Dictionary(Font=Dictionary(Mark=font))
    return pdf.make_indirect(form)


def _show(page: pikepdf.Page, form: pikepdf.Object) -> None:
    """Draw a form over a page, as an artefact, which reading aloud leaves out."""
    # Sections share resources, so that a page gets its own before one is added.
    resources = Dictionary(dict(page.obj.get("/Resources", {}).items()))
    xobjects = Dictionary(dict(resources.get("/XObject", {}).items()))
    xobjects.DraftMark = form
    resources.XObject = xobjects
    page.obj.Resources = resources
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q /Artifact BMC q /DraftMark Do Q EMC")
