"""Reading a book's folder: ``book.toml``, the sections it lists, the images they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lxml import etree

from makeready.book.config import BookConfig, read_config
from makeready.book.kinds import ENDNOTES, Division, Kind
from makeready.book.line_origins import LineOrigins
from makeready.book.model import BOOK_FILE, Book, Metadata, Resource, Section
from makeready.book.section_lists import ListedSection
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.blurb import read_blurb
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.cited_works import cite_works, keys_for_notes, read_works
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.cover_pictures import check_pictures
from makeready.manuscript.diagrams import DiagramDrawer, diagrams_in
from makeready.manuscript.draft import Draft
from makeready.manuscript.formula_cache import FormulaSetter
from makeready.manuscript.front_matter import UNUSED_KEYS
from makeready.manuscript.glossary_terms import assign_term_ids, link_terms, references_of
from makeready.manuscript.images import WRONG_EXTENSION, BookImages
from makeready.manuscript.index import build_index
from makeready.manuscript.index_terms import UNREADABLE_TERM
from makeready.manuscript.listed_files import check_list
from makeready.manuscript.numbering import number_book
from makeready.manuscript.parsed_section import ParsedSection
from makeready.manuscript.references import ReferenceResolver
from makeready.manuscript.reuse import UnchangedSections
from makeready.manuscript.section_names import assign_names
from makeready.manuscript.section_parser import SectionParser
from makeready.manuscript.source import SourceFile, read_source
from makeready.manuscript.structure import finish_tree
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.tex_macros import read_macros
from makeready.manuscript.typography import with_typography

_UNLISTED = ("MAN-002", "MAN-047")
"""What is said of a file that is in no list; one that is included need not be."""


def read_book(
    root: Path,
    findings: Findings,
    on_section: Callable[[str], None] | None = None,
    unchanged_sections: UnchangedSections | None = None,
) -> Book | None:
    """Read the book in the folder ``root``; return None when no section can be read.

    Errors are reported as findings, and reading goes on, so that one run reports them all.
    ``on_section`` is called with each section's name before it is read. ``unchanged_sections``
    has the sections of earlier runs, which are not parsed again unless they have changed.
    """
    config = read_config(root, findings)
    if config is None:
        return None
    listed = check_list(root, config, findings)
    _check_body(config, findings)
    cache = unchanged_sections.cache if unchanged_sections is not None else None
    reader = _Reader(root, config, findings, cache)
    # The content of a section that cannot be read is unknown.
    present = [path for section, _ in listed for path in section.files]
    expected = [path for section in config.sections for path in section.files]
    reader.missing_targets.has_unread_text = not config.lists_are_valid or present != expected
    for section, kind in listed:
        if on_section is not None:
            on_section(section.shown_name)
        reader.read(section, kind)
    for finding in [f for f in findings if f.id in _UNLISTED and f.location]:
        if finding.location and finding.location.path in reader.included:
            findings.drop(finding)
    return reader.book(unchanged_sections) if reader.drafts else None


def read_front(root: Path) -> Book | None:
    """Read the metadata and editions of a book, without its sections and without findings."""
    config = read_config(root, Findings())
    return None if config is None else _book(root, config)


def read_ahead(root: Path, cache: SectionCache) -> None:
    """Parse the sections of a book into the cache, from the last one up to one that is there.

    It is for a process beside one that reads the book from the first section on.
    """
    config = read_config(root, Findings())
    if config is None:
        return
    reader = _Reader(root, config, Findings(), cache)
    for section, kind in reversed(check_list(root, config, Findings())):
        known = cache.added
        reader.read(section, kind)
        has_text = any((root / path).is_file() for path in section.files)
        if has_text and cache.added == known:
            return


class _Reader:
    """Reads the sections of one book, and builds the ``Book``."""

    def __init__(
        self,
        root: Path,
        config: BookConfig,
        findings: Findings,
        cache: SectionCache | None,
    ) -> None:
        self._root = root
        self._config = config
        self._findings = findings
        self.missing_targets = MissingTargets()
        self._cache = cache
        self._images = BookImages(root, self.missing_targets, cache)
        self._works = read_works(root, config.citations, findings)
        keys = keys_for_notes(root, config.citations, self._works)
        macros = read_macros(root, config.macros, findings)
        self._section_parser = SectionParser(
            config, self._images, cache, DiagramDrawer(cache), FormulaSetter(cache), keys, macros
        )
        self.drafts: list[Draft] = []
        self.included: set[str] = set()
        self._list_lines: list[int] = []
        self._origins: dict[str, LineOrigins] = {}

    def read(self, section: ListedSection, kind: Kind) -> None:
        """Read one section; add it to the drafts if it can be read."""
        is_made = self._config.is_made(kind) and section.name
        if is_made and not (self._root / section.files[0]).exists():
            title = self._config.labels.get(kind.name, kind.name)
            if kind.name == ENDNOTES and not self._config.has_endnotes:
                location = SourceLocation(BOOK_FILE, section.line)
                self._findings.add("MET-042", location, name=section.name)
            self._add_draft(_generated(section, kind, title), section)
            return
        parsed = self._parsed(section, kind)
        self._add_results(parsed)
        self.included.update(parsed.includes or {})
        path = section.files[0] if section.files else BOOK_FILE
        self._origins[path] = LineOrigins(path, parsed.line_runs)
        for text in parsed.texts:
            draft = Draft(
                section.name,
                kind,
                section.division,
                path,
                text.title,
                text.title_tree,
                text.tree,
                list(text.notes),
                list(text.queries),
                text.names,
                line_runs=parsed.line_runs,
                listed_files=section.files,
                numbered=section.numbered,
                numbering=section.numbering,
            )
            self._add_draft(draft, section)

    def _add_draft(self, draft: Draft, section: ListedSection) -> None:
        self.drafts.append(draft)
        self._list_lines.append(section.line)

    def _parsed(self, section: ListedSection, kind: Kind) -> ParsedSection:
        if not section.files:
            return self._section_parser.parse_title(kind, section.title, section.line)
        files: list[SourceFile] = []
        for path in section.files:
            raw = read_source(self._root, path, self._findings)
            if raw is None:
                self.missing_targets.has_unread_text = True
            else:
                files.append(SourceFile(path, raw))
        if not files:
            return ParsedSection(())
        return self._section_parser.parse(
            kind,
            files,
            section.title,
            has_several=section.has_several,
            lacks_start=section.lacks_start or files[0].path != section.files[0],
        )

    def _add_results(self, parsed: ParsedSection) -> None:
        """Add the findings and missing targets of a section to those of the book."""
        reported = {(finding.id, finding.message) for finding in self._findings}
        ids = {rule for rule, _ in reported}
        for finding in parsed.findings:
            # A wrong extension is reported once, however many sections show the image, and one
            # note about front matter is enough for a book.
            is_known_image = (
                finding.id == WRONG_EXTENSION and (finding.id, finding.message) in reported
            )
            if not is_known_image and not (finding.id == UNUSED_KEYS and finding.id in ids):
                self._findings.append(finding)
        self.missing_targets.ids |= parsed.ids
        self.missing_targets.has_unread_text |= parsed.has_unread_text or not parsed.texts

    def book(self, unchanged_sections: UnchangedSections | None) -> Book:
        """Return the book, its sections numbered and the references between them resolved."""
        config, findings = self._config, Findings(self._located)
        assign_names(self.drafts)
        cite_works(
            self.drafts,
            self._works,
            self._root,
            config,
            self._cache,
            findings,
            self.missing_targets,
            self._location_in_list,
        )
        anchors, names = number_book(self.drafts, config, findings)
        assign_term_ids(self.drafts, anchors)
        link_terms(self.drafts, anchors)
        index = build_index(
            self.drafts,
            anchors,
            alphabet_of(config.metadata.language),
            findings,
            self._location_in_list,
            is_complete=not self.missing_targets.may_contain(UNREADABLE_TERM),
        )
        references = ReferenceResolver(
            names, findings, self.missing_targets, config.labels, config.metadata.language
        )
        for draft in self.drafts:
            for tree in draft.trees:
                references.resolve(tree, draft)
        term_references = references_of(self.drafts, anchors)
        for tree in (tree for draft in self.drafts for tree in draft.trees):
            finish_tree(tree)
        if not self.missing_targets.has_unread_text:
            self._images.report_unused(findings, self._config.pictures.paths.values())
        check_pictures(self._root, config, findings)
        self._findings.extend(findings)
        sections = tuple(_section(draft) for draft in self.drafts)
        if unchanged_sections is not None:
            sections = unchanged_sections.reuse(sections, anchors)
        return replace(
            _book(self._root, config),
            sections=sections,
            resources=(*self._images.resources, *self._diagrams()),
            anchors=anchors,
            index=index,
            term_references=term_references,
            blurb=read_blurb(config, self._section_parser, self._findings),
        )

    def _diagrams(self) -> list[Resource]:
        found = [d for draft in self.drafts for tree in draft.trees for d in diagrams_in(tree)]
        return list({diagram.path: diagram for diagram in found}.values())

    def _located(self, location: SourceLocation | None) -> SourceLocation | None:
        """Return a location that is counted through the files of a section as one in a file."""
        origins = self._origins.get(location.path) if location is not None else None
        return location if origins is None else origins.located(location)

    def _location_in_list(self, name: str) -> SourceLocation:
        return next(
            SourceLocation(BOOK_FILE, line)
            for draft, line in zip(self.drafts, self._list_lines, strict=True)
            if draft.name == name
        )


def _book(root: Path, config: BookConfig) -> Book:
    """Return a book without its sections."""
    return Book(
        root=root,
        metadata=_with_typography(config.metadata),
        sections=(),
        resources=(),
        editions=config.editions,
        anchors={},
        labels=config.labels,
        lines=config.lines,
        cover=config.cover,
        pictures=config.pictures,
        ignores=config.ignores,
        acronyms_small_caps=config.acronyms_small_caps,
        balance=config.balance,
        hyphenation=config.hyphenation,
        contents_depth=config.contents_depth,
        numbered_headings=config.numbered_headings,
    )


def _with_typography(metadata: Metadata) -> Metadata:
    """Apply the typography of the language to the metadata."""

    def typeset(text: str) -> str:
        return with_typography(text, metadata.language)

    return replace(
        metadata,
        title=typeset(metadata.title),
        subtitle=typeset(metadata.subtitle),
        display_title=typeset(metadata.display_title),
        publisher=typeset(metadata.publisher),
        imprint=typeset(metadata.imprint),
        edition_statement=typeset(metadata.edition_statement),
        series=metadata.series and replace(metadata.series, title=typeset(metadata.series.title)),
        rights=typeset(metadata.rights),
        description=typeset(metadata.description),
        contributors=tuple(
            replace(person, name=typeset(person.name), file_as=typeset(person.file_as))
            for person in metadata.contributors
        ),
    )


def _section(draft: Draft) -> Section:
    return Section(
        name=draft.name,
        kind=draft.kind,
        division=draft.division,
        number=draft.number,
        title=draft.title,
        title_tree=draft.title_tree,
        source_path=draft.path,
        tree=draft.tree,
        notes=tuple(draft.notes),
        queries=tuple(draft.queries),
        has_title=draft.has_title,
        line_runs=draft.line_runs,
        numeral=draft.numeral,
        group_title=draft.group_title,
    )


def _check_body(config: BookConfig, findings: Findings) -> None:
    """Report a book without a body, unless a section of the body may be in another list."""
    bodies = [s for s in config.sections if s.division is Division.BODY]
    misplaced = [
        kind
        for section in config.sections
        if (kind := section.kind) is None or section.division not in kind.divisions
    ]
    if config.lists_are_valid and not bodies and not misplaced:
        findings.add("MAN-031", SourceLocation(BOOK_FILE, config.body_line))


def _generated(section: ListedSection, kind: Kind, title: str) -> Draft:
    span = etree.Element("span")
    span.text = title
    empty = etree.Element("div")
    return Draft(section.name, kind, section.division, "", title, span, empty, [], [])
