"""Read ``book.toml``: strict, every fault a finding with its line."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.dates import modified_at
from makeready.book.kinds import Division
from makeready.book.labels import known_labels, labels_for
from makeready.book.model import (
    NO_PAGE_LIST,
    Blurb,
    Certifier,
    Contributor,
    CoverColours,
    Edition,
    EditionKind,
    Ignore,
    Metadata,
    Series,
    SubjectCode,
)
from makeready.book.schema import BookFile, ContributorFields, EditionFields, file_as_of
from makeready.book.slugs import file_slug
from makeready.book.subject_codes import is_qualifier
from makeready.book.toml_lines import TomlLines
from makeready.book.validation import FILE, LEFT_OUT, TomlPath, lower_first, validate
from makeready.findings import Findings, SourceLocation

MAX_BYTES = 1_000_000
# Printers round the same size differently, by up to a fiftieth of an inch.
_SAME_TRIM_PT = 1.5
_OF_EBOOKS = frozenset({"page_list", "stores"})
_OF_PAGES = frozenset(
    {
        *("trim", "printer", "paper", "ink", "pdf_x", "binding", "spine_mm", "chapters_open"),
        *("bleed", "bleed_mm", "inside_mm", "outside_mm"),
    }
)
# The keys that say nothing of an edition of a kind.
_INAPPLICABLE_KEYS = {"print": _OF_EBOOKS, "screen": _OF_EBOOKS, "epub": _OF_PAGES}
_DEFAULT_EDITIONS = (
    Edition("paperback", EditionKind.PRINT),
    Edition("screen", EditionKind.SCREEN),
    Edition("ebook", EditionKind.EPUB),
)


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section as ``book.toml`` lists it."""

    name: str
    division: Division
    line: int


@dataclass(frozen=True, slots=True)
class BookConfig:
    """All that ``book.toml`` says, in the model's values."""

    metadata: Metadata
    sections: tuple[ListedSection, ...]
    editions: tuple[Edition, ...]
    cover: CoverColours
    labels: dict[str, str]
    acronyms_small_caps: bool
    ignores: tuple[Ignore, ...]
    lists_are_valid: bool = True
    """Whether the lists of sections are as the author meant them: nothing in them was at fault."""
    body_line: int = 1
    """Where the list of the body is, or should be."""
    blurb: Blurb = field(default_factory=Blurb)


def read_config(root: Path, findings: Findings) -> BookConfig | None:
    """Read ``<root>/book.toml``; None when it cannot be read as TOML at all.

    A value at fault is a finding and is then left out, so that one run reports them all.
    """
    text = _read_text(root, findings)
    if text is None:
        return None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _line_of_syntax_error(str(error), text)
        findings.add("MET-003", SourceLocation(FILE, line), problem=lower_first(str(error)))
        return None
    except RecursionError:
        findings.add("MET-003", SourceLocation(FILE, 1), problem="it is nested too deep")
        return None
    lines = TomlLines(text)
    file, faulty = validate(data, lines, findings)
    return _build(file, faulty, lines, findings)


def _read_text(root: Path, findings: Findings) -> str | None:
    path = root / FILE
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            findings.add("MAN-025", SourceLocation(FILE), path=FILE)
            return None
        if path.stat().st_size > MAX_BYTES:
            findings.add("MET-017", SourceLocation(FILE), size=path.stat().st_size)
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        findings.add("MET-001", SourceLocation(FILE))
        return None
    except (OSError, RuntimeError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        findings.add("MET-018", SourceLocation(FILE), problem=problem)
        return None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add("MET-002", SourceLocation(FILE, line))
        return None


def _line_of_syntax_error(message: str, text: str) -> int:
    _, _, place = message.rpartition("(at line ")
    number = place.split(",")[0]
    return int(number) if number.isdigit() else text.rstrip("\n").count("\n") + 1


def _build(
    file: BookFile, faulty: set[TomlPath], lines: TomlLines, findings: Findings
) -> BookConfig:
    at_fault = {str(place[0]) for place in faulty if place}
    # A book that gives all the words itself needs none of ours.
    enough = "words" in at_fault or set(known_labels()) <= set(file.words)
    location = SourceLocation(FILE, lines.line_of(("language",)))
    words = labels_for(file.language, Findings() if enough else findings, location)
    return BookConfig(
        metadata=_metadata(file, at_fault, lines, findings),
        sections=tuple(
            ListedSection(
                name,
                division,
                lines.line_of((division.value,), name, names[:index].count(name) + 1),
            )
            for division, names in (
                (Division.FRONT, file.frontmatter),
                (Division.BODY, file.bodymatter),
                (Division.BACK, file.backmatter),
            )
            for index, name in enumerate(names)
            if name
        ),
        editions=_editions(file, lines, findings),
        cover=CoverColours(**file.cover.model_dump(exclude={"blurb"})),
        blurb=Blurb(file.cover.blurb, lines.text_line_of(("cover", "blurb"))),
        labels=words | file.words,
        acronyms_small_caps=file.typography.acronyms == "small-caps",
        ignores=tuple(
            Ignore(entry.id, entry.reason, entry.path, lines.line_of(("ignore", index)))
            for index, entry in enumerate(file.ignore)
            if entry.id != LEFT_OUT
        ),
        lists_are_valid=at_fault.isdisjoint(Division),
        body_line=lines.line_of((Division.BODY.value,)),
    )


def _metadata(file: BookFile, at_fault: set[str], lines: TomlLines, findings: Findings) -> Metadata:
    people = tuple(_contributor(fields) for fields in file.contributors)
    first_author = next((c.name for c in people if c.role == "aut"), "")
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
            SourceLocation(FILE, lines.line_of(("title",))),
            already_reported=not at_fault.isdisjoint({"modified", "date"}),
        ),
        subtitle=file.subtitle,
        display_title=file.display_title,
        contributors=people,
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
        territories=tuple(filter(None, file.territories)),
    )


def _subject_codes(file: BookFile, lines: TomlLines, findings: Findings) -> tuple[SubjectCode, ...]:
    thema = [code for code in file.thema if code]
    if thema and all(map(is_qualifier, thema)):
        findings.add("MET-033", SourceLocation(FILE, lines.line_of(("thema",))), code=thema[0])
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


def _contributor(fields: ContributorFields) -> Contributor:
    name = fields.name
    file_as = fields.file_as or (name if fields.corporate else file_as_of(name))
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
            binding=fields.binding,
            spine_mm=fields.spine_mm,
            bleed=fields.bleed,
            bleed_mm=fields.bleed_mm,
            inside_mm=fields.inside_mm,
            outside_mm=fields.outside_mm,
            price=fields.price,
            prices=tuple(filter(None, fields.prices)),
            page_list=fields.page_list,
            stores=None if fields.stores is None else tuple(filter(None, fields.stores)),
        )
        _check_meaning(name, fields, lines, findings)
        if edition.price and not edition.isbn and edition.kind is EditionKind.PRINT:
            location = SourceLocation(FILE, lines.line_of(("editions", name, "price")))
            findings.add("MET-024", location, name=name)
        other = next((e for e in editions if edition.isbn and e.isbn == edition.isbn), None)
        if other is not None and not _is_one_product(edition, other):
            location = SourceLocation(FILE, lines.line_of(("editions", name, "isbn")))
            findings.add("MET-016", location, isbn=fields.isbn, other=other.name, name=name)
        editions.append(edition)
    for edition in editions:
        _check_page_list(edition, editions, lines, findings)
    return tuple(editions) or _DEFAULT_EDITIONS


def _check_meaning(name: str, fields: EditionFields, lines: TomlLines, findings: Findings) -> None:
    """Tell of a key that says nothing of an edition of this kind."""
    for key in sorted(fields.model_fields_set & _INAPPLICABLE_KEYS[fields.kind]):
        location = SourceLocation(FILE, lines.line_of(("editions", name, key)))
        findings.add("MET-030", location, key=key, name=name, kind=fields.kind)


def _check_page_list(
    edition: Edition, editions: Sequence[Edition], lines: TomlLines, findings: Findings
) -> None:
    printed = [other.name for other in editions if other.kind is EditionKind.PRINT]
    is_ebook = edition.kind is EditionKind.EPUB
    if is_ebook and edition.page_list not in {"", NO_PAGE_LIST, *printed}:
        location = SourceLocation(FILE, lines.line_of(("editions", edition.name, "page_list")))
        known = ", ".join((*printed, NO_PAGE_LIST))
        findings.add("MET-025", location, given=edition.page_list, known=known)


def _is_one_product(one: Edition, other: Edition) -> bool:
    """Tell whether two editions are the same book from two printers, which has one ISBN."""
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
