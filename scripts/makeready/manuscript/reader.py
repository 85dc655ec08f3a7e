"""Read a book's folder: ``book.toml``, the sections it lists, the images they show."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lxml import etree

from makeready.book.config import BookConfig, ListedSection, read_config
from makeready.book.faults import FILE
from makeready.book.kinds import KINDS, Division, Kind, kind_of
from makeready.book.model import Book, Element, Metadata, Note, Query, Section
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.blocks import check_blocks, guard_verse
from makeready.manuscript.fences import CodeBlock, take_fences
from makeready.manuscript.figures import set_figures
from makeready.manuscript.images import Images, take_out_refused
from makeready.manuscript.indents import check_indents, part_lists
from makeready.manuscript.losses import Losses, keep_causes
from makeready.manuscript.markdown import SectionParser
from makeready.manuscript.notes import (
    calls_inside,
    note_of,
    number_calls,
    report_calls,
    take_definitions,
)
from makeready.manuscript.numbering import Draft, number_book
from makeready.manuscript.queries import take_queries
from makeready.manuscript.references import check_links, resolve_references
from makeready.manuscript.sanitise import sanitise
from makeready.manuscript.sections import check_headings, finish, take_title, tidy
from makeready.manuscript.source import MAX_DEPTH, Lines, read_source, within_bounds
from makeready.manuscript.typography import set_typography, with_typography

_DIVISIONS = {
    Division.FRONT: "the front matter",
    Division.BODY: "the body",
    Division.BACK: "the back matter",
}


def read_book(
    root: Path, findings: Findings, on_section: Callable[[str], None] | None = None
) -> Book | None:
    """Read the book in the folder ``root``; None when no Book can be made at all.

    Faults are findings; reading goes on as far as it can, so that one run reports them all.
    ``on_section`` is called with each section's name before it is parsed.
    """
    config = read_config(root, findings)
    if config is None:
        return None
    listed = _check_list(root, config, findings)
    reading = _Reading(root, config, findings)
    # What a section that cannot be read holds, nobody knows.
    reading.losses.passages = not config.lists_hold or {s.name for s in config.sections} != {
        section.name for section, _ in listed
    }
    drafts = []
    for section, kind in listed:
        if on_section is not None:
            on_section(section.name)
        draft = reading.read(section, kind)
        if draft is None:
            reading.losses.passages = True
        else:
            drafts.append(draft)
    if not drafts:
        if not config.sections and config.lists_hold:
            findings.add("MAN-031", SourceLocation(FILE))
        return None
    anchors = number_book(drafts, config.words, findings)
    for draft in drafts:
        for tree in draft.trees:
            resolve_references(tree, draft.path, anchors, findings, reading.losses)
            finish(tree)
    if not reading.losses.passages:
        reading.images.report_unused(findings)
    return Book(
        root=root,
        metadata=_with_typography(config.metadata),
        sections=tuple(_section(draft) for draft in drafts),
        resources=reading.images.resources,
        editions=config.editions,
        anchors=anchors,
        words=config.words,
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
        location = SourceLocation(FILE, section.line)
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
    for file in files if config.sections and config.lists_hold else ():
        if file not in names | claimed:
            findings.add("MAN-002", SourceLocation(f"{file}.md", 1), name=file)
    return list(good.values())


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


class _Reading:
    """Reads the sections of one book, one after the other."""

    def __init__(self, root: Path, config: BookConfig, findings: Findings) -> None:
        self._root = root
        self._config = config
        self._findings = findings
        self.losses = Losses()
        self.images = Images(root, self.losses)

    def read(self, section: ListedSection, kind: Kind) -> Draft | None:
        """Read one section; None when its file cannot be read."""
        fallback = self._config.words.get(kind.name, kind.name)
        path = f"{section.name}.md"
        if kind.generated and not (self._root / path).exists():
            return _generated(section, kind, fallback)
        lines = read_source(self._root, path, self._findings)
        if lines is None:
            return None
        if not any(lines.text):
            self._findings.add("MAN-006", SourceLocation(path, 1))
            return None
        own = Findings()
        try:
            tree, notes, queries = self._parse(lines, path, own)
        except RecursionError:
            self._findings.add("MAN-013", SourceLocation(path), limit=MAX_DEPTH)
            return None
        if tree is None:
            self._findings.take(own)
            return None
        title, title_tree = take_title(tree, kind, section.name, own, fallback, self.losses)
        check_headings(tree, path, own)
        if len(tree) == 0 and not (kind.generated or kind.name == "part" or own.errors):
            own.add("MAN-006", SourceLocation(path, 1))
        if keep_causes(own, self._findings):
            self.losses.passages = True
        return Draft(
            section.name, kind, section.division, path, title, title_tree, tree, notes, queries
        )

    def _parse(
        self, lines: Lines, path: str, findings: Findings
    ) -> tuple[Element | None, list[Note], list[Query]]:
        code: list[CodeBlock] = []
        lines = take_fences(lines, path, findings, code)
        lines, queries = take_queries(lines, path, findings)
        if not within_bounds(lines, path, findings):
            return None, [], queries
        check_blocks(lines, path, findings, self.losses)
        lines, definitions = take_definitions(guard_verse(lines), path, findings, self.losses)
        check_indents(lines, path, findings)
        parser = SectionParser(code, path, findings)
        tree = self._normalise(parser.parse(part_lists(lines)), path, findings)
        calls = number_calls(tree, definitions)
        bodies = {
            note.id: self._normalise(parser.parse(note.lines), path, findings)
            for note in definitions.values()
        }
        inside: set[str] = set()
        for body in bodies.values():
            inside |= calls_inside(body, path, findings)
        report_calls(calls, inside, definitions, path, findings)
        notes = [
            note_of(number, bodies[name], definitions[name].line)
            for number, name in enumerate(calls.order, start=1)
        ]
        return tree, notes, queries

    def _normalise(self, tree: Element, path: str, findings: Findings) -> Element:
        sanitise(tree, path, findings, self.losses)
        check_links(tree, path, findings)
        refused = self.images.check(tree, path, findings)
        set_figures(tree, path, findings, self.losses)
        take_out_refused(refused)
        tidy(tree)
        set_typography(
            tree,
            self._config.metadata.language,
            path,
            findings,
            acronyms=self._config.acronyms_small_caps,
        )
        return tree
