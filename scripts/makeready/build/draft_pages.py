"""The pages of a draft that findings in the manuscript are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from makeready.book.model import Book, Edition
from makeready.build.pdf_editions import FinishedPdf
from makeready.findings import Finding, Findings
from makeready.pdf.fragment import TextPosition


def with_pages(findings: Findings, book: Book, edition: Edition, finished: FinishedPdf) -> Findings:
    """Return findings with the pages of an edition on which their lines are."""
    pages_of_lines = _PagesOfLines(book, finished)
    shown = Findings()
    for finding in findings:
        page = pages_of_lines.text(finding)
        shown.append(replace(finding, pages=(f"{page} of {edition.name}",)) if page else finding)
    return shown


class _PagesOfLines:
    """The labels of the pages that the lines of a book are on."""

    def __init__(self, book: Book, finished: FinishedPdf) -> None:
        solution = finished.paginated.solution
        self._notes = {
            section.source_path: {note.line for note in section.notes} for section in book.sections
        }
        self._sections = {
            placed.section.source_path: (
                solution.fragments[placed.section.name].page_starts,
                solution.imposition.labels_of(placed),
            )
            for placed in solution.imposition.sections
            if placed.section.source_path
        }

    def text(self, finding: Finding) -> str:
        """Return the pages of a finding in words; empty where they are unknown."""
        place = finding.location
        if place is None or place.line is None or place.path not in self._sections:
            return ""
        if place.line in self._notes.get(place.path, ()):
            # A note is printed where it is called, which its own line does not say.
            return ""
        starts, labels = self._sections[place.path]
        first, last = _pages_of(place.line, starts)
        if last >= len(labels):
            return ""
        return f"page {labels[first]}" if first == last else f"pages {labels[first]}–{labels[last]}"


def _pages_of(line: int, starts: Sequence[TextPosition]) -> tuple[int, int]:
    """Return the first and the last page, from 0, of the block in a line."""
    first = 0
    for index, start in enumerate(starts):
        begins_here = start.line == line and not (start.letters or start.occurrence)
        if start.line and (start.line < line or begins_here):
            first = index
    last = first
    while last + 1 < len(starts) and starts[last + 1].line == line:
        last += 1
    return first, last
