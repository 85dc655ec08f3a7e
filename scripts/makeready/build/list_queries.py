"""``makeready queries``: the open queries of a book, with their places."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.queries import Query
from makeready.build.check_book import read_requested
from makeready.build.open_queries import open_queries_of
from makeready.build.request import BuildRequest
from makeready.findings import Finding, Findings, Severity, SourceLocation
from makeready.workers.progress import Report
from makeready.workers.supervisor import Terminated, run_supervised, termination_error


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


def list_queries(request: BuildRequest, report: Report, step_seconds: float) -> Listed:
    """Return the open queries of a book, which is read in a child process."""
    listed = run_supervised(_list_queries, request, report, step_seconds)
    if isinstance(listed, Terminated):
        raise termination_error(listed)
    return listed


def _list_queries(request: BuildRequest, report: Report) -> Listed:
    findings = Findings()
    book = read_requested(request, findings, report)
    queries = (
        OpenQuery(query, section.origins.location(query.line), section.title)
        for section, query in (open_queries_of(book) if book is not None else ())
    )
    errors = (finding for finding in findings if finding.severity is Severity.ERROR)
    return Listed(tuple(queries), tuple(errors))
