"""The products of a book, made of the metadata and the finished file of each edition."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from makeready.book.model import Book, Edition, EditionKind
from makeready.book.prices import NO_PRICE
from makeready.build.manifest import Artefact
from makeready.checks.epub.publication import read_publication
from makeready.epub.metadata import identifier_of
from makeready.onix.accessibility import features_of
from makeready.onix.codes import codes
from makeready.onix.extents import ebook_extents, interior_extents
from makeready.onix.product import Identifier, Measure, Product, Relation
from makeready.printers.print_job import print_job
from makeready.printers.profile import GENERIC
from makeready.printers.spine import job_spine
from makeready.printers.tables import MM_PER_INCH, PT_PER_INCH
from makeready.printers.unsupported import UnsupportedError

# Code list 5: the type of an identifier.
_PROPRIETARY, _ISBN, _URN = "01", "15", "22"
# Code list 48: the type of a measure. Code list 51: the type of a relation.
_HEIGHT, _WIDTH, _THICKNESS = "01", "02", "03"
_OTHER_FORMAT, _FROM_PRINT, _ELECTRONIC = "06", "13", "27"


def editions_sold(book: Book) -> tuple[Edition, ...]:
    """Return the editions that are products: print editions, e-books, and others with an ISBN.

    Editions with the same ISBN, from two printers, are one product.
    """
    sold: list[Edition] = []
    for edition in book.editions:
        known = {other.isbn for other in sold if other.isbn}
        is_product = edition.kind is not EditionKind.SCREEN or edition.isbn
        if is_product and edition.isbn not in known:
            sold.append(edition)
    return tuple(sold)


def products_of(
    book: Book, editions: Sequence[Edition], artefacts: Sequence[Artefact], output: Path
) -> tuple[Product, ...]:
    """Return the products of ``editions``, each with its relations to all products of the book."""
    products = []
    for edition in editions:
        artefact = next(
            a for a in artefacts if a.edition == edition.name and a.kind == edition.kind
        )
        product = _product(book, edition, output / artefact.path, artefact.pages or 0)
        products.append(replace(product, relations=_relations(book, edition)))
    return tuple(products)


def _product(book: Book, edition: Edition, path: Path, pages: int) -> Product:
    product = Product(
        edition=edition,
        reference=_stable_identifier(book, edition),
        identifiers=_identifiers(book, edition),
        forms=tuple(codes()["forms"]["codes"][_form(edition)]),
        prices=tuple(
            dict.fromkeys(p for p in (edition.price, *edition.prices) if p and p != NO_PRICE)
        ),
    )
    if edition.kind is EditionKind.EPUB:
        with zipfile.ZipFile(path) as archive:
            features = features_of(read_publication(archive).package)
        return replace(product, features=features, extents=ebook_extents(path))
    if edition.kind is EditionKind.SCREEN:
        return product
    return replace(
        product,
        extents=interior_extents(path),
        measures=_measures(edition, pages),
        on_demand=edition.printer not in {"", GENERIC},
    )


def _form(edition: Edition) -> str:
    return edition.binding if edition.kind is EditionKind.PRINT else edition.kind.value


def _stable_identifier(book: Book, edition: Edition) -> str:
    """Return an identifier of an edition that does not depend on its ISBN."""
    if edition.kind is EditionKind.EPUB:
        return identifier_of(book, edition)
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{book.metadata.identifier}#{edition.name}')}"


def _identifiers(book: Book, edition: Edition) -> tuple[Identifier, ...]:
    if edition.isbn:
        return (Identifier(_ISBN, edition.isbn.replace("-", "")),)
    identifier = _stable_identifier(book, edition)
    if identifier.startswith("urn:"):
        return (Identifier(_URN, identifier),)
    return (Identifier(_PROPRIETARY, identifier, "identifier of the publication"),)


def _measures(edition: Edition, pages: int) -> tuple[Measure, ...]:
    mm_per_pt = MM_PER_INCH / PT_PER_INCH
    measures = [
        Measure(_HEIGHT, f"{edition.trim_height_pt * mm_per_pt:.1f}"),
        Measure(_WIDTH, f"{edition.trim_width_pt * mm_per_pt:.1f}"),
    ]
    try:
        spine = job_spine(print_job(edition), pages)
    except UnsupportedError:
        return tuple(measures)
    # An estimated spine width is not a measure.
    return (
        *measures,
        *(() if spine.is_estimate else (Measure(_THICKNESS, f"{spine.width_mm:.1f}"),)),
    )


def _relations(book: Book, edition: Edition) -> tuple[Relation, ...]:
    others = [other for other in editions_sold(book) if other.name != edition.name]
    return tuple(
        Relation(kind, _identifiers(book, other))
        for kind, other in chain.from_iterable(
            ((kind, other) for kind in _relation_kinds(edition, other)) for other in others
        )
        if not edition.isbn or other.isbn != edition.isbn
    )


def _relation_kinds(edition: Edition, other: Edition) -> tuple[str, ...]:
    printed, other_printed = (e.kind is EditionKind.PRINT for e in (edition, other))
    if printed and not other_printed:
        return (_OTHER_FORMAT, _ELECTRONIC)
    if other_printed and not printed:
        return (_OTHER_FORMAT, _FROM_PRINT)
    return (_OTHER_FORMAT,)
