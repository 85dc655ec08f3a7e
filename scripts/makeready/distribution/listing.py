"""What a store's form asks for, from the same metadata as the files, within the store's limits."""

from __future__ import annotations

from collections.abc import Sequence

from makeready.book.model import Book, Edition
from makeready.book.prices import NO_PRICE
from makeready.book.schema import relators
from makeready.distribution.upload_form import Entry
from makeready.findings import Findings, SourceLocation
from makeready.stores.store import Store
from makeready.stores.tables import MetadataLimits as Limits


def listing(
    book: Book, edition: Edition, store: Store, findings: Findings, location: SourceLocation
) -> tuple[Entry, ...]:
    """Return what is to be typed in; what is empty is left out, what is too much is told."""
    metadata, names = book.metadata, relators()
    limits = store.rules.metadata
    keywords = _short(metadata.search_terms, store, limits, findings, location)
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
            "; ".join(_first(keywords, "keywords", most_keywords, store, findings, location)),
        ),
        (
            "categories",
            "Categories",
            "; ".join(_first(codes, "subject codes", most_codes, store, findings, location)),
        ),
        ("audience", "Readers", metadata.audience),
        ("isbn", "ISBN", edition.isbn),
        ("prices", "Price", "; ".join(dict.fromkeys(prices))),
        ("territories", "To be sold in", ", ".join(metadata.territories)),
        ("rights", "Rights", metadata.rights),
    )
    return tuple(Entry(*line) for line in lines if line[2])


def _short(
    words: Sequence[str],
    store: Store,
    limits: Limits | None,
    findings: Findings,
    location: SourceLocation,
) -> list[str]:
    most = limits.keyword_most_characters if limits else None
    if most is None:
        return list(words)
    for word in words:
        if len(word) > most:
            values = {"characters": len(word), "most": most, "store": store.title}
            findings.add("STO-027", location, keyword=word, **values)
    return [word for word in words if len(word) <= most]


def _first(
    given: Sequence[str],
    what: str,
    most: int | None,
    store: Store,
    findings: Findings,
    location: SourceLocation,
) -> Sequence[str]:
    if most is None or len(given) <= most:
        return given
    findings.add("STO-026", location, count=len(given), what=what, most=most, store=store.title)
    return given[:most]
