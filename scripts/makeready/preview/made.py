"""What the preview's processes tell each other: requests, and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from makeready.book.line_origins import LineOrigins
from makeready.build.request import BuildRequest
from makeready.findings import Finding
from makeready.pdf.fragment import TextLine


@dataclass(frozen=True, slots=True)
class EditionName:
    """An edition of the book as the page lists it: its name and its kind."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class PagesRequest:
    """A request for the pages of an edition, of the first one with pages if ``edition`` is empty.

    ``text_alone``: only Markdown and TOML files have changed since the last one. ``known`` are the
    keys of sections whose lines need not be returned, and ``file`` is where the PDF goes.
    """

    build: BuildRequest
    edition: str
    text_alone: bool
    known: frozenset[str]
    file: Path


@dataclass(frozen=True, slots=True)
class CoverRequest:
    """A request for the printed cover of the edition whose pages were made last."""

    file: Path


@dataclass(frozen=True, slots=True)
class BuildAll:
    """A request for the files of a build and their findings; ``is_whole`` if of all editions."""

    build: BuildRequest
    text_alone: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: its label, a digest of what it shows, and its page in a section, from 0.

    ``section`` is the key of the section; empty for a blank page.
    """

    label: str
    digest: str
    section: str = ""
    index: int = 0


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """A section: its name, its title, and the files of its lines."""

    name: str
    title: str
    origins: LineOrigins


@dataclass(frozen=True, slots=True)
class MadePages:
    """The pages of an edition; ``file`` is their PDF, None where they could not be made.

    ``editions`` are all that the preview shows. ``lines`` are the lines of the sections that
    were not known, by key. ``error`` says why there are no pages, where no finding does.
    """

    edition: str
    title: str = ""
    language: str = ""
    editions: tuple[EditionName, ...] = ()
    file: Path | None = None
    pages: tuple[PageEntry, ...] = ()
    sections: dict[str, SectionEntry] = field(default_factory=dict)
    lines: dict[str, tuple[TextLine, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A line or an area of a printed cover: its kind, and a rectangle in mm from the upper left."""

    kind: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class MadeCover:
    """The printed cover of an edition; ``file`` is None where it has none, ``digest`` its own."""

    edition: str
    file: Path | None = None
    digest: str = ""
    width_mm: float = 0.0
    height_mm: float = 0.0
    guides: tuple[Guide, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeBook:
    """An e-book that was packed: its edition, its file, and the file's digest."""

    edition: str
    file: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Pages that were made, with the seconds since the save; ``changed`` are the new digests."""

    pages: MadePages
    seconds: float
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a build, and the e-books it made; ``is_whole`` if it made all editions."""

    findings: tuple[Finding, ...]
    is_whole: bool
    books: tuple[MadeBook, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangesRequest:
    """A request for what is different in ``new`` pages.

    ``old`` are the pages they are compared with; None for those of the book at the revision
    ``since`` in git, whose file goes into ``folder``.
    """

    build: BuildRequest
    since: str
    old: MadePages | None
    new: MadePages
    folder: Path


@dataclass(frozen=True, slots=True)
class PagePart:
    """A page of a pair: its number in the file, its label, and what only it has.

    ``boxes`` are left, top, width and height in shares of the page; ``texts`` are the words.
    """

    number: int
    label: str
    digest: str
    boxes: tuple[tuple[float, float, float, float], ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedPair:
    """A page that changed, in words, as it was and as it is; None where there is none."""

    words: str
    old: PagePart | None
    new: PagePart | None


@dataclass(frozen=True, slots=True)
class MadeChanges:
    """What is different in the pages of an edition; ``summary`` counts all its pages in words.

    ``since_name`` is what ``since`` is called. ``error`` says why nothing could be compared.
    """

    edition: str
    since: str
    since_name: str = ""
    summary: str = ""
    pairs: tuple[ChangedPair, ...] = ()
    old_file: Path | None = None
    new_file: Path | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """What is being made now, in words; empty when nothing is."""

    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The editions that browsers show now, the one that was chosen last first.

    ``changes`` are those whose changes are shown, each with what it is compared with.
    """

    editions: tuple[str, ...]
    changes: tuple[tuple[str, str], ...] = ()
