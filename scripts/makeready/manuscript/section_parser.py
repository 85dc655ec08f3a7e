"""Parsing a section by itself to a normalised tree, or taking it from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from makeready.book.config import BookConfig
from makeready.book.kinds import GROUPS, Kind
from makeready.book.model import BOOK_FILE, Element, Note
from makeready.book.queries import Query
from makeready.findings import Findings, SourceLocation
from makeready.manuscript.anchors import merge_anchors
from makeready.manuscript.cache import SectionCache
from makeready.manuscript.callouts import LABELS
from makeready.manuscript.citation_markup import put_into_notes, with_marks
from makeready.manuscript.content_repair import repair_content, report_content
from makeready.manuscript.diagrams import DiagramDrawer, are_same_programs, build_diagrams
from makeready.manuscript.figures import build_figures, describe_images
from makeready.manuscript.foreign_markup import report_attributes
from makeready.manuscript.formula_cache import FormulaSetter
from makeready.manuscript.formulas import build_formulas
from makeready.manuscript.front_matter import FrontMatter, cut_front_matter, with_headings
from makeready.manuscript.html_listings import divide_into_lines
from makeready.manuscript.image_lines import keep_image_lines
from makeready.manuscript.images import BookImages, SectionImages, remove_refused_images
from makeready.manuscript.includes import IncludedFiles, IncludeProblem, are_unchanged
from makeready.manuscript.index_terms import mark_index_terms
from makeready.manuscript.markdown import MarkdownParser
from makeready.manuscript.new_pages import mark_new_pages
from makeready.manuscript.notes import (
    extract_definitions,
    make_note,
    number_calls,
    report_calls,
)
from makeready.manuscript.parsed_section import ParsedSection, SectionText, dump, load
from makeready.manuscript.references import check_links
from makeready.manuscript.sanitise import sanitise, source_line
from makeready.manuscript.section_lines import SectionLines
from makeready.manuscript.several_sections import divide_at_titles
from makeready.manuscript.source import MAX_DEPTH, Lines, SourceFile, split_lines
from makeready.manuscript.structure import (
    check_headings,
    check_rows,
    clean_up,
    drop_empty_headings,
    extract_title,
    lower_titles,
    raise_headings,
    set_language,
)
from makeready.manuscript.suppressed import (
    MissingTargets,
    drop_consequences,
    without_title_faults,
)
from makeready.manuscript.tex_macros import Macros
from makeready.manuscript.text_direction import set_directions
from makeready.manuscript.turned_blocks import mark_turned
from makeready.manuscript.typography import apply_typography
from makeready.manuscript.verse_lines import report_verse


@dataclass(frozen=True, slots=True)
class SectionParser:
    """Parses the sections of one book, each by itself; ``cache`` has those parsed before.

    ``keys_for_notes`` are those of the works, if their citations are notes.
    """

    config: BookConfig
    images: BookImages
    cache: SectionCache | None = None
    drawer: DiagramDrawer = field(default_factory=DiagramDrawer)
    formula_setter: FormulaSetter = field(default_factory=FormulaSetter)
    keys_for_notes: frozenset[str] | None = None
    macros: Macros = field(default_factory=Macros)

    def parse(
        self,
        kind: Kind,
        files: Sequence[SourceFile],
        title: str = "",
        *,
        has_several: bool = False,
        lacks_start: bool = False,
    ) -> ParsedSection:
        """Return a section from its files; ``title`` is for a file without one.

        With ``has_several``, each title begins a section of its own. If it ``lacks_start``, files
        before these are missing.
        """
        fallback = self.config.labels.get(kind.name, kind.name)
        parse = partial(
            self._parse,
            *(kind, fallback, files, title),
            has_several=has_several,
            lacks_start=lacks_start,
        )
        if self.cache is None:
            return parse()
        metadata = self.config.metadata
        key = self.cache.key(
            b"".join(file.raw for file in files),
            *(f"{len(file.raw)} {file.path}" for file in files),
            kind.name,
            title,
            has_several,
            lacks_start,
            fallback,
            self.config.labels["details"],
            *(self.config.labels[key] for key in LABELS),
            metadata.language,
            self.config.acronyms_small_caps,
            repr(self.config.typing),
            self.config.code.highlights,
            self.config.code.numbers_lines,
            self.config.citations is not None,
            "" if self.keys_for_notes is None else ascii(sorted(self.keys_for_notes)),
            repr(self.macros),
            *(person.name for person in metadata.contributors),
        )
        entry = self.cache.get(key)
        parsed = load(entry) if entry is not None else None
        if parsed is None or not self._files_unchanged(parsed):
            parsed = parse()
            if parsed.texts:
                self.cache.put(key, dump(parsed))
        return parsed

    def parse_title(self, kind: Kind, title: str, line: int) -> ParsedSection:
        """Return a section that has a title in ``book.toml``, and no text."""
        fallback = self.config.labels.get(kind.name, kind.name)
        return self._parse_lines(kind, fallback, [(BOOK_FILE, Lines([f"# {title}"], [line]))])

    def parse_excerpt(self, text: str, path: str, line: int, findings: Findings) -> Element | None:
        """Return the tree of Markdown from ``line`` of another file; None if it is invalid."""
        lines = split_lines(text.encode(), path, findings)
        if lines is None:
            return None
        lines = Lines(lines.text, [line - 1 + number for number in lines.origin])
        parse = _FileParse(
            self.config,
            SectionImages(self.images),
            path,
            path,
            FrontMatter(),
            macros=Macros(dict(self.macros.known)),
        )
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
        parse = _FileParse(self.config, SectionImages(self.images), path, path, front_matter)
        parse.is_alone = True
        tree, notes, _ = parse.parse(lines)
        drop_consequences(parse.findings, findings)
        return tree, notes, front_matter.language or self.config.metadata.language

    def _files_unchanged(self, parsed: ParsedSection) -> bool:
        """Return whether its images and includes, also missing ones, are what they were."""
        images = parsed.images or {}
        if not are_unchanged(self.images.root, parsed.includes or {}):
            return False
        if not are_same_programs(parsed.programs or {}):
            return False
        return all(self.images.find(source) == lookup for source, lookup in images.items())

    def _parse(
        self,
        kind: Kind,
        fallback: str,
        files: Sequence[SourceFile],
        title: str,
        *,
        has_several: bool,
        lacks_start: bool,
    ) -> ParsedSection:
        findings = Findings()
        read = [(file.path, split_lines(file.raw, file.path, findings)) for file in files]
        texts = [(path, lines) for path, lines in read if lines is not None]
        is_whole = len(texts) == len(read) and not lacks_start
        if not any(text.strip() for _, lines in texts for text in lines.text):
            if is_whole:
                findings.add("MAN-006", SourceLocation(files[0].path, 1))
            return ParsedSection((), tuple(findings))
        parsed = self._parse_lines(kind, fallback, texts, title, has_several=has_several)
        found = parsed.findings
        if lacks_start or texts[0][0] != files[0].path:
            found = without_title_faults(found)
        return replace(
            parsed,
            findings=(*findings, *found),
            has_unread_text=parsed.has_unread_text or not is_whole,
        )

    def _parse_lines(
        self,
        kind: Kind,
        fallback: str,
        files: Sequence[tuple[str, Lines]],
        title: str = "",
        *,
        has_several: bool = False,
    ) -> ParsedSection:
        """Return a section from the paths and lines of its files, which are one after another."""
        path = files[0][0]
        lines_of = SectionLines(files)
        found, missing_targets = Findings(lines_of.located), MissingTargets()
        images = SectionImages(self.images)
        programs: dict[str, str] = {}
        macros = Macros(dict(self.macros.known))
        includes = IncludedFiles(self.images.root, lines_of.add_file)
        trees: list[Element] = []
        notes: list[Note] = []
        queries: list[Query] = []
        for file, lines in lines_of.numbered():
            rest, front_matter = cut_front_matter(
                lines, self.config.metadata.contributors, path, found
            )
            if title and not trees:
                front_matter = replace(front_matter, title=front_matter.title or title)
            if has_several:
                front_matter = replace(front_matter, subtitle="", author="")
            parse = _FileParse(
                self.config,
                images,
                path,
                file,
                front_matter,
                found,
                missing_targets,
                includes,
                self.drawer,
                self.formula_setter,
                programs,
                self.keys_for_notes,
                macros,
            )
            try:
                tree, own_notes, own_queries = parse.parse(rest, first_note=len(notes) + 1)
            except RecursionError:
                found.add("MAN-013", SourceLocation(file), limit=MAX_DEPTH)
                return ParsedSection((), tuple(found))
            trees.append(tree)
            notes += own_notes
            queries += own_queries
        outline = _Outline(kind, path, fallback, title, found, self.config.is_made(kind))
        if has_several:
            divided = divide_at_titles(trees[0], notes, queries)
            texts = tuple(
                outline.text_of([part], own_notes, own_queries)
                for part, own_notes, own_queries in divided
            )
        else:
            texts = (outline.text_of(trees, notes, queries),)
        findings = Findings()
        broken = [drop_consequences(group, findings) for group in _by_file(found)]
        return ParsedSection(
            texts,
            tuple(findings),
            frozenset(missing_targets.ids),
            missing_targets.has_unread_text or any(broken),
            images.shown,
            includes.digests,
            programs,
            lines_of.origins.runs,
        )


def _by_file(found: Findings) -> list[Findings]:
    """Return findings in groups, by the files they are in."""
    groups: dict[str, Findings] = {}
    for finding in found:
        path = finding.location.path if finding.location else ""
        groups.setdefault(path, Findings()).append(finding)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Outline:
    """The title and headings of a section: checked, and taken from its trees.

    ``given_title`` is the one that ``book.toml`` has.
    """

    kind: Kind
    path: str
    fallback: str
    given_title: str
    findings: Findings
    is_filled_later: bool = False

    def text_of(
        self, trees: Sequence[Element], notes: Sequence[Note], queries: Sequence[Query]
    ) -> SectionText:
        """Return the text of a section whose files have these trees."""
        kind, path, findings = self.kind, self.path, self.findings
        tree = trees[0]
        line = source_line(tree[0]) if len(tree) else 1
        if kind.titled:
            raise_headings(tree, self.given_title)
        title = extract_title(tree, kind, path, findings, self.fallback, self.given_title)
        own, given = _letters(title.text), _letters(self.given_title)
        if not (own.endswith(given) or given.endswith(own)):
            location = SourceLocation(path, source_line(title.tree))
            findings.add("MAN-046", location, given=self.given_title, title=title.text)
        lowered: list[Element] = []
        for number, one in enumerate(trees):
            lowered += lower_titles(one, path, findings, begins=number > 0)
            if number > 0:
                tree.extend(list(one))
        check_headings(tree, path, findings, lowered)
        may_be_empty = kind.generated or kind.name in GROUPS or self.is_filled_later
        if len(tree) == 0 and not (may_be_empty or findings.errors):
            findings.add("MAN-006", SourceLocation(path, line))
        return SectionText(title.text, title.tree, tree, tuple(notes), tuple(queries), title.names)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


@dataclass(slots=True)
class _FileParse:
    """Parses one file, and collects its findings, images and missing targets.

    ``path`` is that of the section's first file, through which lines are counted; ``file`` is its
    own.
    """

    config: BookConfig
    images: SectionImages
    path: str
    file: str
    front_matter: FrontMatter
    findings: Findings = field(default_factory=Findings)
    missing_targets: MissingTargets = field(default_factory=MissingTargets)
    included: IncludedFiles | None = None
    drawer: DiagramDrawer = field(default_factory=DiagramDrawer)
    formula_setter: FormulaSetter = field(default_factory=FormulaSetter)
    programs: dict[str, str] = field(default_factory=dict)
    keys_for_notes: frozenset[str] | None = None
    macros: Macros = field(default_factory=Macros)
    is_alone: bool = False

    @property
    def _language(self) -> str:
        return self.front_matter.language or self.config.metadata.language

    def parse(self, lines: Lines, first_note: int = 1) -> tuple[Element, list[Note], list[Query]]:
        """Return the tree, and its notes and queries; notes are numbered from ``first_note``."""
        path, findings = self.path, self.findings
        includes = self.included or IncludedFiles(self.images.root)
        lines = includes.markdown(lines, self.file)
        config = self.config
        parser = MarkdownParser(
            path,
            self._language,
            findings,
            config.code,
            includes,
            config.labels,
            reads_citations=None if self.is_alone else config.citations is not None,
            dialogue=config.typing.dialogue,
        )
        if self.front_matter.has_text:
            lines = with_headings(lines, self.front_matter, parser.title_end(lines))
        tree = parser.parse(lines)
        report_attributes(tree, path, findings)
        self.missing_targets.has_unread_text |= parser.has_lost_headings
        self._report(includes.problems)
        if self.keys_for_notes is not None:
            put_into_notes(tree, self.keys_for_notes)
        definitions = extract_definitions(tree, path, findings, self.missing_targets)
        tree = self._normalise(tree)
        bodies = {note.id: self._normalise(note.body) for note in definitions.values()}
        calls = number_calls(tree, bodies, first_note)
        report_calls(calls, definitions, path, findings)
        for name, line in parser.unused_addresses():
            findings.add("MAN-038", SourceLocation(path, line), name=name)
        notes = [
            make_note(number, bodies[name], definitions[name].line)
            for number, name in enumerate(calls.order, start=first_note)
        ]
        return tree, notes, parser.queries

    def _report(self, problems: list[IncludeProblem]) -> None:
        for fault in problems:
            location = SourceLocation(self.path, fault.line)
            rule = "MAN-069" if fault.is_left_out else "MAN-062"
            self.findings.add(rule, location, file=fault.file, problem=fault.problem)
            # References into text that is left out are dead links, as the build succeeds.
            self.missing_targets.has_unread_text |= not fault.is_left_out
        problems.clear()

    def _normalise(self, tree: Element) -> Element:
        path, findings = self.path, self.findings
        sanitise(tree, path, findings, self.missing_targets)
        self.programs |= build_diagrams(tree, path, findings, self.drawer)
        if self.config.citations is not None:
            with_marks(tree)
        language = self.config.metadata.language
        build_formulas(tree, path, findings, self.macros, language, self.formula_setter)
        repair_content(tree, self.config.labels["details"], path, findings)
        divide_into_lines(tree, self.config.code, path, findings)
        check_links(tree, path, findings)
        describe_images(tree)
        refused = self.images.check(tree, path, self.file, findings)
        build_figures(tree, path, findings, self.missing_targets)
        keep_image_lines(tree)
        mark_turned(tree, path, findings)
        remove_refused_images(refused)
        mark_new_pages(tree)
        drop_empty_headings(tree)
        merge_anchors(tree)
        check_rows(tree, path, findings)
        report_verse(tree, path, findings)
        clean_up(tree)
        if self._language != self.config.metadata.language:
            set_language(tree, self._language)
        apply_typography(
            tree,
            self.config.metadata.language,
            path,
            findings,
            acronyms=self.config.acronyms_small_caps,
            dash=self.config.typing.dash,
        )
        mark_index_terms(tree, self.config.metadata.language, path, findings, self.missing_targets)
        set_directions(tree, self.config.metadata.language)
        report_content(tree, path, findings)
        return tree
