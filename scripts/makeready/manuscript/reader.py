"""Read a book's folder: ``book.toml``, the sections it lists, the images they show."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lxml import etree

from makeready.book.config import BookConfig, ListedSection, read_config
from makeready.book.kinds import KINDS, Division, Kind, kind_of
from makeready.book.model import Book, Metadata, Section
from makeready.book.validation import BOOK_FILE
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.blurb import read_blurb
from makeready.manuscript.collation import alphabet_of
from makeready.manuscript.glossary_terms import name_terms, references_of
from makeready.manuscript.images import MISNAMED, Images
from makeready.manuscript.index import index_of
from makeready.manuscript.index_marks import LOST
from makeready.manuscript.numbering import Draft, number_book
from makeready.manuscript.parsed_section import ParsedSection
from makeready.manuscript.references import resolve_references
from makeready.manuscript.reuse import UnchangedSections
from makeready.manuscript.section_parser import Sections
from makeready.manuscript.source import read_source
from makeready.manuscript.structure import finish_tree
from makeready.manuscript.suppressed import MissingTargets
from makeready.manuscript.typography import with_typography

_DIVISIONS = {
    Division.FRONT: "the front matter",
    Division.BODY: "the body",
    Division.BACK: "the back matter",
}


def read_book(
    root: Path,
    findings: Findings,
    on_section: Callable[[str], None] | None = None,
    unchanged_sections: UnchangedSections | None = None,
) -> Book | None:
    """Read the book in the folder ``root``; None when no Book can be made at all.

    Faults are findings; reading goes on as far as it can, so that one run reports them all.
    ``on_section`` is called with each section's name before it is read. A section that
    ``unchanged_sections`` has as it is now is not parsed again.
    """
    config = read_config(root, findings)
    if config is None:
        return None
    listed = _check_list(root, config, findings)
    _check_body(config, findings)
    reader = _Reader(root, config, findings, unchanged_sections)
    # What a section that cannot be read holds, nobody knows.
    reader.missing_targets.has_unread_text = not config.lists_are_valid or {
        s.name for s in config.sections
    } != {section.name for section, _ in listed}
    for section, kind in listed:
        if on_section is not None:
            on_section(section.name)
        reader.read(section, kind)
    return reader.book() if reader.drafts else None


def read_front(root: Path) -> Book | None:
    """Read what a book says of itself, and no section; faults are `read_book`'s to tell."""
    config = read_config(root, Findings())
    return None if config is None else _book(root, config)


class _Reader:
    """Reads the sections of one book, and makes a book of them."""

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
        self._readings = unchanged_sections
        shelf = unchanged_sections.shelf if unchanged_sections is not None else None
        self.missing_targets = MissingTargets()
        self._images = Images(root, self.missing_targets, shelf)
        self._sections = Sections(config, self._images, shelf)
        self.drafts: list[Draft] = []

    def read(self, section: ListedSection, kind: Kind) -> None:
        """Read one section, whatever comes of it."""
        path = f"{section.name}.md"
        if kind.generated and not (self._root / path).exists():
            title = self._config.labels.get(kind.name, kind.name)
            self.drafts.append(_generated(section, kind, title))
            return
        raw = read_source(self._root, path, self._findings)
        reading = (
            ParsedSection(None) if raw is None else self._sections.read(section.name, kind, raw)
        )
        self._tell(reading)
        text = reading.text
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
            )
            self.drafts.append(draft)

    def _tell(self, reading: ParsedSection) -> None:
        """Take over what was found in a section, and what was lost."""
        told = {finding.message for finding in self._findings if finding.id == MISNAMED}
        for finding in reading.findings:
            # A wrong name is told of once, however many sections show the image.
            if finding.id != MISNAMED or finding.message not in told:
                self._findings.append(finding)
        self.missing_targets.ids |= reading.ids
        self.missing_targets.has_unread_text |= reading.has_unread_text or reading.text is None

    def book(self) -> Book:
        """Return the book, its sections numbered and the references between them resolved."""
        config, findings = self._config, self._findings
        anchors = number_book(self.drafts, config.labels, findings)
        name_terms(self.drafts, anchors)
        index = index_of(
            self.drafts,
            anchors,
            alphabet_of(config.metadata.language),
            findings,
            self._place_of,
            whole=not self.missing_targets.may_contain(LOST),
        )
        for draft in self.drafts:
            for tree in draft.trees:
                resolve_references(tree, draft.path, anchors, findings, self.missing_targets)
        term_references = references_of(self.drafts, anchors)
        for tree in (tree for draft in self.drafts for tree in draft.trees):
            finish_tree(tree)
        if not self.missing_targets.has_unread_text:
            self._images.report_unused(findings)
        sections = tuple(_section(draft) for draft in self.drafts)
        if self._readings is not None:
            sections = self._readings.settled(sections, anchors)
        return replace(
            _book(self._root, config),
            sections=sections,
            resources=self._images.resources,
            anchors=anchors,
            index=index,
            term_references=term_references,
            blurb=read_blurb(config, self._sections, findings),
        )

    def _place_of(self, name: str) -> SourceLocation:
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
    """Set what the book shows of itself as its text is set."""

    def words(text: str) -> str:
        return with_typography(text, metadata.language)

    return replace(
        metadata,
        title=words(metadata.title),
        subtitle=words(metadata.subtitle),
        display_title=words(metadata.display_title),
        publisher=words(metadata.publisher),
        imprint=words(metadata.imprint),
        series=metadata.series and replace(metadata.series, title=words(metadata.series.title)),
        rights=words(metadata.rights),
        description=words(metadata.description),
        contributors=tuple(
            replace(person, name=words(person.name), file_as=words(person.file_as))
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
    )


def _check_list(
    root: Path, config: BookConfig, findings: Findings
) -> list[tuple[ListedSection, Kind]]:
    """Return the listed sections that can be read, each with its kind."""
    files = sorted(f.name.removesuffix(".md") for f in root.glob("*.md") if f.name[0] != ".")
    names = {section.name for section in config.sections}
    # A file under a name that is nearly a listed one, and the name without a file, are one slip.
    claimed: set[str] = set()
    good: dict[str, tuple[ListedSection, Kind]] = {}
    for section in config.sections:
        location = SourceLocation(BOOK_FILE, section.line)
        kind = kind_of(section.name)
        near = _near_file(section.name, set(files) - names)
        if kind is None:
            claimed.update([near] if near and section.name not in files else [])
            findings.add("MAN-004", location, name=section.name, nearest=_nearest(section.name))
        elif section.name in good:
            findings.add("MAN-003", location, name=section.name)
        elif section.name not in files and not kind.generated:
            claimed.update([near] if near else [])
            nearest = f" There is a file {near}.md." if near else ""
            findings.add("MAN-001", location, name=section.name, nearest=nearest)
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
            good[section.name] = (section, kind)
    for file in files if config.sections and config.lists_are_valid else ():
        if file not in names | claimed:
            findings.add("MAN-002", SourceLocation(f"{file}.md", 1), name=file)
    return list(good.values())


def _check_body(config: BookConfig, findings: Findings) -> None:
    """Report a book without a body, unless what is meant for it stands in another list."""
    bodies = [s for s in config.sections if s.division is Division.BODY]
    strays = [
        kind
        for section in config.sections
        if (kind := kind_of(section.name)) is None or section.division not in kind.divisions
    ]
    if config.lists_are_valid and not bodies and not strays:
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
    return f"Did you mean “{close[0]}”?" if close else f"Kinds are: {', '.join(KINDS)}."
