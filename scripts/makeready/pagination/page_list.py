"""The pages of a print edition as a plain value: what an e-book's page list is made of."""

from __future__ import annotations

from dataclasses import replace

from makeready.book.model import Edition, Metadata, PageBreak, PageMap
from makeready.pagination.fixed_point import Solution


def listed_pages(solution: Solution, metadata: Metadata, edition: Edition) -> PageMap:
    """Return the page map of a solution edition, with where each of its pages begins.

    A section begins on its first page with its title, which has no line in its tree.
    """
    breaks = {}
    for place in solution.imposition.places:
        first, *others = solution.imposition.labels_of(place)
        starts = solution.fragments[place.section.name].page_starts[1:]
        breaks[place.section.name] = (
            PageBreak(first),
            *(
                PageBreak(label, start.line, start.occurrence, start.letters)
                for label, start in zip(others, starts, strict=True)
            ),
        )
    return replace(solution.page_map, breaks=breaks, source=_source_of(metadata, edition))


def _source_of(metadata: Metadata, edition: Edition) -> str:
    """Name a print edition: by its ISBN, or in words where it has none."""
    if edition.isbn:
        return f"urn:isbn:{edition.isbn.replace('-', '')}"
    published = ", ".join(filter(None, (metadata.publisher, metadata.date)))
    return f"{metadata.full_title} ({edition.name}{f', {published}' if published else ''})"
