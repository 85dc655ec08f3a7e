"""One section read by itself: parsed and normalised, or found as it was read before."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.config import BookConfig
from makeready.book.kinds import Kind
from makeready.book.model import Element, Note, Query
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.blocks import check_blocks, protect_verse
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.fences import CodeBlock, extract_fences
from makeready.manuscript.figures import set_figures
from makeready.manuscript.images import Images, SectionImages, take_out_refused
from makeready.manuscript.indents import check_indents, separate_outer_lists
from makeready.manuscript.index_marks import set_marks
from makeready.manuscript.markdown import MarkdownParser
from makeready.manuscript.notes import (
    extract_definitions,
    make_note,
    number_calls,
    remove_nested_calls,
    report_calls,
)
from makeready.manuscript.parsed_section import ParsedSection, Text, dump, load
from makeready.manuscript.queries import extract_queries
from makeready.manuscript.references import check_links
from makeready.manuscript.sanitise import sanitise
from makeready.manuscript.source import MAX_DEPTH, Lines, split_lines, within_bounds
from makeready.manuscript.structure import check_headings, clean_up, extract_title
from makeready.manuscript.suppressed import MissingTargets, keep_causes
from makeready.manuscript.typography import set_typography


@dataclass(frozen=True, slots=True)
class Sections:
    """Reads the sections of one book, each by itself; ``shelf`` has those read before."""

    config: BookConfig
    images: Images
    shelf: SectionCache | None = None

    def read(self, name: str, kind: Kind, raw: bytes) -> ParsedSection:
        """Read a section from the bytes of its file."""
        fallback = self.config.labels.get(kind.name, kind.name)
        if self.shelf is None:
            return self._parse(name, kind, fallback, raw)
        key = self.shelf.key(
            raw, name, fallback, self.config.metadata.language, self.config.acronyms_small_caps
        )
        block = self.shelf.get(key)
        reading = load(block) if block is not None else None
        if reading is None or not self._still_holds(reading):
            reading = self._parse(name, kind, fallback, raw)
            if reading.text is not None:
                self.shelf.put(key, dump(reading))
        return reading

    def passage(self, text: str, path: str, line: int, findings: Findings) -> Element | None:
        """Return a text that stands in another file, from ``line`` on, as a tree of blocks."""
        lines = split_lines(text.encode(), path, findings)
        if lines is None:
            return None
        lines = Lines(lines.text, [line - 1 + number for number in lines.origin])
        parse = _Parse(self.config, self.images, path)
        try:
            tree, _, _ = parse.parse(lines)
        except RecursionError:
            findings.add("MAN-013", SourceLocation(path, line), limit=MAX_DEPTH)
            return None
        findings.extend(parse.findings)
        return tree

    def _still_holds(self, reading: ParsedSection) -> bool:
        """Say whether all its images, those that are missing too, are still what they were."""
        images = reading.images or {}
        return all(self.images.look(source) == seen for source, seen in images.items())

    def _parse(self, name: str, kind: Kind, fallback: str, raw: bytes) -> ParsedSection:
        findings = Findings()
        path = f"{name}.md"
        lines = split_lines(raw, path, findings)
        if lines is None:
            return ParsedSection(None, tuple(findings))
        if not any(lines.text):
            findings.add("MAN-006", SourceLocation(path, 1))
            return ParsedSection(None, tuple(findings))
        parse = _Parse(self.config, self.images, path)
        try:
            tree, notes, queries = parse.parse(lines)
        except RecursionError:
            findings.add("MAN-013", SourceLocation(path), limit=MAX_DEPTH)
            return ParsedSection(None, tuple(findings))
        own, missing_targets = parse.findings, parse.missing_targets
        if tree is None:
            findings.extend(own)
            return ParsedSection(None, tuple(findings), frozenset(missing_targets.ids))
        title, title_tree = extract_title(tree, kind, name, own, fallback, missing_targets)
        check_headings(tree, path, own)
        if len(tree) == 0 and not (kind.generated or kind.name == "part" or own.errors):
            own.add("MAN-006", SourceLocation(path, 1))
        broken = keep_causes(own, findings)
        return ParsedSection(
            Text(title, title_tree, tree, tuple(notes), tuple(queries)),
            tuple(findings),
            frozenset(missing_targets.ids),
            missing_targets.has_unread_text or broken,
            parse.images.shown,
        )


class _Parse:
    """Parses one section."""

    def __init__(self, config: BookConfig, images: Images, path: str) -> None:
        self._config = config
        self._path = path
        self.findings = Findings()
        self.missing_targets = MissingTargets()
        self.images = SectionImages(images)

    def parse(self, lines: Lines) -> tuple[Element | None, list[Note], list[Query]]:
        """Return the section's tree, None when it cannot be parsed, its notes and queries."""
        path, findings = self._path, self.findings
        code: list[CodeBlock] = []
        lines = extract_fences(lines, path, findings, code)
        lines, queries = extract_queries(lines, path, findings)
        if not within_bounds(lines, path, findings):
            return None, [], queries
        check_blocks(lines, path, findings, self.missing_targets)
        lines, definitions = extract_definitions(
            protect_verse(lines), path, findings, self.missing_targets
        )
        check_indents(lines, path, findings)
        parser = MarkdownParser(code, path, findings)
        tree = self._normalise(parser.parse(separate_outer_lists(lines)))
        calls = number_calls(tree, definitions)
        bodies = {
            note.id: self._normalise(parser.parse(note.lines)) for note in definitions.values()
        }
        inside: set[str] = set()
        for body in bodies.values():
            inside |= remove_nested_calls(body, path, findings)
        report_calls(calls, inside, definitions, path, findings)
        notes = [
            make_note(number, bodies[name], definitions[name].line)
            for number, name in enumerate(calls.order, start=1)
        ]
        return tree, notes, queries

    def _normalise(self, tree: Element) -> Element:
        path, findings = self._path, self.findings
        sanitise(tree, path, findings, self.missing_targets)
        check_links(tree, path, findings)
        refused = self.images.check(tree, path, findings)
        set_figures(tree, path, findings, self.missing_targets)
        take_out_refused(refused)
        clean_up(tree)
        set_typography(
            tree,
            self._config.metadata.language,
            path,
            findings,
            acronyms=self._config.acronyms_small_caps,
        )
        set_marks(tree, self._config.metadata.language, path, findings, self.missing_targets)
        return tree
