"""A proof as a PDF: each page of a finished interior on a sheet with its marks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name

from makeready.book.model import Book
from makeready.engine.measure import block_heights_pt
from makeready.engine.resources import resource_folders
from makeready.engine.section_job import TypesetterConfig
from makeready.engine.text_cache import cached_text_layout
from makeready.engine.typesetter import write_pdf
from makeready.fonts import Font
from makeready.pagination.page_geometry import PageGeometry
from makeready.pagination.worker import make_typesetter
from makeready.pdf.images import ImageTarget
from makeready.pdf.page_labels import page_labels
from makeready.proofs.drawing import SheetDrawing
from makeready.proofs.letter_edges import LetterEdges
from makeready.proofs.marks import ProofMarks
from makeready.proofs.page_lines import BookLines
from makeready.proofs.sheet import Sheet, sheet_for
from makeready.proofs.sheet_markup import (
    NOTE_CLASS,
    PlacedNote,
    ProofHead,
    measuring_document,
    measuring_rule,
    place_notes,
    sheet_rule,
    sheets_document,
)
from makeready.templates.environment import Layouts

_FORM = Name.BookPage
_LIST_LABEL = "list"


@dataclass(frozen=True, slots=True)
class ProofPages:
    """A finished interior, and what is known of its pages."""

    content: bytes
    geometry: PageGeometry
    mirrored: bool
    lines: BookLines
    marks: ProofMarks
    head: ProofHead
    facts: Sequence[str]


def proof_pdf(pages: ProofPages, book: Book, layouts: Layouts, fonts: tuple[Font, ...]) -> bytes:
    """Return the proof of an interior."""
    sheet = sheet_for(pages.geometry, mirrored=pages.mirrored)
    families = ",".join(f'"{name}"' for name in dict.fromkeys(font.family for font in fonts))
    styles = (layouts.stylesheet("proof.css"), f"body{{font-family:{families}}}")
    folders = resource_folders(book, layouts, fonts)

    def config(rule: str) -> TypesetterConfig:
        return TypesetterConfig((*styles, rule), fonts, folders, ImageTarget(None), None)

    with cached_text_layout():
        notes = _notes(pages, sheet, config(measuring_rule(sheet)))
    titles = {
        pages.lines.first_pages[section.name]: section.title
        for section in book.sections
        if section.name in pages.lines.first_pages
    }
    document = sheets_document(
        pages.head, sheet, pages.lines, titles, notes, pages.marks, pages.facts
    )
    with cached_text_layout():
        typesetter = make_typesetter(config(sheet_rule(sheet)))
        typeset = typesetter.typeset(document, 1, on_verso=False)
        sheets = write_pdf([typeset], None, fonts)
    return _joined(sheets, pages, sheet, notes)


def _notes(pages: ProofPages, sheet: Sheet, config: TypesetterConfig) -> list[list[PlacedNote]]:
    """Return the notes beside each page."""
    queries = pages.marks.queries
    heights: dict[int, tuple[float, float]] = {}
    if queries:
        typesetter = make_typesetter(config)
        document = measuring_document(queries, pages.head)
        measured = block_heights_pt(typesetter.typeset(document, 1, on_verso=False), NOTE_CLASS)
        *both, rest = measured
        heights = {
            one.number: (both[2 * index], both[2 * index + 1]) for index, one in enumerate(queries)
        }
        heights[0] = (rest, rest)
    return [
        place_notes(pages.marks.queries_on(page), heights, sheet)
        for page in range(len(pages.lines.labels))
    ]


def _joined(
    sheets: bytes, pages: ProofPages, sheet: Sheet, notes: Sequence[Sequence[PlacedNote]]
) -> bytes:
    """Put the pages of the interior on their sheets."""
    out = io.BytesIO()
    edges = LetterEdges(pages.content)
    drawing = SheetDrawing(sheet, pages.marks, edges)
    with (
        pikepdf.open(io.BytesIO(pages.content)) as interior,
        pikepdf.open(io.BytesIO(sheets)) as proof,
    ):
        for number, page in enumerate(interior.pages):
            target = proof.pages[number]
            box = [float(edge) for edge in page.trimbox]
            _add_form(target, proof.copy_foreign(page.as_form_xobject()))
            x, y = sheet.page_left(number) - box[0], sheet.page_bottom - box[1]
            shown = f"q 1 0 0 1 {x:.4f} {y:.4f} cm {_FORM} Do Q"
            content = (
                f"q {drawing.under(number, notes[number])} Q\n{shown}\nq {drawing.over(number)} Q"
            )
            target.contents_add(b"q", prepend=True)
            target.contents_add(f"Q\n{content}".encode("ascii"))
        extra = len(proof.pages) - len(interior.pages)
        labels = [*pages.lines.labels, *(f"{_LIST_LABEL} {n}" for n in range(1, extra + 1))]
        proof.Root.PageLabels = page_labels(labels)
        proof.save(out, deterministic_id=True)
    edges.close()
    return out.getvalue()


def _add_form(page: pikepdf.Page, form: pikepdf.Object) -> None:
    """Add a form to the resources of a page, which all pages share until then."""
    resources = Dictionary(dict(page.obj.get("/Resources", {}).items()))
    xobjects = Dictionary(dict(resources.get("/XObject", {}).items()))
    xobjects[_FORM] = form
    resources.XObject = xobjects
    page.obj.Resources = resources
