"""The open queries of a book: listed, and refused where the book is to be released."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from makeready.book.model import Book, Query, QueryKind, Section
from makeready.build.request import BuildRequest
from makeready.findings import Finding, Findings, Severity, SourceLocation
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error

OPEN_QUERIES = "MAN-096"
_ASKED = frozenset({QueryKind.QUERY, QueryKind.HIGHLIGHT})


@dataclass(frozen=True, slots=True)
class OpenQuery:
    """An open query, with its file and line, and the title of its section."""

    query: Query
    location: SourceLocation
    section: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The open queries of a book, and the errors because of which there may be more."""

    queries: tuple[OpenQuery, ...]
    errors: tuple[Finding, ...] = ()


def open_queries_of(book: Book) -> Iterator[tuple[Section, Query]]:
    """Yield the queries of a book in the order of its text, each with its section."""
    for section in book.sections:
        for query in section.queries:
            yield section, query


def report_open_queries(request: BuildRequest, book: Book, findings: Findings) -> None:
    """Report open queries as an error, unless the request accepts them."""
    found = list(open_queries_of(book))
    if not found or request.open_queries:
        return
    section, first = found[0]
    asked = sum(query.kind in _ASKED for _, query in found)
    location = section.origins.location(first.line)
    findings.add(OPEN_QUERIES, location, queries=asked, changes=len(found) - asked)


def list_queries(request: BuildRequest, report: Report, step_seconds: float) -> Listed:
    """Return the open queries of a book, which is read in a child process."""
    listed = run_supervised(_list_queries, request, report, step_seconds)
    if isinstance(listed, Terminated):
        raise termination_error(listed)
    return listed


def _list_queries(request: BuildRequest, report: Report) -> Listed:
    # It imports the checks, which a build of pages alone does without.
    from makeready.build.check_book import read_requested  # noqa: PLC0415

    findings = Findings()
    book = read_requested(request, findings, report)
    queries = (
        OpenQuery(query, section.origins.location(query.line), section.title)
        for section, query in (open_queries_of(book) if book is not None else ())
    )
    errors = (finding for finding in findings if finding.severity is Severity.ERROR)
    return Listed(tuple(queries), tuple(errors))
