"""Guides: a copy of a wrap with trim, bleed and folds drawn over it, not for print."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf

from makeready.printers.cover import CoverBox, CoverGeometry, mm_to_pt

_LINE_PT = 0.75
_LEGEND_PT = 8.0
_CYAN, _MAGENTA, _GREEN, _RED, _VIOLET = (
    "1 0 0 0",
    "0 1 0 0",
    "0.8 0 1 0",
    "0 1 1 0",
    "0.6 0.9 0 0",
)


def with_guides(content: bytes, geometry: CoverGeometry, barcode: CoverBox | None) -> bytes:
    """Draw trim, bleed, folds, hinges, safe areas and the barcode area over a finished wrap."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        fonts = page.obj.Resources.get("/Font", pikepdf.Dictionary())
        fonts["/Guides"] = pdf.make_indirect(font)
        page.obj.Resources.Font = fonts
        page.contents_add(b"q", prepend=True)
        lines = ["Q q", f"{_LINE_PT} w", *_lines(geometry, barcode), *_legend(geometry), "Q"]
        page.contents_add("\n".join(lines).encode("ascii"))
        for key in ("/GTS_PDFXVersion", "/GTS_PDFXConformance"):
            if key in pdf.docinfo:
                del pdf.docinfo[key]
        pdf.docinfo["/Title"] = f"Guides, not for print: {pdf.docinfo.get('/Title', '')}"
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _lines(geometry: CoverGeometry, barcode: CoverBox | None) -> Iterator[str]:
    height_mm = geometry.height_mm
    sheet = CoverBox(0.0, 0.0, geometry.width_mm, height_mm)
    yield from _box(sheet.inset(0.13), height_mm, _MAGENTA, "")
    yield from _box(geometry.trim, height_mm, _CYAN, "")
    for hinge in geometry.hinges:
        yield from _box(hinge, height_mm, _VIOLET, "1 2")
    for fold_mm in geometry.folds_mm:
        x_pt = mm_to_pt(fold_mm)
        yield f"[6 3] 0 d {_CYAN} K {x_pt:.3f} 0 m {x_pt:.3f} {geometry.height_pt:.3f} l S"
    safe_areas = (geometry.back_safe, geometry.front_safe, geometry.spine_text)
    for box in safe_areas:
        if box is not None:
            yield from _box(box, height_mm, _GREEN, "3 2")
    if geometry.barcode is not None:
        yield from _box(geometry.barcode, height_mm, _RED, "4 2")
    if barcode is not None and barcode != geometry.barcode:
        yield from _box(barcode, height_mm, _RED, "")


def _box(box: CoverBox, height_mm: float, colour: str, dash: str) -> Iterator[str]:
    left, bottom, right, top = box.pdf_rect_pt(height_mm)
    yield (
        f"[{dash}] 0 d {colour} K {left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} "
        "re S"
    )


def _legend(geometry: CoverGeometry) -> Iterator[str]:
    """Yield the legend of the lines, on a white background at the bottom of the front."""
    edge = "bleed" if geometry.binding == "paperback" else "turn-in"
    entries = [
        (_MAGENTA, f"{edge}: edge of the file"),
        (_CYAN, "trim; dashed: folds"),
        (_GREEN, "safety of text"),
        (_RED, "barcode"),
    ]
    if geometry.hinges:
        entries.append((_VIOLET, "hinges"))
    left, bottom, _, _ = geometry.front_safe.pdf_rect_pt(geometry.height_mm)
    depth = (len(entries) + 0.6) * _LEGEND_PT * 1.25
    top = bottom + depth + 8
    yield f"0 0 0 0 k {left + 4:.3f} {top - depth - 4:.3f} 118 {depth:.3f} re f"
    for number, (colour, text) in enumerate(entries, start=1):
        baseline = top - 4 - number * _LEGEND_PT * 1.25
        yield (
            f"[] 0 d {colour} K {left + 8:.3f} {baseline + 2.5:.3f} m "
            f"{left + 20:.3f} {baseline + 2.5:.3f} l S"
        )
        position = f"{left + 24:.3f} {baseline:.3f} Td"
        yield f"BT 0 0 0 1 k /Guides {_LEGEND_PT:g} Tf {position} ({text}) Tj ET"
