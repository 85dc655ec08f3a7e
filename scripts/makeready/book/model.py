"""The book as one frozen value; every edition is rendered from it.

A section's ``tree`` is normalised XHTML without namespace, as the manuscript room leaves it:

* the root is a ``div``; its children are the section's blocks, without the title;
* every block carries ``data-line``, its line in the source;
* a note's call is an empty ``a.noteref`` with ``data-note``, the note's number;
* a cross-reference is ``a.xref`` with ``href="#id"`` and ``data-form`` (``number``,
  ``title``, ``page``, or ``text`` when the author gave the words);
* an image's ``src`` is a path relative to the book's folder, posix; its ``alt`` is empty where
  it says nothing, and is not there where the author should have described it.

Trees are shared between editions: a room that changes one works on a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from lxml import etree

from makeready.book.kinds import Division, Kind

Element = etree._Element

BLEED = "bleed"
"""The class of a figure that runs off its page, and the name of such a page in the styles."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or body; ``role`` is a MARC relator code (``aut``, ``edt``, ``trl`` …)."""

    name: str
    file_as: str
    role: str = "aut"
    corporate: bool = False


@dataclass(frozen=True, slots=True)
class SubjectCode:
    """A code of a subject scheme, ``BISAC`` or ``Thema``; ``heading`` is what it stands for."""

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
class Certifier:
    """Who answers for the e-book's claim to be accessible; ``report`` is where it is told how."""

    name: str
    credential: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the book says of itself, under Dublin Core names.

    ``display_title`` is the title as its title page sets it, where that differs from the
    title as catalogues list it. ``modified`` is ISO 8601 UTC, ``…Z``. ``territories`` are
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
    territories: tuple[str, ...] = ()
    certifier: Certifier | None = None

    @property
    def full_title(self) -> str:
        """Title and subtitle in one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def search_words(self) -> tuple[str, ...]:
        """The keywords and the subjects in words, none twice whatever its capitals.

        A library's subject of several parts, ``Asia -- History``, is as many words: a reader
        searches for none of its dashes.
        """
        words: dict[str, str] = {}
        for subject in (*self.keywords, *self.subjects):
            for word in filter(None, map(str.strip, subject.split("--"))):
                words.setdefault(word.casefold(), word)
        return tuple(words.values())

    def by_role(self, role: str) -> tuple[Contributor, ...]:
        """Return the contributors with one MARC relator code."""
        return tuple(c for c in self.contributors if c.role == role)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: ``number`` restarts in each section; ``tree`` is a ``div`` of blocks."""

    number: int
    tree: Element
    line: int


@dataclass(frozen=True, slots=True)
class Query:
    """An editor's query: for the proof alone, in no release."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the book.

    ``name`` is its file's stem and its anchor (``chapter-3``); ``title_tree`` is a ``span``
    of inline markup; ``number`` counts the sections of its kind where the kind is numbered.
    ``source_path`` is relative to the book's folder, empty when it has no file.
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


@dataclass(frozen=True, slots=True)
class Resource:
    """An image of the book: its path relative to the book's folder, posix."""

    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place that can be referred to.

    ``kind`` is a section's kind, ``heading``, ``figure``, ``table`` or ``place``; ``number`` is
    its label's number as text, or empty.
    """

    id: str
    section: str
    kind: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """A place that the index leads to: an anchor, and the section it stands in.

    ``end`` and ``end_section`` are where a range ends, empty for a single place.
    """

    anchor: str
    section: str
    end: str = ""
    end_section: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One heading of the index, in its place in the alphabet.

    ``path`` is its words after those of the headings it stands under; ``tree`` a ``span`` of
    its inline markup; ``letter`` what it is sorted under, empty for numbers and signs. ``see``
    and ``see_also`` are paths of other entries.
    """

    path: tuple[str, ...]
    tree: Element = field(compare=False)
    letter: str = ""
    places: tuple[IndexPlace, ...] = ()
    see: tuple[tuple[str, ...], ...] = ()
    see_also: tuple[tuple[str, ...], ...] = ()
    entries: tuple[IndexEntry, ...] = ()


class EditionKind(StrEnum):
    """What an edition is made for."""

    PRINT = "print"
    SCREEN = "screen"
    EPUB = "epub"


NO_PAGE_LIST = "none"
"""Said in place of a print edition: the e-book lists no pages."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition to be made; the trim size in points, width then height.

    ``spine_mm`` is the width that the printer's cover template gives, where it was asked.
    ``price`` is what its barcode says beside the ISBN: ``USD 19.95``, or ``none``; ``prices``
    are further ones, which the trade alone is told.
    ``bleed`` asks for pages with bleed, which a book whose figures have some gets unasked.
    ``bleed_mm``, ``inside_mm`` and ``outside_mm`` are measures for the generic printer, which
    has none of its own.
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
    binding: str = "paperback"
    spine_mm: float | None = None
    bleed: bool = False
    bleed_mm: float | None = None
    inside_mm: float | None = None
    outside_mm: float | None = None
    price: str = ""
    prices: tuple[str, ...] = ()
    page_list: str = ""
    """The print edition whose pages an e-book lists; empty for the first, or ``none``."""
    stores: tuple[str, ...] | None = None
    """The stores an e-book goes to; None for every store that is known."""


@dataclass(frozen=True, slots=True)
class CoverColours:
    """The colours of the typographic cover, as CSS hex."""

    ground: str = "#17324a"
    ink: str = "#f6efe0"
    accent: str = "#d9a441"


@dataclass(frozen=True, slots=True)
class Blurb:
    """The text of the back cover, in Markdown, and the line of ``book.toml`` it begins on."""

    text: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Ignore:
    """A finding the book accepts, with the reason it must give."""

    id: str
    reason: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book; ``labels`` are the words of its language (Chapter, Contents …), by key."""

    root: Path
    metadata: Metadata
    sections: tuple[Section, ...]
    resources: tuple[Resource, ...]
    editions: tuple[Edition, ...]
    anchors: dict[str, Anchor]
    labels: dict[str, str]
    cover: CoverColours = CoverColours()
    ignores: tuple[Ignore, ...] = ()
    acronyms_small_caps: bool = True
    index: tuple[IndexEntry, ...] = ()
    uses: Mapping[str, tuple[IndexPlace, ...]] = field(default_factory=dict)
    """Where the text refers to each term of a glossary, by the term's anchor."""
    blurb: Element | None = None
    """The text of the back cover, a ``div`` of blocks as a section's tree."""

    def section(self, name: str) -> Section:
        """Return the section of that name."""
        return next(s for s in self.sections if s.name == name)

    def has_bleed(self, edition: Edition) -> bool:
        """Whether pages of a print edition run to the edge: it says so, or a figure does."""
        return edition.bleed or any(
            BLEED in (figure.get("class") or "").split()
            for section in self.sections
            for figure in section.tree.iter("figure")
        )


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a page begins in a section: what the page is called, and its first text.

    That is the ``occurrence``-th block of source line ``line``, both as they are counted in the
    section's tree, turns from 0, after ``letters`` letters of the block's own text. A page that
    begins with what has no line in the source has line 0.
    """

    label: str
    line: int = 0
    occurrence: int = 0
    letters: int = 0


@dataclass(frozen=True, slots=True)
class PageMap:
    """Where anchors fell: anchor id to page label (``vii``, ``41``).

    ``breaks`` are the pages of each section, by its name, and ``source`` says which edition's
    they are, where that is known.
    """

    labels: dict[str, str] = field(default_factory=dict)
    breaks: dict[str, tuple[PageBreak, ...]] = field(default_factory=dict)
    source: str = ""

    def label(self, anchor: str) -> str:
        """Return the page label of an anchor, empty while it is not known."""
        return self.labels.get(anchor, "")

    def __getitem__(self, anchor: str) -> str:
        """Return the page label of an anchor, as layouts ask for it."""
        return self.label(anchor)
