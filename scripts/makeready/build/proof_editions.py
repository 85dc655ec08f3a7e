"""Proofs made of editions: their finished pages on sheets with queries and changes."""

from __future__ import annotations

from collections.abc import Iterator

from makeready.book.model import Edition, EditionKind
from makeready.build.context import BuildContext
from makeready.build.manifest import PROOF, Artefact
from makeready.build.open_queries import counted_queries
from makeready.build.pdf_editions import FinishedPdf
from makeready.build.proof_context import ProofContext, settings_in_words
from makeready.build.request import file_name, proof_name
from makeready.proofs.marks import ProofMarks, place_marks
from makeready.proofs.page_lines import BookLines, book_lines, screen_lines
from makeready.proofs.sheet_markup import ProofHead
from makeready.proofs.text_blocks import blocks_of_document
from makeready.wording import counted

_COUNTING = (
    "Lines are counted on each page from its first, headings and notes included; running heads are "
    "not counted."
)


def write_proof_pdf(context: BuildContext, edition: Edition, finished: FinishedPdf) -> Artefact:
    """Write the proof of an edition with pages, and return its entry for the manifest."""
    # It imports the engine, which nothing else in this process needs.
    from makeready.proofs.proof_pdf import ProofPages, proof_pdf  # noqa: PLC0415

    assert context.proof is not None
    book, paginated = context.book_of(edition), finished.paginated
    solution = paginated.solution
    is_print = edition.kind is EditionKind.PRINT
    with context.stage("Drawing proof", edition.name):
        lines = (book_lines if is_print else screen_lines)(
            solution.imposition, solution.fragments, book.labels["cover"]
        )
        marks = place_marks(
            book,
            lines,
            lambda section: blocks_of_document(paginated.document(section, solution.page_map)),
            context.proof.changes,
        )
        head = ProofHead(
            book.metadata.title,
            edition.name,
            book.metadata.language,
            context.proof.dated,
            context.proof.since,
            context.proof.watermark,
        )
        pages = ProofPages(
            content=finished.content,
            geometry=paginated.geometry,
            mirrored=is_print,
            lines=lines,
            marks=marks,
            head=head,
            facts=tuple(_facts(context.proof, edition, lines, marks)),
        )
        content = proof_pdf(pages, book, context.layouts, context.fonts)
    name = proof_name(file_name(context.book, edition))
    return context.write(name, content, edition.name, PROOF, len(lines.labels))


def _facts(
    proof: ProofContext, edition: Edition, lines: BookLines, marks: ProofMarks
) -> Iterator[str]:
    """Yield what a proof says of itself before its list."""
    yield f"Edition {edition.name}, {counted(len(lines.labels), 'page')}; {proof.dated}."
    yield f"{counted_queries(one.query for one in marks.queries)}. {_COUNTING}"
    if not proof.since:
        return
    pages = sorted({place.page for change in marks.changes for place in change.places})
    shown = ", ".join(lines.labels[page] for page in pages) or "none"
    yield (
        f"Changed since {proof.since} ({proof.since_dated}), on pages: {shown}. A bar stands "
        "beside lines with new words, or words in another form, such as italics, and beside new "
        "images; a triangle beside a line in which words were deleted."
    )
    if settings := settings_in_words(proof.settings):
        yield settings
