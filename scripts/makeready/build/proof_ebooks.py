"""Proofs made of e-books: queries as notes at their paragraphs, and a list of them."""

from __future__ import annotations

from collections.abc import Iterator

from makeready.book.model import Edition
from makeready.build.context import BuildContext
from makeready.build.cover_picture import draw_cover_picture
from makeready.build.manifest import PROOF, Artefact
from makeready.build.open_queries import counted_queries
from makeready.build.proof_context import ProofContext, settings_in_words
from makeready.build.request import file_name, proof_name
from makeready.epub.package import assemble, write_epub
from makeready.epub.stylesheet import EPUB_SHEETS
from makeready.findings import Findings
from makeready.proofs.ebook_book import EbookQuery, marked_book
from makeready.proofs.proof_ebook import EbookHead, finish_proof

_SHEETS = (*EPUB_SHEETS, "proof-ebook.css")


def make_proof_epub(context: BuildContext, edition: Edition) -> list[Artefact]:
    """Make the proof of an e-book."""
    assert context.proof is not None
    found, metadata = Findings(), context.book.metadata
    with context.stage("Packing proof", edition.name):
        book, queries = marked_book(context.book_of(edition), context.proof.changes)
        publication = assemble(
            book,
            edition,
            context.layouts,
            context.fonts,
            None,
            context.session.images,
            found,
            _SHEETS,
        )
        words = " · ".join(filter(None, (context.proof.watermark, context.proof.dated)))
        facts = tuple(_facts(context.proof, queries))
        finish_proof(
            publication, queries, EbookHead(metadata.title, metadata.language, words, facts)
        )
    context.findings.extend(found, edition.name)
    picture = draw_cover_picture(context, edition.name)
    if picture is None:
        return []
    name = proof_name(file_name(context.book, edition))
    with context.profiler.stage("Writing", edition.name):
        unchecked = context.request.temporary_folder / name
        write_epub(publication, picture, metadata.modified, unchecked)
        return [context.publish(unchecked, edition.name, PROOF)]


def _facts(proof: ProofContext, queries: list[EbookQuery]) -> Iterator[str]:
    """Yield what a proof says of itself before its list."""
    yield f"This is a proof, {proof.dated}."
    yield (
        f"{counted_queries(one.query for one in queries)}. An e-book has no fixed lines, so its "
        "paragraphs are numbered; the proof as a PDF has the lines of the printed pages."
    )
    if proof.since:
        yield (
            f"Changed since {proof.since} ({proof.since_dated}): a rule stands beside paragraphs "
            "with new words, or words in another form, and beside new images; a dotted one beside "
            "those in which words were deleted."
        )
        if settings := settings_in_words(proof.settings):
            yield settings
