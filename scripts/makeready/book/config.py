"""Reading ``book.toml``: strict, each fault a finding with its line."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from makeready.book.dates import modified_at
from makeready.book.hyphenation import Exceptions, primary_language, report_no_hyphenation
from makeready.book.kinds import BIBLIOGRAPHY, Division, Kind
from makeready.book.labels import labels_for
from makeready.book.model import (
    BOOK_FILE,
    NO_PAGE_LIST,
    Balance,
    Blurb,
    Certifier,
    CitationConfig,
    CodeStyle,
    Contributor,
    CoverColours,
    CoverPictures,
    Dialogue,
    Edition,
    EditionKind,
    Ignore,
    Metadata,
    NoteNumbering,
    NotePlace,
    NoteStyle,
    Series,
    SubjectCode,
    TexMacros,
    TypingStyle,
)
from makeready.book.punctuation_rules import punctuation_rules, report_unknown_punctuation
from makeready.book.schema import BookFile, ContributorFields, EditionFields, NotesFields
from makeready.book.section_lists import ListedSection, read_section_lists
from makeready.book.slugs import file_slug
from makeready.book.sort_names import file_as_of
from makeready.book.source_files import TOML_BYTES, FileRefusedError, read_book_file
from makeready.book.subject_codes import is_qualifier
from makeready.book.theme_names import theme_names
from makeready.book.themes import Theme, read_theme, theme_of
from makeready.book.toml_faults import toml_fault
from makeready.book.toml_lines import TomlLines, TomlPath
from makeready.book.validation import PLACEHOLDER_ID, nearest_word, validate
from makeready.book.writing import is_east_asian, is_in_columns_only
from makeready.errors import FindingsError
from makeready.findings import Findings, SourceLocation

# Printers round one trim size differently, by up to a fiftieth of an inch.
_SAME_TRIM_PT = 1.5
_EBOOK_KEYS = frozenset({"page_list", "stores"})
_PAGE_KEYS = frozenset(
    {
        *("trim", "printer", "paper", "ink", "pdf_x", "binding", "spine_mm", "chapters_open"),
        *("bleed", "bleed_mm", "inside_mm", "outside_mm", "size_pt", "leading_pt"),
    }
)
_SCREEN_KEYS = frozenset({"pdf_a"})
# The keys that do not apply to an edition of a kind.
_INAPPLICABLE_KEYS = {
    "print": _EBOOK_KEYS | _SCREEN_KEYS,
    "screen": _EBOOK_KEYS,
    "epub": _PAGE_KEYS | _SCREEN_KEYS,
}
_PICTURES = {"image", "back_image", "portrait", "mark", "crop"}
_COLOURS = {"ground", "ink", "accent"}
_DEFAULT_EDITIONS = (
    Edition("paperback", EditionKind.PRINT),
    Edition("screen", EditionKind.SCREEN),
    Edition("ebook", EditionKind.EPUB),
)


@dataclass(frozen=True, slots=True)
class BookConfig:
    """The content of ``book.toml``, as values of the model."""

    metadata: Metadata
    sections: tuple[ListedSection, ...]
    editions: tuple[Edition, ...]
    cover: CoverColours
    labels: dict[str, str]
    acronyms_small_caps: bool
    balance: Balance
    code: CodeStyle
    contents_depth: int
    ignores: tuple[Ignore, ...]
    citations: CitationConfig | None = None
    numbered_headings: int = 1
    """The deepest level of headings that have numbers."""
    pictures: CoverPictures = field(default_factory=CoverPictures)
    numbering: Mapping[str, str] = field(default_factory=dict)
    """The form of the numbers of a kind of section, by the kind's name; ``captions`` and
    ``restart`` are where the numbers of captions and of chapters begin again."""
    macros: TexMacros = field(default_factory=TexMacros)
    hyphenation: Exceptions = field(default_factory=dict)
    typing: TypingStyle = field(default_factory=TypingStyle)
    lists_are_valid: bool = True
    """Whether no entry was left out of the lists of sections because it was at fault."""
    body_line: int = 1
    """The line of the body's list of sections, or of the place where it should be."""
    blurb: Blurb = field(default_factory=Blurb)
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each top-level key, and of those of the cover."""

    def is_made(self, kind: Kind) -> bool:
        """Return whether a section of a kind needs no text: it is made of the book's other data."""
        return kind.generated or (kind.name == BIBLIOGRAPHY and self.citations is not None)

    @property
    def has_endnotes(self) -> bool:
        """Whether an edition with pages has its notes at the end of the book."""
        return any(
            edition.notes.place is NotePlace.BOOK_END
            for edition in self.editions
            if edition.kind is not EditionKind.EPUB
        )


def read_config(root: Path, findings: Findings) -> BookConfig | None:
    """Read ``<root>/book.toml``; return None when it cannot be read as TOML at all.

    A value at fault is reported and left out, so that one run reports all faults.
    """
    if not root.is_dir():
        problem = "is a file, not a folder" if root.exists() else "does not exist"
        findings.add("MET-095", folder=root.as_posix(), problem=problem)
        return None
    text = _read_text(root, findings)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, problem = toml_fault(error, text)
        findings.add("MET-003", SourceLocation(BOOK_FILE, line), problem=problem)
        return None
    lines = TomlLines(text)
    file, faulty = validate(data, lines, findings)
    theme = _theme(root, file.design.theme, lines, findings)
    return _config_from(file, faulty, lines, theme, findings)


def _theme(root: Path, name: str, lines: TomlLines, findings: Findings) -> Theme:
    """Return the theme of a book; that of the house where it names none there is."""
    theme = None
    try:
        theme = read_theme(name, root)
    except FindingsError as error:
        location = SourceLocation(error.path, error.line)
        findings.add("MET-044", location, problem=error.problem, hint=error.hint)
        return theme_of(None)
    if theme is None:
        known = theme_names(root)
        nearest = nearest_word(name, known)
        findings.add(
            "MET-043",
            SourceLocation(BOOK_FILE, lines.line_of(("design", "theme"))),
            theme=name,
            suggestion=f"Did you mean “{nearest}”? " if nearest else "",
            known=", ".join(known),
        )
    return theme or theme_of(None)


def _read_text(root: Path, findings: Findings) -> str | None:
    location = SourceLocation(BOOK_FILE)
    try:
        raw = read_book_file(root, BOOK_FILE, TOML_BYTES)
    except FileRefusedError as error:
        if error.is_missing:
            findings.add("MET-001", location)
        elif error.is_outside:
            findings.add("MAN-025", location, path=BOOK_FILE)
        elif error.size is not None:
            findings.add("MET-017", location, size=error.size)
        else:
            findings.add("MET-018", location, problem=error.problem)
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add("MET-002", SourceLocation(BOOK_FILE, line))
        return None


def _config_from(
    file: BookFile, faulty: set[TomlPath], lines: TomlLines, theme: Theme, findings: Findings
) -> BookConfig:
    faulty_keys = {str(path[0]) for path in faulty if path}
    location = SourceLocation(BOOK_FILE, lines.line_of(("language",)))
    # A label at fault is left out, and is no missing one.
    labels_found = Findings() if "words" in faulty_keys else findings
    sections, lists_are_valid = read_section_lists(file, lines, findings)
    labels = labels_for(file.language, file.words, labels_found, location)
    report_unknown_punctuation(file.language, findings, location)
    is_printed = any(edition.kind != "epub" for edition in file.editions.values())
    if (is_printed or not file.editions) and punctuation_rules(file.language) is not None:
        report_no_hyphenation(file.language, findings, location)
    if is_in_columns_only(file.language):
        findings.add("MET-047", location, language=file.language)
    return BookConfig(
        metadata=_metadata(file, faulty_keys, lines, findings),
        sections=sections,
        editions=_editions(file, lines, findings),
        cover=replace(theme.cover, **file.cover.model_dump(include=_COLOURS, exclude_unset=True)),
        pictures=CoverPictures(
            **file.cover.model_dump(include=_PICTURES),
            names_series=file.cover.series,
            has_panel=file.cover.panel,
        ),
        blurb=Blurb(file.cover.blurb, lines.text_line_of(("cover", "blurb"))),
        labels=labels,
        acronyms_small_caps=file.typography.acronyms == "small-caps",
        balance=Balance(file.typography.balance),
        code=CodeStyle(file.code.highlighting != "none", file.code.line_numbers),
        contents_depth=file.contents.depth,
        ignores=tuple(
            Ignore(entry.id, entry.reason, entry.path, lines.line_of(("ignore", index)))
            for index, entry in enumerate(file.ignore)
            if entry.id != PLACEHOLDER_ID
        ),
        citations=_citations(file, lines),
        numbering=file.numbering.model_dump(exclude_none=True, exclude={"headings"}),
        numbered_headings=file.numbering.headings,
        macros=TexMacros(
            file.mathematics.macros,
            file.mathematics.macro_file,
            lines.line_of(("mathematics", "macro_file")),
        ),
        hyphenation=_hyphenation(file),
        typing=TypingStyle(
            {"em": "—", "en": "–"}.get(file.typography.dashes, ""),
            Dialogue(file.typography.dialogue),
        ),
        lists_are_valid=lists_are_valid and faulty_keys.isdisjoint(Division),
        body_line=lines.line_of((Division.BODY.value,)),
        lines={key: lines.line_of((key,)) for key in sorted(file.model_fields_set)}
        | {
            f"cover.{key}": lines.line_of(("cover", key))
            for key in sorted(file.cover.model_fields_set)
        },
    )


def _hyphenation(file: BookFile) -> dict[str, tuple[str, ...]]:
    """Return the exceptions of hyphenation by language; a list is of the book's language."""
    given = file.typography.hyphenation.exceptions
    by_language = given if isinstance(given, dict) else {file.language: given}
    joined: dict[str, tuple[str, ...]] = {}
    for tag, words in by_language.items():
        if words:
            language = primary_language(tag)
            joined[language] = (*joined.get(language, ()), *words)
    return joined


def _citations(file: BookFile, lines: TomlLines) -> CitationConfig | None:
    fields = file.citations
    sources = () if fields is None else tuple(filter(None, fields.sources))
    if fields is None or not sources:
        return None
    return CitationConfig(
        sources,
        fields.style,
        tuple(filter(None, fields.nocite)),
        {
            "": lines.line_of(("citations",)),
            **{key: lines.line_of(("citations", key)) for key in sorted(fields.model_fields_set)},
        },
    )


def _metadata(
    file: BookFile, faulty_keys: set[str], lines: TomlLines, findings: Findings
) -> Metadata:
    contributors = tuple(
        _contributor(
            fields,
            file.language,
            SourceLocation(BOOK_FILE, lines.line_of(("contributors", index, "name"))),
            findings,
        )
        for index, fields in enumerate(file.contributors)
    )
    first_author = next((c.name for c in contributors if c.role == "aut"), "")
    name = "\n".join((file.title, file.language, first_author))
    return Metadata(
        title=file.title,
        slug=file.slug or file_slug(file.title),
        language=file.language,
        identifier=file.identifier or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
        modified=modified_at(
            file.modified,
            file.date,
            findings,
            SourceLocation(BOOK_FILE, lines.line_of(("title",))),
            already_reported=not faulty_keys.isdisjoint({"modified", "date"}),
        ),
        subtitle=file.subtitle,
        display_title=file.display_title,
        contributors=contributors,
        publisher=file.publisher,
        date=file.date,
        rights=file.rights,
        source=file.source,
        description=file.description,
        subjects=tuple(filter(None, file.subjects)),
        certifier=_certifier(file),
        subject_codes=_subject_codes(file, lines, findings),
        keywords=tuple(filter(None, file.keywords)),
        series=Series(**file.series.model_dump()) if file.series else None,
        audience=file.audience,
        imprint=file.imprint,
        edition_statement=file.edition_statement,
        territories=tuple(filter(None, file.territories)),
    )


def _subject_codes(file: BookFile, lines: TomlLines, findings: Findings) -> tuple[SubjectCode, ...]:
    thema = [code for code in file.thema if code]
    if thema and all(map(is_qualifier, thema)):
        findings.add("MET-033", SourceLocation(BOOK_FILE, lines.line_of(("thema",))), code=thema[0])
    codes = (("BISAC", file.bisac), ("Thema", thema))
    return tuple(
        SubjectCode(scheme, code, heading.strip())
        for scheme, written in codes
        for code, _, heading in (text.partition(" ") for text in written if text)
    )


def _certifier(file: BookFile) -> Certifier | None:
    fields = file.accessibility
    if fields is None:
        return None
    return Certifier(fields.certified_by, fields.credential, fields.report)


def _contributor(
    fields: ContributorFields, language: str, location: SourceLocation, findings: Findings
) -> Contributor:
    name = fields.name
    file_as = fields.file_as or (name if fields.corporate else file_as_of(name, language))
    if not file_as and name:
        findings.add("MET-039", location, name=name)
    return Contributor(name, file_as, fields.role, fields.corporate)


def _editions(file: BookFile, lines: TomlLines, findings: Findings) -> tuple[Edition, ...]:
    editions: list[Edition] = []
    for name, fields in file.editions.items():
        width_pt, height_pt = fields.trim
        edition = Edition(
            name=name,
            kind=EditionKind(fields.kind),
            trim_width_pt=width_pt,
            trim_height_pt=height_pt,
            printer=fields.printer,
            paper=fields.paper,
            ink=fields.ink,
            isbn=fields.isbn,
            chapters_open=fields.chapters_open,
            pdf_x=fields.pdf_x or "",
            pdf_a=fields.pdf_a,
            binding=fields.binding,
            spine_mm=fields.spine_mm,
            bleed=fields.bleed,
            bleed_mm=fields.bleed_mm,
            inside_mm=fields.inside_mm,
            outside_mm=fields.outside_mm,
            size_pt=fields.size_pt,
            leading_pt=fields.leading_pt,
            price=fields.price,
            prices=tuple(filter(None, fields.prices)),
            page_list=fields.page_list,
            writing=fields.writing,
            stores=None if fields.stores is None else tuple(filter(None, fields.stores)),
            notes=_note_style(file.notes, fields.notes),
            lines={
                "": lines.line_of(("editions", name)),
                **{
                    k: lines.line_of(("editions", name, k)) for k in sorted(fields.model_fields_set)
                },
            },
        )
        _check_applicable_keys(edition, fields, findings)
        _check_writing(edition, file.language, findings)
        if edition.price and not edition.isbn and edition.kind is EditionKind.PRINT:
            findings.add("MET-024", edition.location("price"), edition=name)
        other = next((e for e in editions if edition.isbn and e.isbn == edition.isbn), None)
        if other is not None and not _is_one_product(edition, other):
            location = edition.location("isbn")
            findings.add(
                "MET-016", location, isbn=fields.isbn, other_edition=other.name, edition=name
            )
        editions.append(edition)
    for edition in editions:
        _check_page_list(edition, editions, findings)
    style = _note_style(file.notes)
    default = tuple(replace(edition, notes=style) for edition in _DEFAULT_EDITIONS)
    return tuple(_with_printed_trim(editions, file)) or default


def _note_style(*tables: NotesFields) -> NoteStyle:
    """Return the style that tables of notes give, later ones by the keys that they have."""
    values: dict[str, str] = {}
    for table in tables:
        values |= table.model_dump(exclude_unset=bool(values))
    return NoteStyle(NotePlace(values["place"]), NoteNumbering(values["numbering"]))


def _with_printed_trim(editions: Sequence[Edition], file: BookFile) -> Iterator[Edition]:
    """Give screen editions without a trim size that of the first print edition."""
    printed = next((edition for edition in editions if edition.kind is EditionKind.PRINT), None)
    for edition in editions:
        has_trim = "trim" in file.editions[edition.name].model_fields_set
        if printed is None or has_trim or edition.kind is not EditionKind.SCREEN:
            yield edition
        else:
            width_pt, height_pt = printed.trim_width_pt, printed.trim_height_pt
            yield replace(edition, trim_width_pt=width_pt, trim_height_pt=height_pt)


def _check_applicable_keys(edition: Edition, fields: EditionFields, findings: Findings) -> None:
    """Report the keys that do not apply to an edition of this kind."""
    for key in sorted(fields.model_fields_set & _INAPPLICABLE_KEYS[fields.kind]):
        location = edition.location(key)
        findings.add("MET-030", location, key=key, edition=edition.name, kind=fields.kind)
    if edition.kind is EditionKind.EPUB and "place" in fields.notes.model_fields_set:
        location, key = edition.location("notes"), "notes.place"
        findings.add("MET-030", location, key=key, edition=edition.name, kind=fields.kind)


def _check_writing(edition: Edition, language: str, findings: Findings) -> None:
    """Report lines in columns where they cannot be set, or are not written."""
    location = edition.location("writing")
    if edition.writing == "vertical" and edition.kind is not EditionKind.EPUB:
        findings.add("MET-045", location, edition=edition.name)
    elif edition.writing == "vertical" and not is_east_asian(language):
        findings.add("MET-046", location, language=language)


def _check_page_list(edition: Edition, editions: Sequence[Edition], findings: Findings) -> None:
    printed = [other.name for other in editions if other.kind is EditionKind.PRINT]
    is_ebook = edition.kind is EditionKind.EPUB
    if is_ebook and edition.page_list not in {"", NO_PAGE_LIST, *printed}:
        location = edition.location("page_list")
        known = ", ".join((*printed, NO_PAGE_LIST))
        findings.add("MET-025", location, value=edition.page_list, known=known)


def _is_one_product(one: Edition, other: Edition) -> bool:
    """Return whether two editions are one product from two printers, which shares an ISBN."""
    sizes = (
        (one.trim_width_pt, other.trim_width_pt),
        (one.trim_height_pt, other.trim_height_pt),
    )
    return (
        one.kind is other.kind is EditionKind.PRINT
        and one.binding == other.binding
        and one.printer != other.printer
        and all(abs(a - b) <= _SAME_TRIM_PT for a, b in sizes)
    )
