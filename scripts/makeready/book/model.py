"""The data model: a book as one frozen value, from which every edition is rendered.

A section's ``tree`` is normalised XHTML without namespace, as ``manuscript`` returns it:

* the root is a ``div``; its children are the section's blocks, without the title;
* every block carries ``data-line``, its line in the section (``LineOrigins`` has its file);
* a footnote reference is an empty ``a.noteref`` with ``data-note``, the note's number, and
  ``data-call``, the number of the call if it is not the note's first;
* a cross-reference is ``a.xref`` with ``href="#id"`` and ``data-form`` (``number``, ``numeral``,
  ``title``, ``page``, or ``text`` when the author wrote the link text, or it is known;
  ``full-number`` is a number with the part or book in which it is unique);
* an image's ``src`` is a POSIX path relative to the book's folder; its ``alt`` is empty when the
  image is decorative, and missing when the author should have described it; its size, if the
  author gave one, is in ``width``, ``max-width`` and ``height`` as CSS lengths; if its name has
  the ending of another type, ``data-type`` is its media type.

Trees are shared between editions: code that changes one works on a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lxml import etree

from makeready.book.hyphenation import Exceptions
from makeready.book.kinds import Division, Kind
from makeready.book.line_origins import LineOrigins, LineRun
from makeready.book.queries import Query
from makeready.book.writing import direction_of
from makeready.findings import SourceLocation

Element = etree._Element

BOOK_FILE = "book.toml"

BLEED = "bleed"
"""The class of a figure that bleeds off its page, and the name of such a page in the styles."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or body; ``role`` is a MARC relator code (``aut``, ``edt``, ``trl`` …)."""

    name: str
    file_as: str
    role: str = "aut"
    corporate: bool = False


@dataclass(frozen=True, slots=True)
class SubjectCode:
    """A code of a subject scheme, ``BISAC`` or ``Thema``; ``heading`` is its text."""

    scheme: str
    code: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The series a book belongs to; ``position`` is its number there (``3``, ``2.1``)."""

    title: str
    position: str = ""
    issn: str = ""


@dataclass(frozen=True, slots=True)
class CodeStyle:
    """How listings are set, unless a listing says otherwise."""

    highlights: bool = True
    numbers_lines: bool = False


@dataclass(frozen=True, slots=True)
class CitationConfig:
    """How a book cites: its files of works, a style, and the works to list without a citation.

    ``style`` is a name, or the path of a CSL file; ``lines`` has the line of each key.
    """

    sources: tuple[str, ...]
    style: str
    nocite: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def location(self, key: str) -> SourceLocation:
        """Return the location of a key, or else of the table."""
        return SourceLocation(BOOK_FILE, self.lines.get(key, self.lines.get("", 1)))


@dataclass(frozen=True, slots=True)
class TexMacros:
    """The macros of formulas: their texts by name, and a file with definitions in TeX.

    ``line`` is that of the file's name in ``book.toml``.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Certifier:
    """The certifier of the e-book's accessibility claim; ``report`` is the URL of the report."""

    name: str
    credential: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a book, under Dublin Core names.

    ``display_title`` is the title as its title page sets it, where that differs from the
    title as booksellers list it. ``modified`` is ISO 8601 UTC, ``…Z``. ``territories`` are
    ISO 3166 codes of the countries the book may be sold in, or ``WORLD`` alone.
    """

    title: str
    slug: str
    language: str
    identifier: str
    modified: str
    subtitle: str = ""
    display_title: str = ""
    contributors: tuple[Contributor, ...] = ()
    publisher: str = ""
    date: str = ""
    rights: str = ""
    source: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    subject_codes: tuple[SubjectCode, ...] = ()
    keywords: tuple[str, ...] = ()
    series: Series | None = None
    audience: str = ""
    imprint: str = ""
    edition_statement: str = ""
    territories: tuple[str, ...] = ()
    certifier: Certifier | None = None

    @property
    def direction(self) -> str:
        """The direction of its text, as HTML names it: ``ltr`` or ``rtl``."""
        return direction_of(self.language)

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def search_terms(self) -> tuple[str, ...]:
        """The keywords and the subject headings, without duplicates that differ in case only.

        A library heading of several parts, ``Asia -- History``, becomes a term for each part,
        since readers do not search for the dashes.
        """
        terms: dict[str, str] = {}
        for subject in (*self.keywords, *self.subjects):
            for term in filter(None, map(str.strip, subject.split("--"))):
                terms.setdefault(term.casefold(), term)
        return tuple(terms.values())

    def by_role(self, role: str) -> tuple[Contributor, ...]:
        """Return the contributors with one MARC relator code."""
        return tuple(c for c in self.contributors if c.role == role)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: ``number`` restarts in each section; ``tree`` is a ``div`` of blocks.

    ``shown`` is the number that an edition shows, if it is another one.
    """

    number: int
    tree: Element
    line: int
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the book.

    ``name`` is its file's stem and its anchor (``chapter-3``); ``title_tree`` is a ``span``
    of inline markup; ``number`` counts the sections of its kind where the kind is numbered.
    ``numeral`` is the number as it is shown, if not in Arabic numerals. ``group_title`` is the
    title of the part or book in which the numbers of its kind begin again, if it has one.
    ``source_path`` is that of its first file relative to the book's folder, empty when it has
    none; ``line_runs`` are the lines of its other files. ``has_title`` is whether its title is
    more than its label and number.
    """

    name: str
    kind: Kind
    division: Division
    number: int | None
    title: str
    title_tree: Element
    source_path: str
    tree: Element
    notes: tuple[Note, ...] = ()
    queries: tuple[Query, ...] = ()
    has_title: bool = True
    line_runs: tuple[LineRun, ...] = ()
    numeral: str = ""
    group_title: str = ""

    @property
    def origins(self) -> LineOrigins:
        """The files of its lines."""
        return LineOrigins(self.source_path, self.line_runs)


@dataclass(frozen=True, slots=True)
class Resource:
    """An image of the book: its POSIX path relative to the book's folder.

    ``ratio`` is its width by its height as it is shown, 0 if it has no proportions of its own.
    ``families`` are the lists of font families that the text of a drawing names. ``content`` is
    that of an image that is no file: a diagram that was drawn of the text.
    """

    path: str
    media_type: str
    ratio: float = 0.0
    families: tuple[tuple[str, ...], ...] = ()
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An element that cross-references can point to.

    ``kind`` is a section's kind, ``heading``, ``figure``, ``table``, ``equation`` or ``other``;
    ``number`` is its label's number as text, or empty. ``within`` is the label of the part or book
    in which that number is unique (“Book One, Part Two”), empty if it is so in the whole book.
    """

    id: str
    section: str
    kind: str
    number: str
    title: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class IndexLocator:
    """The target of an index entry: an anchor, and the name of the section it is in.

    ``end`` and ``end_section`` are where a range ends, empty for a single target. ``main`` marks
    the principal discussion.
    """

    anchor: str
    section: str
    end: str = ""
    end_section: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One heading of the index, with its subheadings in alphabetical order.

    ``path`` is the text of the headings above it and its own; ``tree`` is a ``span`` of its
    inline markup; ``letter`` is the letter it is sorted under, empty for numbers and symbols.
    ``see`` and ``see_also`` are paths of other entries.
    """

    path: tuple[str, ...]
    tree: Element = field(compare=False)
    letter: str = ""
    locators: tuple[IndexLocator, ...] = ()
    see: tuple[tuple[str, ...], ...] = ()
    see_also: tuple[tuple[str, ...], ...] = ()
    entries: tuple[IndexEntry, ...] = ()


class EditionKind(StrEnum):
    """The medium of an edition."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"


class NotePlace(StrEnum):
    """The place of the notes in an edition with pages."""

    FOOT = "foot"
    CHAPTER_END = "chapter-end"
    BOOK_END = "book-end"


class NoteNumbering(StrEnum):
    """The part of a book in which the numbers of notes run on.

    ``SECTION`` is a chapter's part under a heading of the first level below its title, ``CHAPTER``
    a chapter or another section of the book's lists.
    """

    SECTION = "section"
    CHAPTER = "chapter"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class NoteStyle:
    """The place and the numbering of the notes in an edition."""

    place: NotePlace = NotePlace.FOOT
    numbering: NoteNumbering = NoteNumbering.CHAPTER


NO_PAGE_LIST = "none"
"""Stands for the name of a print edition when the e-book is to have no page list."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the book, with its trim size in points.

    ``spine_mm`` is the spine width of the printer's cover template, if the author has one.
    ``price`` is encoded in the barcode's add-on: ``USD 19.95``, or ``none``; ``prices`` are
    further ones, for ONIX only. ``bleed`` asks for pages with bleed, which a book whose figures
    bleed gets in any case. ``bleed_mm``, ``inside_mm`` and ``outside_mm`` are measures for the
    generic printer, whose profile has none.
    """

    name: str
    kind: EditionKind
    trim_width_pt: float = 360.0
    trim_height_pt: float = 576.0
    printer: str = ""
    paper: str = ""
    ink: str = "black"
    isbn: str = ""
    chapters_open: str = "recto"
    pdf_x: str = ""
    pdf_a: str = "none"
    """The archive copy that a screen edition is: ``2a`` or ``3a``, or ``none``."""
    binding: str = "paperback"
    spine_mm: float | None = None
    bleed: bool = False
    bleed_mm: float | None = None
    inside_mm: float | None = None
    outside_mm: float | None = None
    size_pt: float | None = None
    """The type size; None for that of the trim size in ``measures.toml``."""
    leading_pt: float | None = None
    price: str = ""
    prices: tuple[str, ...] = ()
    page_list: str = ""
    """The print edition that an e-book's page list follows; empty for the first, or ``none``."""
    writing: str = "horizontal"
    """The direction of the lines of an e-book: ``horizontal``, or ``vertical`` in columns."""
    stores: tuple[str, ...] | None = None
    """The stores an e-book is checked for; None for every known store."""
    notes: NoteStyle = NoteStyle()
    """The place of the notes, which an e-book has none of, and their numbering."""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """The line of each key in ``book.toml``, and under ``""`` that of the edition."""

    def location(self, key: str = "") -> SourceLocation:
        """Return the location of a key of the edition, or else of the edition."""
        return SourceLocation(BOOK_FILE, self.lines.get(key, self.lines.get("", 1)))


@dataclass(frozen=True, slots=True)
class CoverColours:
    """The colours of the typographic cover, as CSS hex; ``ground`` is the background."""

    ground: str = "#17324a"
    ink: str = "#f6efe0"
    accent: str = "#d9a441"


@dataclass(frozen=True, slots=True)
class CoverPictures:
    """The pictures of the cover, as paths in the book's folder; an empty one is none.

    ``crop`` is the side or corner of the pictures of front and back that stays where they are cut
    to the shape of the cover. With ``names_series`` the cover has the name of the series. Without
    ``has_panel`` the picture of the front is the whole of it, with its own title.
    """

    image: str = ""
    back_image: str = ""
    portrait: str = ""
    mark: str = ""
    crop: str = "centre"
    names_series: bool = False
    has_panel: bool = True

    @property
    def paths(self) -> dict[str, str]:
        """The paths of those there are, by the keys of ``[cover]``."""
        keys = ("image", "back_image", "portrait", "mark")
        return {key: path for key in keys if (path := getattr(self, key))}


@dataclass(frozen=True, slots=True)
class Blurb:
    """The text of the back cover, in Markdown, and the line of ``book.toml`` it begins on."""

    text: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Ignore:
    """A finding that the book ignores, with the required reason."""

    id: str
    reason: str
    path: str
    line: int


class Dialogue(StrEnum):
    """What lines that begin with a hyphen are, in languages whose speech begins with a dash.

    They are speech where the file shows it, always, or never.
    """

    AUTO = "auto"
    HYPHENS = "hyphens"
    LISTS = "lists"


@dataclass(frozen=True, slots=True)
class TypingStyle:
    """How the text is typed: what ``--`` is set as, empty for the language's dash, and speech."""

    dash: str = ""
    dialogue: Dialogue = Dialogue.AUTO


class Balance(StrEnum):
    """Which pages end on the same line: those that face each other, all, or as they come."""

    SPREADS = "spreads"
    PAGES = "pages"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book; ``labels`` are the labels of its language (Chapter, Contents …), by key."""

    root: Path
    metadata: Metadata
    sections: tuple[Section, ...]
    resources: tuple[Resource, ...]
    editions: tuple[Edition, ...]
    anchors: dict[str, Anchor]
    labels: dict[str, str]
    cover: CoverColours = CoverColours()
    pictures: CoverPictures = CoverPictures()
    ignores: tuple[Ignore, ...] = ()
    acronyms_small_caps: bool = True
    balance: Balance = Balance.SPREADS
    hyphenation: Exceptions = field(default_factory=dict)
    """The words that are divided as the author says, by language."""
    contents_depth: int = 1
    numbered_headings: int = 1
    """The levels of an e-book's navigation, without parts: sections, and their headings."""
    index: tuple[IndexEntry, ...] = ()
    term_references: Mapping[str, tuple[IndexLocator, ...]] = field(default_factory=dict)
    """The references to each glossary term in the text, by the term's anchor."""
    blurb: Element | None = None
    """The text of the back cover, a ``div`` of blocks like a section's tree."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each top-level key in ``book.toml``."""

    def located(self, location: SourceLocation | None) -> SourceLocation | None:
        """Return a location in a section, counted through its files, as one in a file."""
        if location is not None:
            for section in self.sections:
                if section.source_path == location.path:
                    return section.origins.located(location)
        return location

    def section(self, name: str) -> Section:
        """Return the section of that name."""
        return next(s for s in self.sections if s.name == name)

    def location(self, key: str) -> SourceLocation:
        """Return the location of a top-level key, or else of the first line."""
        return SourceLocation(BOOK_FILE, self.lines.get(key, 1))

    def needs_bleed(self, edition: Edition) -> bool:
        """Return whether a print edition has bleed: by its configuration, or for a figure."""
        return edition.bleed or any(
            BLEED in (figure.get("class") or "").split()
            for section in self.sections
            for figure in section.tree.iter("figure")
        )


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The position in a section where a page begins, and the page's label.

    The page begins ``letters`` letters into the text of the ``occurrence``-th block (from 0) of
    source line ``line``; ``text_position`` defines how both are counted. A page that begins with
    content that has no line in the source has line 0.
    """

    label: str
    line: int = 0
    occurrence: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class PageMap:
    """The pages of a print edition: its page labels (``vii``, ``41``) by anchor id.

    ``breaks`` are the pages of each section, by its name; ``source`` names the edition, empty
    when it is not known.
    """

    labels: dict[str, str] = field(default_factory=dict)
    breaks: dict[str, tuple[PageBreak, ...]] = field(default_factory=dict)
    source: str = ""

    def label(self, anchor: str) -> str:
        """Return the page label of an anchor, empty as long as it is not known."""
        return self.labels.get(anchor, "")

    def __getitem__(self, anchor: str) -> str:
        """Return the page label of an anchor, for use in layouts."""
        return self.label(anchor)
