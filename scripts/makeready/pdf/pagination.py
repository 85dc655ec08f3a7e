"""An edition typeset until its margins and its page numbers hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from makeready.book.model import Book, Edition, EditionKind, PageMap, Section
from makeready.book.toml_lines import TomlLines
from makeready.errors import UsageError
from makeready.faces import Face
from makeready.findings import Findings, SourceLocation
from makeready.layout.documents import paged_section
from makeready.layout.environment import Layouts
from makeready.layout.trees import Medium
from makeready.pdf.assemble import Imposition, impose
from makeready.pdf.fetch import BookFetcher
from makeready.pdf.geometry import Geometry, page_geometry
from makeready.pdf.typeset import TypesetSection, Typesetter
from makeready.printers.profile import MM_PER_INCH, PT_PER_INCH, Profile, profile_of

_MOST_ROUNDS = 4
_BOOK_FILE = "book.toml"

OnSection = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Paginated:
    """A typeset edition: its pages in place, the geometry they were set to."""

    imposition: Imposition
    geometry: Geometry
    typesetter: Typesetter


@dataclass
class Pagination:
    """What it takes to typeset the paged editions of one book."""

    book: Book
    layouts: Layouts
    faces: tuple[Face, ...]
    findings: Findings
    on_section: OnSection = field(default=lambda _: None)

    def typesetter(self, *stylesheets: str, edition: Edition | None = None) -> Typesetter:
        """Make the engine ready with some stylesheets, for an edition or for the cover."""
        screen = edition is not None and edition.kind is EditionKind.SCREEN
        black = edition is not None and not screen and edition.ink == "black"
        folders = {"book": self.book.root, "styles": self.layouts.house}
        if self.faces:
            folders["faces"] = self.faces[0].path.parent
        return Typesetter(
            stylesheets,
            self.faces,
            BookFetcher(folders, grey=black),
            variant="pdf/ua-1" if screen else None,
        )

    def paginate(self, edition: Edition) -> Paginated:
        """Typeset an edition, the gutter following the page count until both hold.

        A screen edition takes the geometry of the first print edition of its trim size, so
        that its pages are the printed ones.
        """
        printed = self._printed(edition)
        profile = profile_of(printed)
        gutter_pt = profile.gutter_pt(0)
        for _ in range(_MOST_ROUNDS):
            paginated = self._typeset(edition, profile, gutter_pt)
            pages = paginated.imposition.page_count
            needed_pt = profile.gutter_pt(pages)
            if needed_pt <= gutter_pt:
                break
            gutter_pt = needed_pt
        else:
            self.findings.add(
                "LAY-008",
                SourceLocation(_BOOK_FILE),
                rounds=_MOST_ROUNDS,
                pages=pages,
                gutter_mm=f"{needed_pt / PT_PER_INCH * MM_PER_INCH:.1f}",
            )
        if edition.kind is EditionKind.PRINT:
            self._check_limits(edition, profile, pages)
        return paginated

    def refuses(self, edition: Edition) -> bool:
        """Tell whether an edition asks its printer for what it does not make; it is a finding."""
        edition = self._printed(edition)
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        key = "printer"
        try:
            profile = profile_of(edition)
            key = "paper" if profile.cuts(trim) else "trim"
            profile.maximum_pages(trim, edition.paper, edition.ink)
        except UsageError as error:
            text = (self.book.root / _BOOK_FILE).read_text("utf-8")
            line = TomlLines(text).line_of(("editions", edition.name, key))
            self.findings.add(
                "PRN-020",
                SourceLocation(_BOOK_FILE, line),
                edition=edition.name,
                message=error.message,
                hint=error.hint,
            )
            return True
        return False

    def _printed(self, edition: Edition) -> Edition:
        """Return the print edition whose pages an edition shows."""
        if edition.kind is EditionKind.PRINT:
            return edition
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        for other in self.book.editions:
            same = (other.trim_width_pt, other.trim_height_pt) == trim
            if other.kind is EditionKind.PRINT and same:
                return other
        return edition

    def _typeset(self, edition: Edition, profile: Profile, gutter_pt: float) -> Paginated:
        geometry = page_geometry(
            edition.trim_width_pt,
            edition.trim_height_pt,
            gutter_pt,
            profile.outside_margin_pt(),
            self.layouts.data_file("measures.toml"),
        )
        screen = edition.kind is EditionKind.SCREEN
        names = ("book.css", "print.css", "screen.css") if screen else ("book.css", "print.css")
        sheets = [self.layouts.stylesheet(name) for name in names]
        typesetter = self.typesetter(*sheets, geometry.rule(mirrored=not screen), edition=edition)
        medium = Medium.SCREEN if screen else Medium.PRINT

        @cache
        def typeset(name: str, markup: str, number: int, on_verso: bool) -> TypesetSection:
            self.on_section(name)
            return typesetter.typeset(markup, number, on_verso=on_verso)

        def set_section(
            section: Section, page_map: PageMap, number: int, on_verso: bool
        ) -> TypesetSection:
            markup = paged_section(self.book, self.layouts, section, medium, page_map, self.faces)
            return typeset(section.name, markup, number, on_verso)

        opens = self._printed(edition).chapters_open
        imposition = impose(opens, self.book.sections, set_section, self.findings)
        return Paginated(imposition, geometry, typesetter)

    def _check_limits(self, edition: Edition, profile: Profile, pages: int) -> None:
        trim = (edition.trim_width_pt, edition.trim_height_pt)
        values = {"edition": edition.name, "pages": pages, "printer": profile.title}
        most = profile.maximum_pages(trim, edition.paper, edition.ink)
        if most is not None and pages > most:
            self.findings.add("PRN-021", SourceLocation(_BOOK_FILE), maximum=most, **values)
