"""What the trade asks of a book and its ``book.toml`` does not say; nothing is made up for it."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Book, EditionKind
from makeready.book.prices import NO_PRICE
from makeready.book.toml_lines import TomlLines
from makeready.findings import Findings, SourceLocation
from makeready.onix.codes import language_code
from makeready.onix.product import Product

_FILE = "book.toml"


def report_missing(book: Book, products: Sequence[Product], findings: Findings) -> None:
    """Make a finding of each key that is to be filled in, at the table it belongs into."""
    metadata = book.metadata
    lines = TomlLines((book.root / _FILE).read_text("utf-8-sig"))
    top = SourceLocation(_FILE, lines.line_of(("title",)))
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
        place = SourceLocation(_FILE, lines.line_of(("language",)))
        findings.add("ONX-010", place, language=metadata.language)
    for product in products:
        edition = product.edition
        place = SourceLocation(_FILE, lines.line_of(("editions", edition.name)))
        if not edition.isbn:
            findings.add("ONX-001", place, name=edition.name)
        if not product.prices and edition.kind is not EditionKind.SCREEN:
            said = " “none” is for the barcode alone." if edition.price == NO_PRICE else ""
            findings.add("ONX-003", place, name=edition.name, said=said)
