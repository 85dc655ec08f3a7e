"""Reading a book's folder: ``book.toml``, the sections it lists, the images they show."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lxml import etree

from makeready.book.config import BookConfig, ListedSection, read_config
from makeready.book.kinds import KINDS, Division, Kind, kind_of
from makeready.book.model import BOOK_FILE, Book, Metadata, Section
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.blurb import read_blurb
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.front_matter import UNUSED_KEYS
from makeready.manuscript.glossary_terms import assign_term_ids, references_of
from makeready.manuscript.images import WRONG_EXTENSION, BookImages
from makeready.manuscript.index import build_index
from makeready.manuscript.index_terms import UNREADABLE_TERM
from makeready.manuscript.numbering import Draft, number_book
from makeready.manuscript.parsed_section import ParsedSection
from makeready.manuscript.references import ReferenceResolver
from makeready.manuscript.reuse import UnchangedSections
from makeready.manuscript.section_parser import SectionParser
from makeready.manuscript.source import read_source
from makeready.manuscript.structure import finish_tree
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import with_typography

_DIVISIONS = {
    Division.FRONT: "the front matter",
    Division.BODY: "the body",
    Division.BACK: "the back matter",
}

_UNLISTED = "MAN-002"
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
    listed = _check_list(root, config, findings)
    _check_body(config, findings)
    reader = _Reader(root, config, findings, unchanged_sections)
    # The content of a section that cannot be read is unknown.
    reader.missing_targets.has_unread_text = not config.lists_are_valid or {
        s.name for s in config.sections
    } != {section.name for section, _ in listed}
    for section, kind in listed:
        if on_section is not None:
            on_section(section.name)
        reader.read(section, kind)
    for finding in [f for f in findings if f.id == _UNLISTED and f.location]:
        if finding.location and finding.location.path in reader.included:
            findings.drop(finding)
    return reader.book() if reader.drafts else None


def read_front(root: Path) -> Book | None:
    """Read the metadata and editions of a book, without its sections and without findings."""
    config = read_config(root, Findings())
    return None if config is None else _book(root, config)


class _Reader:
    """Reads the sections of one book, and builds the ``Book``."""

    def __init__(
        self,
        root: Path,
        config: BookConfig,
        findings: Findings,
        unchanged_sections: UnchangedSections | None,
    ) -> None:
        self._root = root
        self._config = config
        self._findings = findings
        self._unchanged_sections = unchanged_sections
        cache = unchanged_sections.cache if unchanged_sections is not None else None
        self.missing_targets = MissingTargets()
        self._images = BookImages(root, self.missing_targets, cache)
        self._section_parser = SectionParser(config, self._images, cache)
        self.drafts: list[Draft] = []
        self.included: set[str] = set()

    def read(self, section: ListedSection, kind: Kind) -> None:
        """Read one section; add it to the drafts if it can be read."""
        path = f"{section.name}.md"
        if kind.generated and not (self._root / path).exists():
            title = self._config.labels.get(kind.name, kind.name)
            self.drafts.append(_generated(section, kind, title))
            return
        raw = read_source(self._root, path, self._findings)
        parsed = (
            ParsedSection(None)
            if raw is None
            else self._section_parser.parse(section.name, kind, raw)
        )
        self._add_results(parsed)
        self.included.update(parsed.includes or {})
        text = parsed.text
        if text is not None:
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
            )
            self.drafts.append(draft)

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
        self.missing_targets.has_unread_text |= parsed.has_unread_text or parsed.text is None

    def book(self) -> Book:
        """Return the book, its sections numbered and the references between them resolved."""
        config, findings = self._config, self._findings
        anchors, names = number_book(self.drafts, config.labels, findings)
        assign_term_ids(self.drafts, anchors)
        index = build_index(
            self.drafts,
            anchors,
            alphabet_of(config.metadata.language),
            findings,
            self._location_in_list,
            is_complete=not self.missing_targets.may_contain(UNREADABLE_TERM),
        )
        references = ReferenceResolver(names, findings, self.missing_targets)
        for draft in self.drafts:
            for tree in draft.trees:
                references.resolve(tree, draft.name, draft.path)
        term_references = references_of(self.drafts, anchors)
        for tree in (tree for draft in self.drafts for tree in draft.trees):
            finish_tree(tree)
        if not self.missing_targets.has_unread_text:
            self._images.report_unused(findings)
        sections = tuple(_section(draft) for draft in self.drafts)
        if self._unchanged_sections is not None:
            sections = self._unchanged_sections.reuse(sections, anchors)
        return replace(
            _book(self._root, config),
            sections=sections,
            resources=self._images.resources,
            anchors=anchors,
            index=index,
            term_references=term_references,
            blurb=read_blurb(config, self._section_parser, findings),
        )

    def _location_in_list(self, name: str) -> SourceLocation:
        return next(
            SourceLocation(BOOK_FILE, s.line) for s in self._config.sections if s.name == name
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
        ignores=config.ignores,
        acronyms_small_caps=config.acronyms_small_caps,
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
    )


def _check_list(
    root: Path, config: BookConfig, findings: Findings
) -> list[tuple[ListedSection, Kind]]:
    """Return the listed sections that can be read, each with its kind."""
    files = sorted(f.name.removesuffix(".md") for f in root.glob("*.md") if f.name[0] != ".")
    names = {section.name for section in config.sections}
    # A missing file and a file of a similar name that is not listed are one mistake.
    similar_files: set[str] = set()
    readable: dict[str, tuple[ListedSection, Kind]] = {}
    for section in config.sections:
        location = SourceLocation(BOOK_FILE, section.line)
        kind = kind_of(section.name)
        near = _near_file(section.name, set(files) - names)
        if kind is None:
            similar_files.update([near] if near and section.name not in files else [])
            findings.add("MAN-004", location, name=section.name, suggestion=_nearest(section.name))
        elif section.name in readable:
            findings.add("MAN-003", location, name=section.name)
        elif section.name not in files and not kind.generated:
            similar_files.update([near] if near else [])
            suggestion = f" There is a file {near}.md." if near else ""
            findings.add("MAN-001", location, name=section.name, suggestion=suggestion)
        else:
            if section.division not in kind.divisions:
                findings.add(
                    "MAN-005",
                    location,
                    name=section.name,
                    kind=kind.name,
                    division=_DIVISIONS[section.division],
                    allowed=" or ".join(d.value for d in kind.divisions),
                )
            readable[section.name] = (section, kind)
    for file in files if config.sections and config.lists_are_valid else ():
        if file not in names | similar_files:
            findings.add("MAN-002", SourceLocation(f"{file}.md", 1), name=file)
    return list(readable.values())


def _check_body(config: BookConfig, findings: Findings) -> None:
    """Report a book without a body, unless a section of the body may be in another list."""
    bodies = [s for s in config.sections if s.division is Division.BODY]
    misplaced = [
        kind
        for section in config.sections
        if (kind := kind_of(section.name)) is None or section.division not in kind.divisions
    ]
    if config.lists_are_valid and not bodies and not misplaced:
        findings.add("MAN-031", SourceLocation(BOOK_FILE, config.body_line))


def _generated(section: ListedSection, kind: Kind, title: str) -> Draft:
    span = etree.Element("span")
    span.text = title
    empty = etree.Element("div")
    return Draft(section.name, kind, section.division, "", title, span, empty, [], [])


def _near_file(name: str, files: set[str]) -> str:
    return next(iter(difflib.get_close_matches(name, sorted(files), n=1, cutoff=0.75)), "")


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name.rstrip("-0123456789"), KINDS, n=1, cutoff=0.5)
    return f"Did you mean “{close[0]}”?" if close else f"Known kinds: {', '.join(KINDS)}."
