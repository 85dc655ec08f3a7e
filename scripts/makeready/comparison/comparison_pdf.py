"""A comparison as a PDF: old and new pages side by side, with what differs marked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from markupsafe import Markup
from pikepdf import Dictionary, Name

from makeready.comparison.compare_files import Comparison
from makeready.comparison.page_change import Change, ComparedPages
from makeready.comparison.page_words import Box
from makeready.comparison.wording import change_in_words, counts_in_words
from makeready.engine.section_job import TypesetterConfig
from makeready.engine.text_cache import cached_text_layout
from makeready.engine.typesetter import write_pdf
from makeready.fonts import Font
from makeready.pagination.worker import make_typesetter
from makeready.pdf.images import ImageTarget

_WIDTH, _HEIGHT = 841.89, 595.28
_EDGE_PT, _HEAD_PT, _GAP_PT = 28.0, 44.0, 20.0
_OLD_TINT, _NEW_TINT, _FRAME = "1 0.8 0.78", "0.78 0.93 0.78", "0.72 0.72 0.72"
_OLD, _NEW, _MULTIPLY = "OldPage", "NewPage", "Multiply"
_XHTML = "http://www.w3.org/1999/xhtml"


def comparison_pdf(
    comparison: Comparison,
    old: Path,
    new: Path,
    names: tuple[str, str],
    styles: str,
    fonts: tuple[Font, ...],
) -> bytes:
    """Return the comparison of two files; ``names`` are what they are called in it."""
    shown = comparison.shown()
    config = TypesetterConfig(
        (styles, f"@page{{size:{_WIDTH}pt {_HEIGHT}pt;margin:0}}"),
        fonts,
        (("fonts", fonts[0].path.parent),) if fonts else (),
        ImageTarget(None),
        None,
    )
    with cached_text_layout():
        document = _document(comparison, shown, names)
        typeset = make_typesetter(config).typeset(document, 1, on_verso=False)
        sheets = write_pdf([typeset], None, fonts)
    out = io.BytesIO()
    with (
        pikepdf.open(io.BytesIO(sheets)) as target,
        pikepdf.open(old) as before,
        pikepdf.open(new) as after,
    ):
        first = len(target.pages) - len(shown)
        for index, compared in enumerate(shown):
            _fill(target, target.pages[first + index], compared, before, after)
        target.save(out, deterministic_id=True)
    return out.getvalue()


def _document(
    comparison: Comparison, shown: Sequence[ComparedPages], names: tuple[str, str]
) -> str:
    items = Markup("").join(
        Markup('<li><a href="#p{}">{}</a></li>').format(index, change_in_words(one))
        for index, one in enumerate(shown)
    )
    summary = Markup(
        '<section class="summary"><h1>What changed</h1><p>{} → {}</p><p>{}</p><ol>{}</ol></section>'
    ).format(*names, counts_in_words(comparison), items)
    pages = Markup("").join(
        Markup(
            '<section class="pair" id="p{}"><p class="old">{}</p><h1>{}</h1>'
            '<p class="new">{}</p></section>'
        ).format(index, names[0], change_in_words(one), names[1])
        for index, one in enumerate(shown)
    )
    return Markup(
        '<html xmlns="{}" lang="en"><head><title>What changed</title></head>'
        "<body>{}{}</body></html>"
    ).format(_XHTML, summary, pages)


def _fill(
    target: pikepdf.Pdf,
    sheet: pikepdf.Page,
    compared: ComparedPages,
    before: pikepdf.Pdf,
    after: pikepdf.Pdf,
) -> None:
    """Put the old and the new page on a sheet, and mark where they differ."""
    width = (_WIDTH - 2 * _EDGE_PT - _GAP_PT) / 2
    sides = (
        (_OLD, before, compared.old, compared.old_boxes, _EDGE_PT, _OLD_TINT),
        (_NEW, after, compared.new, compared.new_boxes, _EDGE_PT + width + _GAP_PT, _NEW_TINT),
    )
    xobjects = Dictionary()
    parts = []
    for name, source, number, boxes, left, tint in sides:
        if number is None:
            continue
        page = source.pages[number]
        xobjects[f"/{name}"] = target.copy_foreign(page.as_form_xobject())
        is_alone = compared.change in (Change.INSERTED, Change.REMOVED)
        parts.append(_shown(name, page, boxes, left, width, tint, is_whole=is_alone))
    multiply = Dictionary(Type=Name.ExtGState, BM=Name.Multiply)
    resources = Dictionary(dict(sheet.obj.get("/Resources", {}).items()))
    resources.XObject = xobjects
    states = Dictionary(dict(resources.get("/ExtGState", {}).items()))
    states[f"/{_MULTIPLY}"] = multiply
    resources.ExtGState = states
    sheet.obj.Resources = resources
    sheet.contents_add(b"q", prepend=True)
    sheet.contents_add(("Q\n" + "\n".join(parts)).encode("ascii"))


def _shown(
    name: str,
    page: pikepdf.Page,
    boxes: Sequence[Box],
    left: float,
    width: float,
    tint: str,
    *,
    is_whole: bool,
) -> str:
    """Return the content that shows a page in a column, with its edge and its marks."""
    crop = [float(edge) for edge in page.cropbox]
    trim = [float(edge) for edge in page.trimbox]
    page_width, page_height = trim[2] - trim[0], trim[3] - trim[1]
    scale = min(width / page_width, (_HEIGHT - _HEAD_PT - _EDGE_PT) / page_height)
    x = left + (width - page_width * scale) / 2
    y = _HEIGHT - _HEAD_PT - page_height * scale
    parts = [
        f"q {scale:.5f} 0 0 {scale:.5f} {x - trim[0] * scale:.3f} {y - trim[1] * scale:.3f} cm",
        f"/{name} Do",
        f"/{_MULTIPLY} gs {tint} rg",
    ]
    if is_whole:
        parts.append(f"{trim[0]:.2f} {trim[1]:.2f} {page_width:.2f} {page_height:.2f} re f")
    for box in boxes:
        box_left, bottom = crop[0] + box.left - 1, crop[1] + box.bottom - 1
        box_width, box_height = box.right - box.left + 2, box.top - box.bottom + 2
        parts.append(f"{box_left:.2f} {bottom:.2f} {box_width:.2f} {box_height:.2f} re f")
    frame = f"{x:.2f} {y:.2f} {page_width * scale:.2f} {page_height * scale:.2f}"
    parts.append(f"Q q {_FRAME} RG 0.4 w {frame} re S Q")
    return "\n".join(parts)
