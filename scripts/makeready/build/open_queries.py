"""The open queries of a book, refused where it is to be released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from makeready.book.model import Book, Section
from makeready.book.queries import Query, QueryKind
from makeready.build.request import BuildRequest
from makeready.findings import Findings
from makeready.wording import counted

OPEN_QUERIES = "MAN-096"
_ASKED = frozenset({QueryKind.QUERY, QueryKind.HIGHLIGHT})


def open_queries_of(book: Book) -> Iterator[tuple[Section, Query]]:
    """Yield the queries of a book in the order of its text, each with its section."""
    for section in book.sections:
        for query in section.queries:
            yield section, query


def counted_queries(queries: Iterable[Query]) -> str:
    """Return in words how many queries and how many suggestions there are."""
    kinds = [query.kind in _ASKED for query in queries]
    asked = counted(sum(kinds), "open query", "open queries")
    return f"{asked}, {counted(len(kinds) - sum(kinds), 'suggested change')}"


def report_open_queries(request: BuildRequest, book: Book, findings: Findings) -> None:
    """Report open queries as an error, unless the request accepts them."""
    found = list(open_queries_of(book))
    if not found or request.open_queries:
        return
    section, first = found[0]
    asked = sum(query.kind in _ASKED for _, query in found)
    location = section.origins.location(first.line)
    findings.add(OPEN_QUERIES, location, queries=asked, changes=len(found) - asked)
