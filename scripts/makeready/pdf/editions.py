"""The finished PDF editions: the print interior, and the same pages for a screen."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf

from makeready.book.model import Edition, PageMap
from makeready.findings import Findings, SourceLocation
from makeready.pdf.cover import (
    COVER_HEIGHT_PX,
    COVER_WIDTH_PX,
    cover_jpeg,
    cover_rule,
    typeset_cover,
)
from makeready.pdf.fragments.fragment import Fragment
from makeready.pdf.fragments.merge import Merge, Part
from makeready.pdf.labels import page_labels
from makeready.pdf.pagination import Pagination
from makeready.pdf.press import finish_interior

_PICTURE_WIDTH_PT = 432.0
# Object streams make a tagged file much smaller; printers' older software does not read them.
_PACKED, _PLAIN = pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """A finished file, its page count, and where the book's places fell."""

    content: bytes
    page_count: int
    page_map: PageMap


def make_interior(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make a print interior: every page of the imposition, blanks included, in pure black."""
    settled = pagination.paginate(edition).settled
    imposition = settled.imposition
    parts = [
        Part(
            place.section.name,
            settled.fragments[place.section.name],
            imposition.labels_of(place),
            place.blanks_before,
        )
        for place in imposition.places
    ]
    _report(pagination.findings, settled.fragments)
    after = imposition.page_count - sum(len(p.labels) + p.blanks_before for p in parts)
    merge = Merge(pagination.faces, settled.page_map.labels, tagged=False)
    pdf = merge.write(parts, page_labels(imposition.labels), blanks_after=after)
    finish_interior(pdf)
    return FinishedPdf(_saved(pdf, _PLAIN), imposition.page_count, settled.page_map)


def make_screen(pagination: Pagination, edition: Edition) -> FinishedPdf:
    """Make the screen edition: the cover, then the printed pages without their blanks.

    Pages keep the labels they have in print, so that a reader finds "page 41" in either.
    """
    settled = pagination.paginate(edition).settled
    cover = pagination.set_cover(edition.trim_width_pt, edition.trim_height_pt, edition)
    parts = [Part("cover", cover, [pagination.book.words["cover"]])]
    parts += [
        Part(
            place.section.name,
            settled.fragments[place.section.name],
            settled.imposition.labels_of(place),
        )
        for place in settled.imposition.places
    ]
    _report(pagination.findings, {"cover": cover, **settled.fragments})
    labels = [label for part in parts for label in part.labels]
    merge = Merge(pagination.faces, settled.page_map.labels, tagged=True)
    pdf = merge.write(parts, page_labels(labels))
    return FinishedPdf(_saved(pdf, _PACKED), len(labels), settled.page_map)


def make_cover_picture(pagination: Pagination) -> bytes:
    """Make the e-book's cover: an RGB JPEG of the shape every store takes."""
    width_pt = _PICTURE_WIDTH_PT
    rule = cover_rule(width_pt, width_pt * COVER_HEIGHT_PX / COVER_WIDTH_PX)
    recipe = pagination.recipe(pagination.layouts.stylesheet("cover.css"), rule)
    pagination.on_section("cover")
    cover = typeset_cover(
        pagination.book, pagination.layouts, recipe.typesetter(), pagination.findings
    )
    return cover_jpeg(cover)


def _report(findings: Findings, fragments: Mapping[str, Fragment]) -> None:
    """Take over what was seen and said when the fragments were set."""
    for name, fragment in fragments.items():
        for finding in fragment.findings:
            findings.keep(finding)
        # A missing glyph is named by the proofreader already, with its line.
        told = any(finding.id == "LAY-003" for finding in fragment.findings)
        for message in fragment.messages:
            if not (told and message.startswith(".notdef glyph")):
                location = SourceLocation(fragment.source_path or f"{name}.md")
                text = message.replace("http://book.invalid/", "")
                findings.add("LAY-001", location, message=text)


def _saved(pdf: pikepdf.Pdf, objects: pikepdf.ObjectStreamMode) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        object_stream_mode=objects,
        compress_streams=True,
        deterministic_id=True,
    )
    return out.getvalue()
