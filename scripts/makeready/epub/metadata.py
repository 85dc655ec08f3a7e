"""The metadata of the package: Dublin Core with the refinements of EPUB 3.3."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from ebooklib import epub

from makeready.book.model import (
    Book,
    Certifier,
    Contributor,
    Edition,
    EditionKind,
    Metadata,
    Series,
    SubjectCode,
)
from makeready.epub.accessibility import Accessibility

# MARC relators of creators; all others are contributors.
# Source: RDA, appendix I.2.1, the relators that name a creator.
_CREATORS = frozenset(
    {"art", "aut", "cmp", "com", "cre", "dis", "ive", "ivr", "lbt", "lyr", "pht", "prg", "aus"}
)
_PAGE_SOURCE = "page-source"
_CONFORMANCE, _CERTIFIER = "conformance", "certifier"
CONFORMS_TO = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def identifier_of(book: Book, edition: Edition) -> str:
    """Return the identifier of an e-book: the book's own, or one derived from it.

    The first e-book has the book's identifier, and keeps it when others are added. Reading
    systems take two e-books with one identifier for the same.
    """
    own = book.metadata.identifier
    first = next((e for e in book.editions if e.kind is EditionKind.EPUB), edition)
    if first.name == edition.name:
        return own
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{own}#{edition.name}')}"


def write_metadata(
    publication: epub.EpubBook,
    book: Book,
    edition: Edition,
    accessibility: Accessibility,
    cover_id: str,
    page_source: str = "",
) -> None:
    """Write the metadata of the package; ``cover_id`` is the cover image's manifest id.

    ``page_source`` names the print edition of the page list. EbookLib writes
    ``dcterms:modified``, from the time it is given to pack with.
    """
    metadata = book.metadata
    publication.metadata.clear()
    publication.set_identifier(identifier_of(book, edition))
    if edition.isbn:
        isbn = edition.isbn.replace("-", "")
        publication.add_metadata("DC", "identifier", f"urn:isbn:{isbn}", {"id": "isbn"})
    _write_titles(publication, metadata)
    publication.title = metadata.full_title
    publication.set_language(metadata.language)
    is_vertical = edition.writing == "vertical"
    if metadata.direction == "rtl" or is_vertical:
        publication.set_direction("rtl")
    if is_vertical:
        # Kindle and Japanese reading systems look for it.
        mode = {"name": "primary-writing-mode", "content": "vertical-rl"}
        publication.add_metadata(None, "meta", "", mode)
    _write_contributors(publication, metadata.contributors)
    for name, value in (
        ("publisher", metadata.publisher),
        ("date", metadata.date),
        ("rights", metadata.rights),
        ("source", metadata.source),
        ("description", metadata.description),
        *(("subject", subject) for subject in metadata.subjects),
    ):
        if value:
            publication.add_metadata("DC", name, value, {})
    _write_subject_codes(publication, metadata.subject_codes)
    if metadata.series is not None:
        _write_series(publication, metadata.series)
    for name, value in (
        ("dcterms:audience", metadata.audience),
        ("schema:keywords", ", ".join(metadata.keywords)),
    ):
        if value:
            publication.add_metadata(None, "meta", value, {"property": name})
    if page_source:
        _write_page_source(publication, page_source)
    _write_accessibility(publication, accessibility)
    publication.add_metadata(None, "meta", None, {"name": "cover", "content": cover_id})


def claim_conformance(publication: epub.EpubBook, certifier: Certifier) -> None:
    """Write a claim of conformance by the certifier.

    Source: EPUB Accessibility 1.1, sections 4.2 and 4.3.
    """
    attributes = {"id": _CONFORMANCE, "property": "dcterms:conformsTo"}
    publication.add_metadata(None, "meta", CONFORMS_TO, attributes)
    publication.add_metadata(
        None,
        "meta",
        certifier.name,
        {"id": _CERTIFIER, "property": "a11y:certifiedBy", "refines": f"#{_CONFORMANCE}"},
    )
    if certifier.credential:
        _refine(publication, _CERTIFIER, "a11y:certifierCredential", certifier.credential)
    if certifier.report:
        link = {"rel": "a11y:certifierReport", "refines": f"#{_CERTIFIER}"}
        publication.add_metadata(None, "link", None, {**link, "href": certifier.report})


def link_licence(publication: epub.EpubBook, identifier: str, path: str) -> None:
    """Link the manifest item ``identifier`` to its licence."""
    publication.add_metadata(
        None,
        "link",
        None,
        {
            "rel": "dcterms:license",
            "refines": f"#{identifier}",
            "href": path,
            "media-type": "text/plain",
        },
    )


def _write_titles(publication: epub.EpubBook, metadata: Metadata) -> None:
    titles = [("main", metadata.title)]
    if metadata.subtitle:
        titles.append(("subtitle", metadata.subtitle))
    for sequence, (kind, title) in enumerate(titles, start=1):
        identifier = f"title-{kind}"
        publication.add_metadata("DC", "title", title, {"id": identifier})
        _refine(publication, identifier, "title-type", kind)
        _refine(publication, identifier, "display-seq", str(sequence))


def _write_contributors(publication: epub.EpubBook, contributors: Iterable[Contributor]) -> None:
    """Write creators and contributors; without a creator the first contributor becomes one."""
    people = list(contributors)
    creators = [person for person in people if person.role in _CREATORS] or people[:1]
    others = [person for person in people if person not in creators]
    for name, group in (("creator", creators), ("contributor", others)):
        for sequence, person in enumerate(group, start=1):
            identifier = f"{name}-{sequence}"
            publication.add_metadata("DC", name, person.name, {"id": identifier})
            _refine(publication, identifier, "role", person.role, scheme="marc:relators")
            if person.file_as:
                _refine(publication, identifier, "file-as", person.file_as)
            _refine(publication, identifier, "display-seq", str(sequence))


def _write_subject_codes(publication: epub.EpubBook, codes: Iterable[SubjectCode]) -> None:
    """Write subject codes, with the heading where it is known.

    Source: EPUB 3.3, sections 5.5.3.2.5 and D.3.2.
    """
    for number, subject in enumerate(codes, start=1):
        identifier = f"subject-{number}"
        text = subject.heading or subject.code
        publication.add_metadata("DC", "subject", text, {"id": identifier})
        _refine(publication, identifier, "authority", subject.scheme)
        _refine(publication, identifier, "term", subject.code)


def _write_series(publication: epub.EpubBook, series: Series) -> None:
    """Write the series and the book's position in it. Source: EPUB 3.3, section D.3."""
    identifier = "series"
    publication.add_metadata(
        None, "meta", series.title, {"property": "belongs-to-collection", "id": identifier}
    )
    _refine(publication, identifier, "collection-type", "series")
    if series.position:
        _refine(publication, identifier, "group-position", series.position)
    if series.issn:
        _refine(publication, identifier, "dcterms:identifier", f"urn:issn:{series.issn}")


def _write_page_source(publication: epub.EpubBook, source: str) -> None:
    """Write the source of the page list, in the current form and in that of EPUB 3.0.

    Source: EPUB Accessibility 1.1, sections 3.3.3 and B.
    """
    publication.add_metadata("DC", "source", source, {"id": _PAGE_SOURCE})
    _refine(publication, _PAGE_SOURCE, "source-of", "pagination")
    publication.add_metadata(None, "meta", source, {"property": "pageBreakSource"})


def _write_accessibility(publication: epub.EpubBook, accessibility: Accessibility) -> None:
    for name, value in accessibility.properties:
        publication.add_metadata(None, "meta", value, {"property": f"schema:{name}"})
    publication.add_metadata(
        None,
        "meta",
        accessibility.summary,
        {"property": "schema:accessibilitySummary", _XML_LANG: "en"},
    )


def _refine(
    publication: epub.EpubBook, identifier: str, name: str, value: str, **attributes: str
) -> None:
    publication.add_metadata(
        None, "meta", value, {"property": name, "refines": f"#{identifier}", **attributes}
    )
