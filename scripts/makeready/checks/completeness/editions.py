"""The proof that a finished PDF or EPUB has every block of the manuscript."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from lxml import etree

from makeready.book.model import Book, PageBreak, Section
from makeready.checks.completeness.hidden import HidingRules, shown_texts
from makeready.checks.completeness.letters import letters_of
from makeready.checks.completeness.manuscript_text import (
    Resolve,
    notes_of_section,
    text_of_section,
)
from makeready.checks.completeness.page_text import KnownPages, PageTextReader, ShownText
from makeready.checks.completeness.text_proof import Problem, SectionProof
from makeready.findings import Findings, SourceLocation

_QUOTED_LETTERS = 40
_BODY = "{http://www.w3.org/1999/xhtml}body"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@dataclass(frozen=True, slots=True)
class SectionPages:
    """The pages of a section in a PDF: its first page, from 0, and where each one begins."""

    section: Section
    first: int
    starts: Sequence[PageBreak]


@dataclass(frozen=True, slots=True)
class SectionDocument:
    """The document of a section in an EPUB, and what sets the text of references in it."""

    section: Section
    path: str
    resolve: Resolve


@dataclass(frozen=True, slots=True)
class CompletenessCheck:
    """The check of the files of one edition; ``css`` is what the book's own styles add to it.

    ``known`` keeps the texts of pages between files of one edition.
    """

    book: Book
    css: str
    findings: Findings
    known: KnownPages | None = None

    def check_pdf(self, path: Path, sections: Iterable[SectionPages], resolve: Resolve) -> None:
        """Report the blocks that a PDF shows not at all, twice or in another place."""
        with pikepdf.open(path) as pdf:
            reader = PageTextReader(pdf, self.known)
            for pages in sections:
                text = text_of_section(pages.section, resolve)
                runs = [
                    (run.passages, reader.read(pages.first + run.first, pages.first + run.last))
                    for run in text.page_runs(pages.starts[1:])
                ]
                notes = notes_of_section(pages.section, resolve)
                self._report(pages.section, SectionProof(runs, notes))

    def check_epub(self, content: BytesIO, documents: Iterable[SectionDocument]) -> None:
        """Report the blocks that an EPUB has not at all, twice or in another place."""
        rules = HidingRules(self.css)
        with zipfile.ZipFile(content) as archive:
            for document in documents:
                tree = etree.fromstring(archive.read(document.path), _PARSER)
                body = tree.find(_BODY)
                texts = shown_texts(body, rules.hidden_in(tree)) if body is not None else ()
                text = "".join(texts)
                passages = text_of_section(document.section, document.resolve).passages
                notes = notes_of_section(document.section, document.resolve)
                proof = SectionProof([(passages, ShownText(letters_of(text), raw=[text]))], notes)
                self._report(document.section, proof)

    def _report(self, section: Section, proof: SectionProof) -> None:
        metadata = self.book.metadata
        problems = proof.problems((section.title, metadata.full_title, metadata.title))
        hidden = HidingRules(self.css).classes if problems else frozenset[str]()
        for block, problem in problems:
            location = section.origins.location(block.line or None)
            if not section.source_path:
                location = SourceLocation(f"{section.name}.md", block.line or None)
            words = " ".join(block.text.split())
            if len(words) > _QUOTED_LETTERS:
                words = f"{words[:_QUOTED_LETTERS]}…"
            names = sorted(hidden & block.classes)
            if problem is Problem.MISSING and names:
                self.findings.add("LAY-016", location, text=words, name=names[0])
            else:
                self.findings.add("LAY-015", location, text=words, problem=problem.value)
