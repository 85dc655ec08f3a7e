"""The proof that a finished PDF or EPUB has every block of the manuscript."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pikepdf
from lxml import etree

from makeready.book.model import Book, PageBreak, Section
from makeready.cache import DiskCache, code_version
from makeready.checks.completeness.hidden import HidingRules, shown_texts
from makeready.checks.completeness.letters import letters_of
from makeready.checks.completeness.manuscript_text import (
    Resolve,
    ResolvedSection,
    resolved_section,
)
from makeready.checks.completeness.page_text import PageTextReader, ShownText
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

    ``proved`` keeps the keys of sections that were proved, and need not be in another file that
    shows the same of them.
    """

    book: Book
    css: str
    findings: Findings
    proved: DiskCache | None = None

    def check_pdf(self, path: Path, sections: Iterable[SectionPages], resolve: Resolve) -> None:
        """Report the blocks that a PDF shows not at all, twice or in another place."""
        with pikepdf.open(path) as pdf:
            reader = PageTextReader(pdf)
            for pages in sections:
                resolved = resolved_section(pages.section, resolve)
                key = ""
                if self.proved is not None:
                    shown = reader.digest(pages.first, pages.first + len(pages.starts))
                    key = self._key(pages.section, resolved, shown, pages.starts)
                if not self._is_proved(key):
                    runs = [
                        (run.passages, reader.read(pages.first + run.first, pages.first + run.last))
                        for run in resolved.text().page_runs(pages.starts[1:])
                    ]
                    self._report(pages.section, SectionProof(runs, resolved.note_blocks()), key)

    def check_epub(self, content: BytesIO, documents: Iterable[SectionDocument]) -> None:
        """Report the blocks that an EPUB has not at all, twice or in another place."""
        rules = HidingRules(self.css)
        with zipfile.ZipFile(content) as archive:
            for document in documents:
                resolved = resolved_section(document.section, document.resolve)
                source = archive.read(document.path)
                key = ""
                if self.proved is not None:
                    key = self._key(document.section, resolved, source, self.css)
                if not self._is_proved(key):
                    tree = etree.fromstring(source, _PARSER)
                    body = tree.find(_BODY)
                    texts = shown_texts(body, rules.hidden_in(tree)) if body is not None else ()
                    text = "".join(texts)
                    shown_text = ShownText(letters_of(text), raw=[text])
                    runs = [(resolved.text().passages, shown_text)]
                    self._report(document.section, SectionProof(runs, resolved.note_blocks()), key)

    def _running_heads(self, section: Section) -> tuple[str, ...]:
        return section.title, self.book.metadata.full_title, self.book.metadata.title

    def _key(self, section: Section, resolved: ResolvedSection, shown: bytes, about: object) -> str:
        """Return the key of a section that must show ``resolved``, in a file that shows ``shown``.

        It depends on the code of the check too, and on what the check is told ``about`` the file.
        """
        inputs = code_version(__name__), resolved.digest, self._running_heads(section), about
        return hashlib.sha256(repr(inputs).encode() + shown).hexdigest()

    def _is_proved(self, key: str) -> bool:
        return self.proved is not None and self.proved.get(key) is not None

    def _report(self, section: Section, proof: SectionProof, key: str) -> None:
        problems = proof.problems(self._running_heads(section))
        if self.proved is not None and not problems:
            # Where it cannot be kept, the section is proved again in the next run.
            with suppress(OSError):
                self.proved.put(key, b"")
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
