"""Metadata that the book trade expects and ``book.toml`` lacks; nothing is invented for it."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Book, EditionKind
from makeready.book.prices import NO_PRICE
from makeready.findings import Findings
from makeready.onix.codes import language_code
from makeready.onix.product import Product


def report_missing(book: Book, products: Sequence[Product], findings: Findings) -> None:
    """Report each missing key, at the table it belongs to."""
    metadata = book.metadata
    top = book.location("title")
    missing = {
        "ONX-002": not metadata.publisher,
        "ONX-004": not metadata.subject_codes,
        "ONX-005": not metadata.description,
        "ONX-006": not metadata.audience,
        "ONX-007": not metadata.date,
        "ONX-008": not metadata.territories,
        "ONX-009": not metadata.contributors,
    }
    for rule, is_missing in missing.items():
        if is_missing:
            findings.add(rule, top)
    if not language_code(metadata.language):
        findings.add("ONX-010", book.location("language"), language=metadata.language)
    for product in products:
        edition = product.edition
        location = edition.location()
        if not edition.isbn:
            findings.add("ONX-001", location, edition=edition.name)
        if not product.prices and edition.kind is not EditionKind.SCREEN:
            note = " “none” is only for the barcode." if edition.price == NO_PRICE else ""
            findings.add("ONX-003", location, edition=edition.name, note=note)
