"""An e-book's claim of accessibility, made in its certifier's name if all checks pass."""

from __future__ import annotations

from io import BytesIO

from ebooklib.epub import EpubBook

from makeready.book.model import Book, Edition
from makeready.build.request import file_name
from makeready.checks.epub.accessibility import check_accessibility
from makeready.epub.metadata import claim_conformance
from makeready.findings import Findings, SourceLocation


def claim_if_it_holds(
    publication: EpubBook, content: BytesIO, book: Book, edition: Edition, findings: Findings
) -> None:
    """Check an e-book as it will be packed, and add the claim of accessibility if it passes.

    ``content`` is the publication packed without its images and fonts.
    What is found is told here only where the book names a certifier, whose claim it forbids.
    """
    found, certifier = Findings(), book.metadata.certifier
    check_accessibility(content, file_name(book, edition), found)
    is_sound = not list(found)
    if certifier is None:
        if is_sound:
            findings.add("ACC-029", SourceLocation("book.toml"))
    elif is_sound:
        claim_conformance(publication, certifier)
    else:
        findings.extend(found)
