"""The values for a store's upload form, from the book's metadata, within the store's limits."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Book, Edition
from makeready.book.prices import NO_PRICE
from makeready.book.schema import relators
from makeready.distribution.upload_form import FormEntry
from makeready.findings import Findings, SourceLocation
from makeready.stores.store import Store
from makeready.stores.tables import MetadataLimits as Limits


def store_form_entries(
    book: Book, edition: Edition, store: Store, findings: Findings, location: SourceLocation
) -> tuple[FormEntry, ...]:
    """Return the form's entries that are not empty; report what exceeds the store's limits."""
    metadata, names = book.metadata, relators()
    limits = store.rules.metadata
    keywords = _keywords_within_limit(metadata.search_terms, store, limits, findings, location)
    codes = [f"{one.code} {one.heading}".strip() for one in metadata.subject_codes]
    most_keywords, most_codes = (
        (limits.most_keywords, limits.most_categories) if limits else (None, None)
    )
    prices = (price for price in (edition.price, *edition.prices) if price not in {"", NO_PRICE})
    series = metadata.series
    lines = (
        ("title", "Title", metadata.title),
        ("subtitle", "Subtitle", metadata.subtitle),
        ("series", "Series", series.title if series else ""),
        ("series_position", "Number in the series", series.position if series else ""),
        (
            "contributors",
            "Contributors",
            "; ".join(f"{one.name} ({names[one.role]})" for one in metadata.contributors),
        ),
        ("language", "Language", metadata.language),
        ("publisher", "Publisher", metadata.publisher),
        ("imprint", "Imprint", metadata.imprint),
        ("date", "Publication date", metadata.date),
        ("description", "Description", metadata.description),
        (
            "keywords",
            "Keywords",
            "; ".join(
                _first_within_limit(keywords, "keywords", most_keywords, store, findings, location)
            ),
        ),
        (
            "categories",
            "Categories",
            "; ".join(
                _first_within_limit(codes, "subject codes", most_codes, store, findings, location)
            ),
        ),
        ("audience", "Audience", metadata.audience),
        ("isbn", "ISBN", edition.isbn),
        ("prices", "Price", "; ".join(dict.fromkeys(prices))),
        ("territories", "Territories", ", ".join(metadata.territories)),
        ("rights", "Rights", metadata.rights),
    )
    return tuple(FormEntry(*line) for line in lines if line[2])


def _keywords_within_limit(
    keywords: Sequence[str],
    store: Store,
    limits: Limits | None,
    findings: Findings,
    location: SourceLocation,
) -> list[str]:
    most = limits.keyword_most_characters if limits else None
    if most is None:
        return list(keywords)
    for keyword in keywords:
        if len(keyword) > most:
            values = {"characters": len(keyword), "maximum": most, "store": store.title}
            findings.add("STO-027", location, keyword=keyword, **values)
    return [keyword for keyword in keywords if len(keyword) <= most]


def _first_within_limit(
    values: Sequence[str],
    what: str,
    most: int | None,
    store: Store,
    findings: Findings,
    location: SourceLocation,
) -> Sequence[str]:
    if most is None or len(values) <= most:
        return values
    findings.add("STO-026", location, count=len(values), kind=what, maximum=most, store=store.title)
    return values[:most]
