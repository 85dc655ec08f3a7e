"""Findings in a tagged PDF: the page, the first words, and the line of the manuscript."""

from __future__ import annotations

from collections import Counter

from makeready.book.model import Book
from makeready.checks.reading.manuscript_locator import ManuscriptLocator
from makeready.checks.reading.page_objects import ObjectKind, PageObject
from makeready.checks.reading.tagged_document import TaggedDocument
from makeready.findings import Findings, SourceLocation
from makeready.pdf_content.boxes import Box
from makeready.pdf_content.structure_tree import Element

_MOST_OF_A_RULE = 50
"""More findings of one rule are of no use: they have one cause."""
_MOST_LETTERS = 60


class Reporter:
    """Adds findings in one PDF; of each rule the first ones only."""

    def __init__(
        self,
        document: TaggedDocument,
        findings: Findings,
        pdf: SourceLocation,
        book: Book | None = None,
    ) -> None:
        self._document = document
        self._findings = findings
        self._pdf = pdf
        self._locator = ManuscriptLocator(pdf, book)
        self._counts: Counter[str] = Counter()

    def of_file(self, rule: str, **values: object) -> None:
        """Report a fault of the whole file."""
        self._findings.add(rule, self._pdf, **values)

    def of_element(self, rule: str, element: Element, **values: object) -> None:
        """Report an element: its page and its first words, in the templates ``where``."""
        page = self._document.page_of.get(element)
        self.of_text(rule, self._document.text(element, _MOST_LETTERS), page, **values)

    def of_text(self, rule: str, text: str, page: int | None, **values: object) -> None:
        """Report a text on a page, counted from 0."""
        self._counts[rule] += 1
        if self._counts[rule] > _MOST_OF_A_RULE:
            return
        shown = PageObject(ObjectKind.TEXT, Box(0, 0, 0, 0), text=text)
        where = f" on page {page + 1}" if page is not None else ""
        words = f" (“{text}”)" if text.strip() else ""
        location = self._locator.location_of(shown)
        self._findings.add(rule, location, where=where, words=words, **values)
