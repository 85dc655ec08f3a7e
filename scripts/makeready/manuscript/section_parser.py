"""Parsing a section by itself to a normalised tree, or taking it from the cache."""

from __future__ import annotations

from dataclasses import dataclass

from makeready.book.config import BookConfig
from makeready.book.kinds import Kind
from makeready.book.model import Element, Note, Query
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.anchors import merge_anchors
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.content_repair import repair_content, report_content
from makeready.manuscript.figures import build_figures
from makeready.manuscript.front_matter import FrontMatter, cut_front_matter, with_headings
from makeready.manuscript.images import BookImages, SectionImages, remove_refused_images
from makeready.manuscript.includes import IncludedFiles, are_unchanged
from makeready.manuscript.index_terms import mark_index_terms
from makeready.manuscript.markdown import MarkdownParser
from makeready.manuscript.notes import (
    extract_definitions,
    make_note,
    number_calls,
    remove_nested_calls,
    report_calls,
)
from makeready.manuscript.parsed_section import ParsedSection, SectionText, dump, load
from makeready.manuscript.references import check_links
from makeready.manuscript.sanitise import sanitise
from makeready.manuscript.source import MAX_DEPTH, Lines, split_lines
from makeready.manuscript.structure import (
    check_headings,
    check_rows,
    clean_up,
    extract_title,
    set_language,
)
from makeready.manuscript.suppressed import MissingTargets, drop_consequences
from makeready.manuscript.typography import apply_typography


@dataclass(frozen=True, slots=True)
class SectionParser:
    """Parses the sections of one book, each by itself; ``cache`` has those parsed before."""

    config: BookConfig
    images: BookImages
    cache: SectionCache | None = None

    def parse(self, name: str, kind: Kind, raw: bytes) -> ParsedSection:
        """Return a section from the content of its file."""
        fallback = self.config.labels.get(kind.name, kind.name)
        if self.cache is None:
            return self._parse(name, kind, fallback, raw)
        metadata = self.config.metadata
        key = self.cache.key(
            raw,
            name,
            fallback,
            self.config.labels["details"],
            metadata.language,
            self.config.acronyms_small_caps,
            self.config.code.highlights,
            self.config.code.numbers_lines,
            *(person.name for person in metadata.contributors),
        )
        entry = self.cache.get(key)
        parsed = load(entry) if entry is not None else None
        if parsed is None or not self._files_unchanged(parsed):
            parsed = self._parse(name, kind, fallback, raw)
            if parsed.text is not None:
                self.cache.put(key, dump(parsed))
        return parsed

    def parse_excerpt(self, text: str, path: str, line: int, findings: Findings) -> Element | None:
        """Return the tree of Markdown from ``line`` of another file; None if it is invalid."""
        lines = split_lines(text.encode(), path, findings)
        if lines is None:
            return None
        lines = Lines(lines.text, [line - 1 + number for number in lines.origin])
        parse = _SectionParse(self.config, self.images, path)
        try:
            tree, _, _ = parse.parse(lines)
        except RecursionError:
            findings.add("MAN-013", SourceLocation(path, line), limit=MAX_DEPTH)
            return None
        findings.extend(parse.findings)
        return tree

    def parse_file(
        self, raw: bytes, path: str, findings: Findings
    ) -> tuple[Element, list[Note], str] | None:
        """Return the tree, the notes and the language of a file that is no section of a book.

        Return None, with a finding, if it cannot be read.
        """
        lines = split_lines(raw, path, findings)
        if lines is None:
            return None
        lines, front_matter = cut_front_matter(lines, (), path, findings)
        parse = _SectionParse(self.config, self.images, path, front_matter)
        tree, notes, _ = parse.parse(lines)
        drop_consequences(parse.findings, findings)
        return tree, notes, front_matter.language or self.config.metadata.language

    def _files_unchanged(self, parsed: ParsedSection) -> bool:
        """Return whether its images and includes, also missing ones, are what they were."""
        images = parsed.images or {}
        if not are_unchanged(self.images.root, parsed.includes or {}):
            return False
        return all(self.images.find(source) == lookup for source, lookup in images.items())

    def _parse(self, name: str, kind: Kind, fallback: str, raw: bytes) -> ParsedSection:
        findings = Findings()
        path = f"{name}.md"
        lines = split_lines(raw, path, findings)
        if lines is None:
            return ParsedSection(None, tuple(findings))
        if not any(text.strip() for text in lines.text):
            findings.add("MAN-006", SourceLocation(path, 1))
            return ParsedSection(None, tuple(findings))
        lines, front_matter = cut_front_matter(
            lines, self.config.metadata.contributors, path, findings
        )
        parse = _SectionParse(self.config, self.images, path, front_matter)
        try:
            tree, notes, queries = parse.parse(lines)
        except RecursionError:
            findings.add("MAN-013", SourceLocation(path), limit=MAX_DEPTH)
            return ParsedSection(None, tuple(findings))
        section_findings, missing_targets = parse.findings, parse.missing_targets
        title = extract_title(tree, kind, name, section_findings, fallback)
        check_headings(tree, path, section_findings)
        if len(tree) == 0 and not (
            kind.generated or kind.name == "part" or section_findings.errors
        ):
            section_findings.add("MAN-006", SourceLocation(path, 1))
        broken = drop_consequences(section_findings, findings)
        return ParsedSection(
            SectionText(title.text, title.tree, tree, tuple(notes), tuple(queries), title.names),
            tuple(findings),
            frozenset(missing_targets.ids),
            missing_targets.has_unread_text or broken,
            parse.images.shown,
            parse.includes.digests,
        )


class _SectionParse:
    """Parses one text, and collects its findings, images and missing targets."""

    def __init__(
        self,
        config: BookConfig,
        images: BookImages,
        path: str,
        front_matter: FrontMatter | None = None,
    ) -> None:
        self._config = config
        self._path = path
        self._front_matter = front_matter or FrontMatter()
        self._language = self._front_matter.language or config.metadata.language
        self.findings = Findings()
        self.missing_targets = MissingTargets()
        self.images = SectionImages(images)
        self.includes = IncludedFiles(images.root)

    def parse(self, lines: Lines) -> tuple[Element, list[Note], list[Query]]:
        """Return the tree, and its notes and queries."""
        path, findings = self._path, self.findings
        lines = self.includes.markdown(lines, path)
        parser = MarkdownParser(path, self._language, findings, self._config.code, self.includes)
        if self._front_matter.has_text:
            lines = with_headings(lines, self._front_matter, parser.title_end(lines))
        tree = parser.parse(lines)
        self._report_includes()
        definitions = extract_definitions(tree, path, findings, self.missing_targets)
        tree = self._normalise(tree)
        calls = number_calls(tree, definitions)
        bodies = {note.id: self._normalise(note.body) for note in definitions.values()}
        nested: set[str] = set()
        for body in bodies.values():
            nested |= remove_nested_calls(body, path, findings)
        report_calls(calls, nested, definitions, path, findings)
        for name, line in parser.unused_addresses():
            findings.add("MAN-038", SourceLocation(path, line), name=name)
        notes = [
            make_note(number, bodies[name], definitions[name].line)
            for number, name in enumerate(calls.order, start=1)
        ]
        return tree, notes, parser.queries

    def _report_includes(self) -> None:
        for fault in self.includes.problems:
            location = SourceLocation(self._path, fault.line)
            self.findings.add("MAN-062", location, file=fault.file, problem=fault.problem)
            self.missing_targets.has_unread_text = True

    def _normalise(self, tree: Element) -> Element:
        path, findings = self._path, self.findings
        sanitise(tree, path, findings, self.missing_targets)
        repair_content(tree, self._config.labels["details"], path, findings)
        check_links(tree, path, findings)
        refused = self.images.check(tree, path, findings)
        build_figures(tree, path, findings, self.missing_targets)
        remove_refused_images(refused)
        merge_anchors(tree)
        check_rows(tree, path, findings)
        clean_up(tree)
        if self._language != self._config.metadata.language:
            set_language(tree, self._language)
        apply_typography(
            tree,
            self._config.metadata.language,
            path,
            findings,
            acronyms=self._config.acronyms_small_caps,
        )
        mark_index_terms(tree, self._config.metadata.language, path, findings, self.missing_targets)
        report_content(tree, path, findings)
        return tree
