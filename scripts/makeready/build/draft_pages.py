"""The pages of a draft that findings in the manuscript are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from makeready.book.model import Book, Edition, Section
from makeready.build.pdf_editions import FinishedPdf
from makeready.findings import Finding, Findings, SourceLocation
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
        self._sections = [section for section in book.sections if section.source_path]
        self._pages = {
            placed.section.name: (
                solution.fragments[placed.section.name].page_starts,
                solution.imposition.labels_of(placed),
            )
            for placed in solution.imposition.sections
        }

    def text(self, finding: Finding) -> str:
        """Return the pages of a finding in words; empty where they are unknown."""
        section, line = self._section_and_line(finding.location)
        if section is None or section.name not in self._pages:
            return ""
        if any(note.line == line for note in section.notes):
            # A note is printed where it is called, which its own line does not say.
            return ""
        starts, labels = self._pages[section.name]
        first, last = _pages_of(line, starts)
        if last >= len(labels):
            return ""
        return f"page {labels[first]}" if first == last else f"pages {labels[first]}–{labels[last]}"

    def _section_and_line(self, place: SourceLocation | None) -> tuple[Section | None, int]:
        """Return the section that a location is in, and its line there.

        Of several sections in one file it is the last one that begins before the line.
        """
        section, line = None, 0
        for other in self._sections if place is not None else ():
            found = other.origins.line_of(place) if place is not None else None
            if found is not None and (section is None or _first_line(other) <= found):
                section, line = other, found
        return section, line


def _first_line(section: Section) -> int:
    blocks = section.tree.iterchildren()
    return next((int(line) for block in blocks if (line := block.get("data-line"))), 0)


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
