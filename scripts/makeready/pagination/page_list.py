"""The page map of a print edition with its page breaks, which an e-book's page list shows."""

from __future__ import annotations

from dataclasses import replace

from makeready.book.model import Edition, Metadata, PageBreak, PageMap
from makeready.pagination.fixed_point import Solution


def page_map_with_breaks(solution: Solution, metadata: Metadata, edition: Edition) -> PageMap:
    """Return the page map of a solution with the text position at which each page begins.

    A section's first page begins with its title, which has no line in its tree.
    """
    breaks = {}
    for placed in solution.imposition.sections:
        first, *others = solution.imposition.labels_of(placed)
        starts = solution.fragments[placed.section.name].page_starts[1:]
        breaks[placed.section.name] = (
            PageBreak(first),
            *(
                PageBreak(label, start.line, start.occurrence, start.letters)
                for label, start in zip(others, starts, strict=True)
            ),
        )
    return replace(solution.page_map, breaks=breaks, source=_source(metadata, edition))


def _source(metadata: Metadata, edition: Edition) -> str:
    """Return the identifier of a print edition: its ISBN, or a description if it has none."""
    if edition.isbn:
        return f"urn:isbn:{edition.isbn.replace('-', '')}"
    published = ", ".join(filter(None, (metadata.publisher, metadata.date)))
    return f"{metadata.full_title} ({edition.name}{f', {published}' if published else ''})"
